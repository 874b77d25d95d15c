"""Whether this node should get requests: database and schema, clock, and not on its way out."""

from collections.abc import Awaitable, Callable

from approvals.errors import ApprovalError, ClockOff
from approvals.ports.book import Book
from server.clock import ClockGuard
from server.http.refusals import NotReady


class Health:
    """Asked by load balancers (`/health/ready`) and by every request (`require_clock`)."""

    def __init__(self, *, book: Book, guard: ClockGuard, require_store: Callable[[], Awaitable[None]]) -> None:
        """`require_store` raises an ApprovalError unless the database is there, and the one this node is to serve."""
        self._book = book
        self._guard = guard
        self._require_store = require_store
        self._is_draining = False

    def drain(self) -> None:
        """Fail readiness from now on, so that nobody new is sent here."""
        self._is_draining = True

    def require_clock(self) -> None:
        """Raise ClockOff while this node cannot tell what is late (RULES 4)."""
        if self._guard.is_off:
            raise ClockOff("this node's clock is more than a second from the database's")

    async def require_ready(self) -> None:
        """Raise NotReady or ClockOff; looks at the database now."""
        if self._is_draining:
            raise NotReady("stopping")
        try:
            await self._require_store()
            await self._guard.look(self._book)
        except ApprovalError as error:
            raise NotReady(str(error)) from error
        self.require_clock()
