"""The kinds of action whose facts say more than was asked: each has one function that reads the rest.

It runs in the opening transaction, so that what is signed was true when it was frozen.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from approvals.desk.adviser_acts import complete_act
from approvals.desk.cards.completing import complete_first_card, complete_new_card, complete_unlocking
from approvals.desk.certificates.acts import (
    complete_acceptance,
    complete_admission,
    complete_change,
    complete_withdrawal,
)
from approvals.desk.entitlements import Question, complete_entitlement, complete_substitution
from approvals.desk.registers import complete_beneficiary
from approvals.model.ids import ActionKind
from approvals.model.json import Facts
from approvals.operations import ADVISER_ACTS, company_import, entitlement, substitute
from approvals.operations.authority import AuthorityAcceptance, AuthorityChange, AuthorityWithdrawal
from approvals.operations.card_order import CARD_ORDER
from approvals.operations.card_replacement import CARD_REPLACEMENT
from approvals.operations.card_unlock import CARD_UNLOCK
from approvals.operations.certificate_admission import CertificateAdmission
from approvals.operations.verification import BENEFICIARY
from approvals.ports.book import Ledger

Completion: TypeAlias = Callable[[Ledger, Question], Awaitable[Facts]]

_COMPLETIONS: Final[Mapping[ActionKind, Completion]] = {
    CARD_ORDER: complete_first_card,
    CARD_REPLACEMENT: complete_new_card,
    CARD_UNLOCK: complete_unlocking,
    BENEFICIARY: complete_beneficiary,
    AuthorityAcceptance.kind: complete_acceptance,
    AuthorityChange.kind: complete_change,
    AuthorityWithdrawal.kind: complete_withdrawal,
    CertificateAdmission.kind: complete_admission,
    entitlement.KIND: complete_entitlement,
    substitute.KIND: complete_substitution,
}


async def complete(ledger: Ledger, kind: ActionKind, question: Question) -> Facts:
    """Return the facts whole. Raises what the kind's own function raises."""
    if kind in ADVISER_ACTS and kind != company_import.KIND:  # its facts are whole: no payload is read for it
        question = replace(question, facts=await complete_act(ledger, ADVISER_ACTS[kind], question))
    completion = _COMPLETIONS.get(kind)
    return question.facts if completion is None else await completion(ledger, question)
