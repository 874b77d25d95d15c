"""Order a chequebook (*commande de chéquier*): the bank's core makes it, nothing of ours changes."""

from collections.abc import Mapping
from typing import Final

from approvals.model.change import Change
from approvals.model.ids import ActionKind, SubscriptionId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.operations.operation import CoreOperation, Link
from approvals.operations.payload import PayloadReader
from approvals.statement import Field, Format, Words

_BOOKS: Final[Mapping[str, Words]] = {
    "wallet": {Language.FR: "portefeuille", Language.EN: "wallet size"},
    "desk": {Language.FR: "registre à souche", Language.EN: "desk book with stubs"},
}
_DELIVERIES: Final[Mapping[str, Words]] = {
    "branch": {Language.FR: "retrait au centre d'affaires", Language.EN: "held at the branch"},
    "registered_post": {Language.FR: "envoi recommandé", Language.EN: "registered post"},
}
_TITLE: Final[Words] = {Language.FR: "Commande de chéquier", Language.EN: "Chequebook order"}


class ChequebookOperation(CoreOperation):
    """Payload: `account` (IBAN of the company), `book` (wallet, desk), `number` (1 to 20), `delivery`."""

    kind = ActionKind("chequebook")
    title = _TITLE
    fields = (
        Field(key="account", label={Language.FR: "Compte", Language.EN: "Account"}, format=Format.IBAN),
        Field(key="book", label={Language.FR: "Modèle", Language.EN: "Kind"}, format=Format.CHOICE, choices=_BOOKS),
        Field(key="number", label={Language.FR: "Nombre", Language.EN: "Number"}, format=Format.COUNT),
        Field(
            key="delivery",
            label={Language.FR: "Remise", Language.EN: "Delivery"},
            format=Format.CHOICE,
            choices=_DELIVERIES,
        ),
    )

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {
            "account": reader.iban("account"),
            "book": reader.choice("book", _BOOKS),
            "number": reader.count("number", most=20),
            "delivery": reader.choice("delivery", _DELIVERIES),
        }
        reader.done()
        return facts

    def account_iban(self, facts: Facts) -> str | None:
        return str(facts["account"])

    def link(self, facts: Facts) -> Link | None:
        """The CODE key, as the bank's customers know it (RULES 11)."""
        del facts
        return None

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del facts, subscription_id
        return ()
