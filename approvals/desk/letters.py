"""Letters of activation: who wants one, and printing one (RTS 2018/389 art. 25).

What addresses a letter and what it holds are two requests of two systems: the bank's core reads whose letters are due
and knows where they live; the printer is given the secret, and no number it is typed with.
"""

from dataclasses import dataclass, field
from datetime import datetime

from approvals.credentials import activation as rules
from approvals.desk.tokens import digest_of
from approvals.errors import NotFound
from approvals.model.activation import Activation, LetterStatus
from approvals.model.audit import AuditEntry
from approvals.model.ids import UserId
from approvals.model.page import Page
from approvals.model.person import Subscription, User
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A letter, and to whom it goes."""

    activation: Activation
    user: User
    subscription: Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What one letter holds; told this once."""

    user: User
    secret: str = field(repr=False)
    expires_at: datetime


class LetterDesk:
    """Lists and prints."""

    def __init__(self, *, book: Book, clock: Clock, ids: Ids) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids

    async def browse(self, status: LetterStatus, after: str | None, limit: int) -> Page[Addressed]:
        """By person's id; `after` is the `next` of the page before."""

        async def work(ledger: Ledger) -> Page[Addressed]:
            found = await ledger.activations.browse(status, after or "", limit + 1)
            items = [await _addressed(ledger, activation) for activation in found[:limit]]
            return Page(items=items, next=found[limit - 1].user_id if len(found) > limit else None)

        return await self._book.reading(work)

    async def print(self, actor: str, user_id: UserId) -> Printed:
        """Make the letter's secret. Asked again before it is used, a new one is made and the former is void.

        `actor` is who prints, for the audit. Raises NotFound when no letter is wanted for this person.
        """
        secret = self._ids.letter_secret()

        async def work(ledger: Ledger) -> Printed:
            now = self._clock.now()
            printed = rules.print_letter(await ledger.activations.load(user_id), digest_of(secret), now)
            await ledger.activations.save(printed)
            entry = AuditEntry(code="letter_printed", actor=actor, at=now, value={"user": user_id})
            await ledger.audit.append([entry])
            user = await _user(ledger, user_id)
            return Printed(user=user, secret=rules.written(secret), expires_at=printed.expires_at or now)

        return await self._book.transaction(work)


async def _addressed(ledger: Ledger, activation: Activation) -> Addressed:
    user = await _user(ledger, activation.user_id)
    subscription = await ledger.people.subscription(user.subscription_id)
    if subscription is None:
        raise LookupError("a person's subscription is not in the book")
    return Addressed(activation=activation, user=user, subscription=subscription)


async def _user(ledger: Ledger, user_id: UserId) -> User:
    user = await ledger.people.user(user_id)
    if user is None:
        raise NotFound("no such person")
    return user
