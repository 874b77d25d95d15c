"""The life of a card: `step` moves it by one event, `age` by the calendar. Nothing else does (RULES 7, 8).

Pure: card and event come in, the new card goes out. A card begins `produced`; what comes before is its order's
(`credentials.card_order`). Lost or stolen is the end from anywhere: signatures made with it may no longer count.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, auto
from typing import Final, TypeAlias, assert_never

from approvals.credentials.card_refusals import CardNotLocked, CardReportOutOfOrder, CardReportRepeated
from approvals.credentials.counters import CARD_ATTEMPTS
from approvals.model.card import Card, CardStatus, Trouble


class CardEvent(Enum):
    """What happens to a card without more to say of it."""

    SENT = auto()  # its manufacturer says so
    RETURNED = auto()  # the letter came back
    RIGHT_CODE = auto()  # the first one activates
    ATTEMPTS_SPENT = auto()
    UNLOCKED = auto()  # by an adviser and a second one
    SUCCESSOR_ACTIVATED = auto()


Event: TypeAlias = CardEvent | Trouble

_BEFORE_IT_IS_SENT: Final = frozenset({CardStatus.PRODUCED, CardStatus.RETURNED})
_IN_HAND: Final = frozenset({CardStatus.SENT, CardStatus.ACTIVE, CardStatus.LOCKED})
_OVER: Final = frozenset({CardStatus.REPORTED, CardStatus.REPLACED, CardStatus.EXPIRED})


def step(card: Card, event: Event) -> Card:
    """Apply one event.

    Raises CardReportRepeated and CardReportOutOfOrder for what a maker reports, CardNotLocked when there is nothing
    to unlock. What people report twice is once, and what is over stays so.
    """
    match event:
        case Trouble():
            return _in_trouble(card, event)
        case CardEvent.SENT:
            return _sent(card)
        case CardEvent.RETURNED:
            return _returned(card)
        case CardEvent.RIGHT_CODE:
            return _activated(card) if card.status is CardStatus.SENT else card
        case CardEvent.ATTEMPTS_SPENT:
            return replace(card, status=CardStatus.LOCKED) if takes_codes(card) else card
        case CardEvent.UNLOCKED:
            return _unlocked(card)
        case CardEvent.SUCCESSOR_ACTIVATED:
            return card if card.status in _OVER else _ended(card, CardStatus.REPLACED)
        case _:
            assert_never(event)


def takes_codes(card: Card) -> bool:
    """A code of this card may be checked: it is active, or on its way and its first code would activate it."""
    return card.status in {CardStatus.SENT, CardStatus.ACTIVE}


def is_over(card: Card) -> bool:
    """Nothing but a report of loss or theft ever changes it again."""
    return card.status in _OVER


def _sent(card: Card) -> Card:
    if card.status in _BEFORE_IT_IS_SENT:
        return replace(card, status=CardStatus.SENT)
    if card.status in _OVER:
        raise CardReportOutOfOrder("the card is over: it must not be sent")
    raise CardReportRepeated("the card was reported sent before")


def _returned(card: Card) -> Card:
    if card.status is CardStatus.SENT:
        return replace(card, status=CardStatus.RETURNED)
    if card.status is CardStatus.RETURNED:
        raise CardReportRepeated("the card was reported returned before")
    raise CardReportOutOfOrder("only a card that is on its way comes back")


def _activated(card: Card) -> Card:
    return replace(card, status=CardStatus.ACTIVE, activated=True)


def _unlocked(card: Card) -> Card:
    if card.status is not CardStatus.LOCKED:
        raise CardNotLocked("the card is not locked by wrong codes")
    back = CardStatus.ACTIVE if card.activated else CardStatus.SENT
    return replace(card, status=back, attempts_left=CARD_ATTEMPTS)


def _in_trouble(card: Card, trouble: Trouble) -> Card:
    match trouble:
        case Trouble.LOST | Trouble.STOLEN:
            return _ended(card, CardStatus.REPORTED)
        case Trouble.BROKEN if card.status in _IN_HAND:
            return replace(card, status=CardStatus.BROKEN)
        case Trouble.BLOCKED if card.status in _IN_HAND:
            return replace(card, status=CardStatus.BLOCKED)
        case Trouble.BROKEN | Trouble.BLOCKED:
            return card


def _ended(card: Card, status: CardStatus) -> Card:
    return replace(card, status=status, due_on=None)


# --- the calendar -----------------------------------------------------------------------------------------

WARNED_AHEAD: Final = (60, 30, 7)
"""Days before the last one on which the holder is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """The card as of a day; `is_warned` when its holder is to be told that it ends soon."""

    card: Card
    is_warned: bool


def age(card: Card, today: date) -> Aged:
    """Look at a card on a day (Europe/Paris): its last day is still good, the one after is not."""
    if card.expires_on is None or is_over(as_of(card, today)):
        return Aged(card=replace(as_of(card, today), due_on=None), is_warned=False)
    is_due = card.due_on is not None and today >= card.due_on
    is_near = today >= card.expires_on - timedelta(days=max(WARNED_AHEAD))
    return Aged(card=replace(card, due_on=next_day(card.expires_on, today)), is_warned=is_due and is_near)


def as_of(card: Card, today: date) -> Card:
    """Return the card as it stands on a day, whether anybody has looked at its age since or not."""
    is_past = card.expires_on is not None and today > card.expires_on
    return _ended(card, CardStatus.EXPIRED) if is_past and not is_over(card) else card


def next_day(expires_on: date, today: date) -> date:
    """Return the next day after `today` on which the card's age matters: a warning, or the day after its last."""
    days = [*(expires_on - timedelta(days=ahead) for ahead in WARNED_AHEAD), expires_on + timedelta(days=1)]
    return min((day for day in days if day > today), default=expires_on + timedelta(days=1))
