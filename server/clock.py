"""The one source of time, and the guard that compares it with the database's (RULES 4)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from approvals.errors import ClockOff
from approvals.ports.book import Book
from approvals.ports.world import Clock

_TOLERANCE: Final = timedelta(seconds=1)


class SystemClock:
    """This machine's clock, UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  # this is the one clock


class ClockGuard:
    """Knows whether this node may serve: its clock is within a second of the database's.

    Deadlines are judged by the node's clock, so two nodes that disagree would disagree on what is late. The database
    says its time before each commit (`hear`): what was judged by a clock that is off is never committed, however
    shortly before it jumped.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._is_off = False

    @property
    def is_off(self) -> bool:
        return self._is_off

    def hear(self, theirs: datetime) -> None:
        """Compare with the time the database says it is now. Raises ClockOff."""
        self._compare(theirs)
        if self._is_off:
            raise ClockOff("this node's clock is more than a second from the database's")

    async def look(self, book: Book) -> None:
        """Compare once. Raises StoreUnavailable; what was known before then stands."""
        theirs = await book.reading(lambda ledger: ledger.house.clock())
        if theirs is not None:
            self._compare(theirs)

    async def in_time(self, book: Book, chore: Callable[[], Awaitable[object]]) -> None:
        """Run a chore that judges deadlines, unless the clock, looked at right before, is off.

        Raises what `look` and the chore raise.
        """
        await self.look(book)
        if not self._is_off:
            await chore()

    def _compare(self, theirs: datetime) -> None:
        self._is_off = abs(self._clock.now() - theirs) > _TOLERANCE
