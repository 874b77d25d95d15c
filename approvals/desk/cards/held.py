"""A card as its holder has it: made or still on order, with where its PIN's letter is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from approvals.model.card import Card, CardKind, CardStatus
from approvals.model.card_order import CardOrder
from approvals.model.ids import CardId, UserId
from approvals.ports.book import Ledger
from approvals.ports.cards import CardOrderFilter

_MOST_ORDERS: Final = 100  # of one person, in a lifetime of cards


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCard:
    """`card` is None while it is on order; `order` is None for a card that was not ordered here."""

    id: CardId
    kind: CardKind
    card: Card | None
    order: CardOrder | None

    @property
    def status(self) -> CardStatus:
        return self.card.status if self.card else CardStatus.ORDERED


async def read_held(ledger: Ledger, user_id: UserId) -> Sequence[HeldCard]:
    """Return a person's cards by id, then their orders without a card, the newest first."""
    page = await ledger.card_orders.browse(CardOrderFilter(user_id=user_id), None, _MOST_ORDERS)
    orders = {order.card_id: order for order in page.items}
    cards = await ledger.cards.of_users([user_id])
    made = [HeldCard(id=card.id, kind=card.kind, card=card, order=orders.pop(card.id, None)) for card in cards]
    return [*made, *(HeldCard(id=each.card_id, kind=each.kind, card=None, order=each) for each in orders.values())]
