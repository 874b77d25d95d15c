"""Order somebody's first card (*commande de carte*): an adviser's act, approved by a second one."""

from collections.abc import Mapping
from typing import Final

from approvals.model.card import CardKind
from approvals.model.card_order import Delivery, OrderReason
from approvals.model.change import CardOrdered, Change
from approvals.model.ids import ActionKind, CardId, SubscriptionId, UserId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.operations.adviser_act import AdviserAct
from approvals.operations.card_words import CARD_KINDS, CLIENT, DELIVERIES, DELIVERY, FEE, KIND, USER, holder_of
from approvals.operations.payload import PayloadReader
from approvals.statement import Words

CARD_ORDER: Final = ActionKind("card_order")
_TITLE: Final[Words] = {Language.FR: "Commande de carte", Language.EN: "Card order"}


class CardOrderOperation(AdviserAct):
    """Payload: `client`, `user` (whose card), `card_kind`, `delivery` (home, branch).

    What the book knows of it is added when it is opened: holder, the new card's id, the fee of the tariff.
    """

    kind = CARD_ORDER
    title = _TITLE
    fields = (CLIENT, USER, KIND, DELIVERY, FEE)

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {
            **holder_of(reader),
            "card_kind": reader.choice("card_kind", CARD_KINDS),
            "delivery": reader.choice("delivery", DELIVERIES),
            "reason": OrderReason.FIRST.value,
        }
        reader.done()
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        return (ordered(facts, replaces=None),)


def ordered(facts: Facts, *, replaces: CardId | None) -> CardOrdered:
    """Read the order back from complete facts."""
    return CardOrdered(
        card_id=CardId(str(facts["card"])),
        user_id=UserId(str(facts["person"])),
        client_identifier=str(facts["client"]),
        user_number=str(facts["user"]),
        kind=CardKind(str(facts["card_kind"])),
        delivery=Delivery(str(facts["delivery"])),
        reason=OrderReason(str(facts["reason"])),
        replaces=replaces,
    )
