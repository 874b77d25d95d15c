"""What of a Verification of Payee is signed: how often each answer came, and every near or no match (RULES 21)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from approvals.model.ids import ActionKind
from approvals.model.json import Facts
from approvals.model.person import Language
from approvals.model.verification import CheckedPayee, NamedAccount, PayeeAnswer
from approvals.statement import Field, Format

KEY: Final = "verification"
BENEFICIARY: Final = ActionKind("beneficiary")
REMITTANCE: Final = ActionKind("remittance")
MOST_LISTED: Final = 500
"""Findings the facts hold one by one; of more, the first in file order, and how many there are besides."""

VERIFICATION: Final = Field(
    key=KEY,
    label={Language.FR: "Vérification du bénéficiaire", Language.EN: "Verification of payee"},
    format=Format.VERIFICATION,
)


def orders_to_verify(kind: ActionKind, facts: Facts) -> int:
    """Return how many orders' payees are to be asked about: in euro, and of beneficiaries added or changed."""
    if kind == BENEFICIARY:
        return 0 if facts["change"] == "remove" else 1
    total = facts.get("total")
    if kind == REMITTANCE and isinstance(total, Mapping) and total["currency"] == "EUR":
        return int(str(facts["count"]))
    return 0


def payee_of(facts: Facts) -> NamedAccount:
    """Return whom a beneficiary's facts register."""
    bic = facts.get("bic")
    return NamedAccount(name=str(facts["name"]), iban=str(facts["iban"]), bic=str(bic) if bic else None)


def counted(counts: Mapping[PayeeAnswer, int]) -> Facts:
    """Return the fact of a salary batch: how often each answer came, and nobody's name (RULES 17)."""
    return {"answers": {answer.value: counts.get(answer, 0) for answer in PayeeAnswer}}


def verified(counts: Mapping[PayeeAnswer, int], findings: Sequence[CheckedPayee], unlisted: int = 0) -> Facts:
    """Return the fact: `counts` are of orders, `findings` the payees of near and no matches, each once."""
    return {**counted(counts), "findings": [_finding(finding) for finding in findings], "unlisted": unlisted}


def opted_out(since: date) -> Facts:
    """Return the fact where the company renounced the check of its packages (Regulation (EU) 2024/886, art. 5c(6))."""
    return {"opted_out": since.isoformat()}


def _finding(checked: CheckedPayee) -> Facts:
    return {
        "name": checked.payee.name,
        "iban": checked.payee.iban,
        "answer": checked.verdict.answer.value,
        "returned": checked.verdict.returned_name,
    }
