"""Tickets: what a browser shows on the stream for its login, whose token no script of its can read (RULES 22).

A ticket names its login and is good once, for 30 s. Only its digest is kept, among the numbers used once.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from approvals.desk.presence import Presence, require_stay
from approvals.desk.tokens import TICKET, digest_of
from approvals.errors import NotAuthenticated
from approvals.model.ids import LoginId
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock, Ids

_LIFE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What the browser shows, and until when it may."""

    text: str = field(repr=False)
    expires_at: datetime


class TicketDesk:
    """Gives and takes tickets; any node takes what another gave."""

    def __init__(self, *, book: Book, clock: Clock, ids: Ids) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids

    async def give(self, presence: Presence) -> Ticket:
        text = f"{TICKET}{presence.login.id}.{self._ids.secret()}"
        expires_at = self._clock.now() + _LIFE
        await self._book.statement(lambda ledger: ledger.nonces.add(_kept(text), expires_at))
        return Ticket(text=text, expires_at=expires_at)

    async def take(self, ticket: str) -> Presence:
        """Use it up and return who is signed in. Raises NotAuthenticated, LoginEnded, PersonLocked."""
        login_id, _, _ = ticket.removeprefix(TICKET).partition(".")

        async def work(ledger: Ledger) -> Presence:
            now = self._clock.now()
            if not await ledger.nonces.take(_kept(ticket), now):
                raise NotAuthenticated("no such ticket, or it was used or is too old")
            return await require_stay(ledger, LoginId(login_id), now)

        return await self._book.transaction(work)


def _kept(ticket: str) -> str:
    """Return what is kept of it; no number a device signs begins like this."""
    return f"ticket {digest_of(ticket).hex()}"
