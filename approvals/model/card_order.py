"""The order of a card: who is to get which, why, and how far its makers are.

One id goes through the whole life: an order's `card_id` is the card's once it is made.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from approvals.model.card import CardKind
from approvals.model.ids import CardId, MessageId, UserId
from approvals.model.release import DeliveryStatus


class Delivery(StrEnum):
    """How the card reaches its holder; the PIN always goes by the PIN printer's own letter (RTS 2018/389 art. 25)."""

    HOME = "home"  # registered letter
    BRANCH = "branch"  # held at the *centre d'affaires*


class OrderReason(StrEnum):
    """Why a card is made; the tariff is by reason."""

    FIRST = "first"
    BLOCKED = "blocked"
    BROKEN = "broken"
    LOST = "lost"
    STOLEN = "stolen"
    EXPIRING = "expiring"


class Maker(StrEnum):
    """The two houses an order of a Sécur@ccès card goes to, each by its own outbox and never in one message."""

    MANUFACTURER = "manufacturer"
    PIN_PRINTER = "pin_printer"


class PinLetter(StrEnum):
    """Where the letter with the PIN is."""

    ORDERED = "ordered"
    MAILED = "mailed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOrder:
    """`replaces` is the card this one takes over from; `produced_at` is when its manufacturer reported it made.

    `client_identifier` and `user_number` are what makers know the holder by: no name and no address is kept here.
    """

    card_id: CardId
    user_id: UserId
    client_identifier: str
    user_number: str
    kind: CardKind
    delivery: Delivery
    reason: OrderReason
    replaces: CardId | None
    ordered_at: datetime
    produced_at: datetime | None = None
    pin_letter: PinLetter = PinLetter.ORDERED
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMessage:
    """One order on its way to one maker; id and body are frozen, and reused by every attempt, as a release's are."""

    id: MessageId
    card_id: CardId
    body: bytes = field(repr=False)
    status: DeliveryStatus
    created_at: datetime
    next_at: datetime
    attempts: int = 0
    last_error: str | None = None
    settled_at: datetime | None = None
    version: int = 0
