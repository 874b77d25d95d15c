"""What approved card operations change: an order with its messages to the makers, a card that takes codes again.

Each tells why it cannot be made any more, by a stable code, and then writes nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from approvals.credentials import card as life
from approvals.credentials.card import CardEvent
from approvals.credentials.card_order import messages
from approvals.credentials.card_refusals import CardNotLocked, CardOrderStale
from approvals.model.card import Card, CardStatus, Trouble
from approvals.model.card_order import CardOrder, OrderReason
from approvals.model.change import Applied, CardOrdered, CardUnlocked
from approvals.model.ids import CardId
from approvals.model.inbox import EventKind, News
from approvals.ports.cards import CardOrderFilter
from approvals.store.card_orders import SqlCardOrders
from approvals.store.cards import SqlCards
from approvals.store.database import Connection
from approvals.store.outboxes import SqlOutboxes

_TROUBLES: Final[Mapping[OrderReason, Trouble]] = {
    OrderReason.BLOCKED: Trouble.BLOCKED,
    OrderReason.BROKEN: Trouble.BROKEN,
    OrderReason.LOST: Trouble.LOST,
    OrderReason.STOLEN: Trouble.STOLEN,
}
"""For these the old card is out of use at once; an expiring one serves until the new one is activated."""


class SqlCardChanges:
    """Orders and unlocks."""

    def __init__(self, connection: Connection) -> None:
        self._cards = SqlCards(connection)
        self._orders = SqlCardOrders(connection)
        self._outboxes = SqlOutboxes(connection)

    async def order(self, change: CardOrdered, at: datetime) -> Applied:
        """Write the order and a message to each maker; `card_order_stale` where another order was faster."""
        if await self._orders.load(change.card_id) is not None:
            return Applied()
        if await self._is_overtaken(change):
            return Applied(refusal=CardOrderStale.code)
        if change.replaces is not None:
            await self._take_out_of_use(change.replaces, change.reason)
        order = _order(change, at)
        await self._orders.add(order)
        for maker, message in messages(order, at).items():
            await self._outboxes.add(maker, message)
        return Applied(news=(News(user_id=change.user_id, kind=EventKind.CARD_ORDERED),))

    async def unlock(self, change: CardUnlocked) -> Applied:
        """Let the card take codes again; `card_not_locked` where it was reported or unlocked meanwhile."""
        card = await self._load(change.card_id)
        if card.status is not CardStatus.LOCKED:
            return Applied(refusal=CardNotLocked.code)
        await self._cards.save(life.step(card, CardEvent.UNLOCKED))
        return Applied(news=(News(user_id=card.user_id, kind=EventKind.CARD_UNLOCKED),))

    async def _is_overtaken(self, change: CardOrdered) -> bool:
        """Another order decided meanwhile gives the person such a card already."""
        if change.replaces is not None:
            return await self._orders.replacing(change.replaces) is not None
        wanted = CardOrderFilter(user_id=change.user_id, kind=change.kind, is_produced=False)
        held = [card for card in await self._cards.of_users([change.user_id]) if card.kind is change.kind]
        return not all(map(life.is_over, held)) or bool((await self._orders.browse(wanted, None, 1)).items)

    async def _take_out_of_use(self, card_id: CardId, reason: OrderReason) -> None:
        card, trouble = await self._load(card_id), _TROUBLES.get(reason)
        if trouble is not None:
            await self._cards.save(life.step(card, trouble))

    async def _load(self, card_id: CardId) -> Card:
        card = await self._cards.load(card_id)
        if card is None:
            raise LookupError("an approved action names a card the book does not hold")
        return card


def _order(change: CardOrdered, at: datetime) -> CardOrder:
    return CardOrder(
        card_id=change.card_id,
        user_id=change.user_id,
        client_identifier=change.client_identifier,
        user_number=change.user_number,
        kind=change.kind,
        delivery=change.delivery,
        reason=change.reason,
        replaces=change.replaces,
        ordered_at=at,
    )
