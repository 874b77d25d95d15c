"""Sign a remittance of payment orders (*remise d'ordres de paiement*): one action per debtor account and currency.

The file itself is read by `approvals.remittance`; this says what of it is signed (RULES 17, RTS art. 5(3)).
"""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from typing_extensions import override

from approvals.errors import InvalidRequest
from approvals.model.change import Change
from approvals.model.ids import SubscriptionId
from approvals.model.json import Facts, Json
from approvals.model.money import DECIMALS, Money, in_main_unit
from approvals.model.payee import Payee
from approvals.model.person import Language
from approvals.model.reader import LinkPurpose
from approvals.model.remittance import Group, Remittance
from approvals.operations.operation import CoreOperation, Link
from approvals.operations.verification import REMITTANCE, VERIFICATION
from approvals.statement import Field, Format, Words

KIND: Final = REMITTANCE


def _money(minor: int, currency: str) -> Facts:
    return {"amount": str(in_main_unit(minor, DECIMALS[currency])), "currency": currency}


def _payee(payee: Payee) -> Facts:
    return {
        "name": payee.name,
        "iban": payee.iban,
        "standing": payee.standing.value,
        **_money(payee.amount, payee.currency),
    }


_TITLE: Final[Words] = {Language.FR: "Remise d'ordres de paiement", Language.EN: "Remittance of payment orders"}


class RemittanceOperation(CoreOperation):
    """Facts: message, initiating party, blocks, debtor account, total, count, dates, payees and their digest."""

    kind = KIND
    title = _TITLE
    fields = (
        Field(key="total", label={Language.FR: "Montant total", Language.EN: "Total"}, format=Format.MONEY),
        Field(key="count", label={Language.FR: "Nombre d'ordres", Language.EN: "Orders"}, format=Format.COUNT),
        Field(key="account", label={Language.FR: "Compte débité", Language.EN: "Debtor account"}, format=Format.IBAN),
        Field(key="dates", label={Language.FR: "Exécution", Language.EN: "Execution"}, format=Format.DATES),
        Field(key="payees", label={Language.FR: "Bénéficiaires", Language.EN: "Payees"}, format=Format.PAYEES),
        Field(
            key="unregistered",
            label={Language.FR: "Non enregistrés", Language.EN: "Not registered"},
            format=Format.COUNT,
        ),
        VERIFICATION,
        Field(key="message", label={Language.FR: "Référence du fichier", Language.EN: "File reference"}),
    )

    def facts(self, remittance: Remittance, group: Group, first: Sequence[Payee], unregistered: int) -> Facts:
        """State what of the file this action covers: the blocks of one debtor account and currency.

        `first` are the payees a person must see, in display order; a digest covers the whole list in file order. The
        initiating party and the block ids tell the core which part of the file to execute.
        """
        party = remittance.initiating_party
        return {
            "message": remittance.message_id,
            "initiating_party": party.id or party.name,
            "format": remittance.format.value,
            "blocks": list(group.payment_information_ids),
            "account": group.debtor_iban,
            "total": _money(group.total, group.currency),
            "count": group.count,
            "dates": [day.isoformat() for day in group.execution_dates],
            "payees": None if group.salary else [_payee(payee) for payee in first],
            "payees_sha256": group.digest,
            "unregistered": unregistered,
            "salary": group.salary,
            "group": group.index,
        }

    def read(self, payload: Mapping[str, Json]) -> Facts:
        """A remittance is a file, never a JSON payload."""
        del payload
        raise InvalidRequest("send a remittance as a file, to POST /v1/remittances", field="kind")

    def account_iban(self, facts: Facts) -> str | None:
        return str(facts["account"])

    @override
    def money(self, facts: Facts) -> Money:
        total = cast("Mapping[str, str]", facts["total"])
        whole, _, cents = total["amount"].partition(".")
        return Money(amount=int(whole + cents), currency=total["currency"])

    def link(self, facts: Facts) -> Link | None:
        total = self.money(facts)
        payees = cast("list[Mapping[str, str]]", facts.get("payees") or [])
        return Link(
            purpose=LinkPurpose.REMITTANCE,
            payee_iban=payees[0]["iban"] if facts["count"] == 1 and payees else None,
            amount=total.amount,
            currency=total.currency,
        )

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del facts, subscription_id
        return ()
