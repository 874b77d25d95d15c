"""Replace a card that is blocked, broken, lost, stolen or about to expire: an adviser's act, at the tariff's fee."""

from collections.abc import Mapping
from typing import Final

from approvals.model.change import Change
from approvals.model.ids import ActionKind, CardId, SubscriptionId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.operations.adviser_act import AdviserAct
from approvals.operations.card_order import ordered
from approvals.operations.card_words import (
    CLIENT,
    DELIVERIES,
    DELIVERY,
    FEE,
    KIND,
    LAST4,
    REPLACEMENTS,
    USER,
    holder_of,
)
from approvals.operations.payload import PayloadReader
from approvals.statement import Field, Format, Words

CARD_REPLACEMENT: Final = ActionKind("card_replacement")
_TITLE: Final[Words] = {Language.FR: "Remplacement de carte", Language.EN: "Card replacement"}
_REASON: Final = Field(
    key="reason",
    label={Language.FR: "Motif", Language.EN: "Reason"},
    format=Format.CHOICE,
    choices=REPLACEMENTS,
)


class CardReplacementOperation(AdviserAct):
    """Payload: `client`, `user`, `card` (the one to be replaced), `reason`, `delivery` (home, branch).

    What the book knows of it is added when it is opened: holder, kind, last digits, the new card's id, the fee of the
    tariff. Professional cards are replaced by the card service (RULES 8): no message leaves for the makers.
    """

    kind = CARD_REPLACEMENT
    title = _TITLE
    fields = (CLIENT, USER, KIND, LAST4, _REASON, DELIVERY, FEE)

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {
            **holder_of(reader),
            "replaces": reader.text("card", longest=64),
            "reason": reader.choice("reason", REPLACEMENTS),
            "delivery": reader.choice("delivery", DELIVERIES),
        }
        reader.done()
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        return (ordered(facts, replaces=CardId(str(facts["replaces"]))),)
