"""Sign a collection (*remise à l'encaissement ou à l'escompte*): direct debits or bills of exchange (RULES 20).

The file itself is read by `approvals.remittance`; this says what of it is signed, an action a creditor's account.
Nobody is paid, so no payee is shown: the debtors are covered by their digest.
"""

from collections.abc import Mapping
from typing import Final, cast

from typing_extensions import override

from approvals.errors import InvalidRequest
from approvals.model.change import Change
from approvals.model.collection import Collection, CollectionFormat, CollectionGroup, Crediting
from approvals.model.ids import ActionKind, SubscriptionId
from approvals.model.json import Facts, Json
from approvals.model.money import DECIMALS, Money, in_main_unit
from approvals.model.person import Language
from approvals.model.reader import LinkPurpose
from approvals.operations.operation import CoreOperation, Link
from approvals.statement import Field, Format, Words

KIND: Final = ActionKind("collection")

_TITLE: Final[Words] = {Language.FR: "Remise à l'encaissement ou à l'escompte", Language.EN: "Collection of money"}
_MEANS: Final[Mapping[str, Words]] = {
    "direct_debit": {Language.FR: "prélèvements SEPA", Language.EN: "SEPA direct debits"},
    "bill": {Language.FR: "lettres de change et billets à ordre", Language.EN: "bills of exchange, promissory notes"},
}
_CREDITINGS: Final[Mapping[str, Words]] = {
    Crediting.CASH.value: {Language.FR: "encaissement, après l'échéance", Language.EN: "cash, after the due date"},
    Crediting.CASH_AFTER_DELAY.value: {
        Language.FR: "encaissement, après un délai forfaitaire",
        Language.EN: "cash, after a fixed delay",
    },
    Crediting.DISCOUNT.value: {Language.FR: "escompte", Language.EN: "discount"},
    Crediting.DISCOUNT_AT_VALUE.value: {Language.FR: "escompte en valeur", Language.EN: "discount at value date"},
}


class CollectionOperation(CoreOperation):
    """Facts: message, initiating party, blocks, creditor account, ICS or SIREN, total, count, due dates, crediting."""

    kind = KIND
    title = _TITLE
    fields = (
        Field(key="means", label={Language.FR: "Nature", Language.EN: "Kind"}, format=Format.CHOICE, choices=_MEANS),
        Field(key="total", label={Language.FR: "Montant total", Language.EN: "Total"}, format=Format.MONEY),
        Field(key="count", label={Language.FR: "Nombre d'opérations", Language.EN: "Orders"}, format=Format.COUNT),
        Field(
            key="account",
            label={Language.FR: "Compte crédité", Language.EN: "Creditor account"},
            format=Format.IBAN,
        ),
        Field(key="ics", label={Language.FR: "ICS", Language.EN: "Creditor identifier"}),
        Field(key="siren", label={Language.FR: "SIREN", Language.EN: "SIREN"}),
        Field(key="dates", label={Language.FR: "Échéances", Language.EN: "Due dates"}, format=Format.DATES),
        Field(
            key="crediting",
            label={Language.FR: "Crédit", Language.EN: "Crediting"},
            format=Format.CHOICE,
            choices=_CREDITINGS,
        ),
        Field(key="message", label={Language.FR: "Référence du fichier", Language.EN: "File reference"}),
    )

    def facts(self, collection: Collection, group: CollectionGroup, siren: str) -> Facts:
        """State what of the file this action covers; `siren` is the company's, for bills that name none."""
        is_bill = collection.format is CollectionFormat.LCR
        identifier = group.creditor.identifier
        return {
            "message": collection.message_id,
            "initiating_party": collection.initiating_party.id or collection.initiating_party.name,
            "format": collection.format.value,
            "means": "bill" if is_bill else "direct_debit",
            "blocks": list(group.blocks),
            "account": group.creditor.iban,
            "ics": None if is_bill else identifier,
            "siren": (identifier or siren) if is_bill else None,
            "total": {"amount": str(in_main_unit(group.total, DECIMALS[group.currency])), "currency": group.currency},
            "count": group.count,
            "dates": [day.isoformat() for day in group.due_dates],
            "crediting": group.crediting.value if group.crediting else None,
            "debtors_sha256": group.digest,
            "group": group.index,
        }

    def read(self, payload: Mapping[str, Json]) -> Facts:
        """A collection is a file, never a JSON payload."""
        del payload
        raise InvalidRequest("send a collection as a file, to POST /v1/remittances", field="kind")

    def account_iban(self, facts: Facts) -> str | None:
        return str(facts["account"])

    @override
    def money(self, facts: Facts) -> Money:
        total = cast("Mapping[str, str]", facts["total"])
        return Money(amount=int(total["amount"].replace(".", "")), currency=total["currency"])

    def link(self, facts: Facts) -> Link | None:
        total = self.money(facts)
        return Link(purpose=LinkPurpose.COLLECTION, amount=total.amount, currency=total.currency)

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del facts, subscription_id
        return ()
