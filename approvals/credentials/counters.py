"""Counting and locking (RULES 7 and 8): attempts are spent before the check, cleared only by success.

The limits are per card (3) and per person over all factors (5, RTS 2018/389 art. 4(3)(b)), across actions and sign-in.
"""

from dataclasses import replace
from typing import Final

from approvals.credentials.card_refusals import CardResyncDue
from approvals.credentials.card_texts import RESYNC
from approvals.errors import NoAttemptLeft, PersonLocked
from approvals.model.card import Card
from approvals.model.person import Language, User, UserStatus

CARD_ATTEMPTS: Final = 3
PERSON_ATTEMPTS: Final = 5


def require_in_step(card: Card, language: Language) -> None:
    """Raise CardResyncDue for a card whose counter came from a backup (RULES 30)."""
    if card.resync_due:
        raise CardResyncDue(RESYNC[language])


def require_usable_person(user: User) -> None:
    """Raise PersonLocked unless the person may act."""
    if user.status is not UserStatus.ACTIVE:
        raise PersonLocked("this access is locked: the adviser unlocks it")


def spend_card(card: Card) -> Card:
    """Take one attempt. Raises NoAttemptLeft when every one is spent or under way."""
    if card.attempts_left <= 0:
        raise NoAttemptLeft("every attempt of this card is spent or being checked")
    return replace(card, attempts_left=card.attempts_left - 1)


def spend_person(user: User) -> User:
    """Take one attempt. Raises NoAttemptLeft when every one is spent or under way."""
    if user.attempts_left <= 0:
        raise NoAttemptLeft("every attempt of this person is spent or being checked")
    return replace(user, attempts_left=user.attempts_left - 1)


def clear_card(card: Card) -> Card:
    """A right code: the failures before it are forgotten."""
    return replace(card, attempts_left=CARD_ATTEMPTS)


def clear_person(user: User) -> User:
    """A right proof: the failures before it are forgotten."""
    return replace(user, attempts_left=PERSON_ATTEMPTS)


def return_card(card: Card) -> Card:
    """The check was abandoned: its attempt comes back."""
    return replace(card, attempts_left=min(card.attempts_left + 1, CARD_ATTEMPTS))


def return_person(user: User) -> User:
    """The check was abandoned: its attempt comes back."""
    return replace(user, attempts_left=min(user.attempts_left + 1, PERSON_ATTEMPTS))


def lock_person_if_spent(user: User, *, under_check: int) -> User:
    """Lock once the last attempt was wrong; a proof still being checked may yet be right, so it is waited for."""
    if user.attempts_left > 0 or under_check > 0 or user.status is not UserStatus.ACTIVE:
        return user
    return replace(user, status=UserStatus.LOCKED)
