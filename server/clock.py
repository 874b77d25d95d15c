"""The one source of time, and the guard that compares it with the database's (RULES 4)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from approvals.ports.book import Book
from approvals.ports.world import Clock

_TOLERANCE: Final = timedelta(seconds=1)


class SystemClock:
    """This machine's clock, UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  # this is the one clock


class ClockGuard:
    """Knows whether this node may serve: its clock is within a second of the database's.

    Deadlines are judged by the node's clock, so two nodes that disagree would disagree on what is late.
    """

    def __init__(self, book: Book, clock: Clock) -> None:
        self._book = book
        self._clock = clock
        self._is_off = False

    @property
    def is_off(self) -> bool:
        return self._is_off

    async def look(self) -> None:
        """Compare once. Raises StoreUnavailable; what was known before then stands."""
        theirs = await self._book.reading(lambda ledger: ledger.house.clock())
        self._is_off = theirs is not None and abs(self._clock.now() - theirs) > _TOLERANCE

    async def in_time(self, chore: Callable[[], Awaitable[object]]) -> None:
        """Run a chore that judges deadlines, unless the clock, looked at right before, is off.

        Raises what `look` and the chore raise.
        """
        await self.look()
        if not self._is_off:
            await chore()
