"""How cards come to be: their orders, the makers' outboxes, the tariff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from approvals.model.card import CardKind
from approvals.model.card_order import CardMessage, CardOrder, Maker
from approvals.model.fee import Fee
from approvals.model.ids import CardId, MessageId, UserId
from approvals.model.page import Page
from approvals.model.release import DeliveryStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOrderFilter:
    """Which orders to list; every field narrows. `is_produced` tells those whose card is made from the others."""

    user_id: UserId | None = None
    kind: CardKind | None = None
    is_produced: bool | None = None


class CardOrders(Protocol):
    """Orders, each under the id its card will have."""

    async def add(self, order: CardOrder) -> None:
        """The same order twice is one. Raises StaleVersion for another that replaces the same card."""
        ...

    async def load(self, card_id: CardId) -> CardOrder | None: ...

    async def replacing(self, card_id: CardId) -> CardOrder | None:
        """The order of the card that takes over from this one."""
        ...

    async def save(self, order: CardOrder) -> None:
        """Write how far it is, version raised. Raises StaleVersion."""
        ...

    async def browse(self, wanted: CardOrderFilter, after: str | None, limit: int) -> Page[CardOrder]:
        """Newest first."""
        ...


class Outboxes(Protocol):
    """One outbox a maker."""

    async def add(self, maker: Maker, message: CardMessage) -> None:
        """The same message twice is one."""
        ...

    async def load(self, maker: Maker, message_id: MessageId) -> CardMessage | None: ...

    async def claim(self, maker: Maker, now: datetime, until: datetime) -> CardMessage | None:
        """Take one that is due for oneself until then; none while a restore is unfinished (RULES 30)."""
        ...

    async def save(self, maker: Maker, message: CardMessage) -> bool:
        """Write the delivery's state; False when the version is not the one read."""
        ...

    async def listed(self, maker: Maker, status: DeliveryStatus, limit: int) -> Sequence[CardMessage]:
        """Oldest first."""
        ...


class Fees(Protocol):
    """The tariff."""

    async def put(self, fee: Fee) -> None:
        """Write a row; the same reason, kind and day is the same row."""
        ...

    async def all(self) -> Sequence[Fee]:
        """By kind, reason, then day."""
        ...
