"""The words the card operations share: labels and choices in both languages."""

from collections.abc import Mapping
from typing import Final

from approvals.credentials.card_texts import KINDS
from approvals.model.card_order import Delivery, OrderReason
from approvals.model.json import Facts
from approvals.model.person import Language
from approvals.operations.payload import PayloadReader
from approvals.statement import Field, Format, Words

DELIVERIES: Final[Mapping[str, Words]] = {
    Delivery.HOME: {Language.FR: "envoi recommandé au domicile", Language.EN: "registered letter to the home"},
    Delivery.BRANCH: {Language.FR: "remise au centre d'affaires", Language.EN: "held at the branch"},
}
REPLACEMENTS: Final[Mapping[str, Words]] = {
    OrderReason.BLOCKED: {Language.FR: "puce bloquée", Language.EN: "chip blocked"},
    OrderReason.BROKEN: {Language.FR: "carte hors service", Language.EN: "card broken"},
    OrderReason.LOST: {Language.FR: "carte perdue", Language.EN: "card lost"},
    OrderReason.STOLEN: {Language.FR: "carte volée", Language.EN: "card stolen"},
    OrderReason.EXPIRING: {Language.FR: "fin de validité", Language.EN: "end of validity"},
}
CARD_KINDS: Final[Mapping[str, Words]] = {kind.value: words for kind, words in KINDS.items()}

CLIENT: Final = Field(key="client", label={Language.FR: "Identifiant client", Language.EN: "Client identifier"})
USER: Final = Field(key="user", label={Language.FR: "Numéro d'utilisateur", Language.EN: "User number"})
KIND: Final = Field(
    key="card_kind", label={Language.FR: "Carte", Language.EN: "Card"}, format=Format.CHOICE, choices=CARD_KINDS
)
LAST4: Final = Field(key="last4", label={Language.FR: "Se terminant par", Language.EN: "Ending in"})
DELIVERY: Final = Field(
    key="delivery", label={Language.FR: "Remise", Language.EN: "Delivery"}, format=Format.CHOICE, choices=DELIVERIES
)
FEE: Final = Field(key="fee", label={Language.FR: "Tarif", Language.EN: "Fee"}, format=Format.MONEY)


def holder_of(reader: PayloadReader) -> Facts:
    """Take whose card it is."""
    return {"client": reader.text("client", longest=64), "user": reader.text("user", longest=64)}
