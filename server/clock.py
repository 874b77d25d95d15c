"""The node's time: the database's, carried on by a clock that cannot jump; and the guard that keeps it so (RULES 4).

Deadlines, leases and the times a core is told are judged by every node alike: by the database's clock, as it was heard
last, and the monotonic clock since. A machine clock that is set, by hand or by chance, moves nothing of that; a node
whose machine is off serves nobody all the same, until it is put right.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from approvals.errors import ClockOff
from approvals.ports.book import Book
from approvals.ports.world import Clock

_TOLERANCE: Final = timedelta(seconds=1)
_SLACK: Final = timedelta(milliseconds=50)
"""How far ours may be from the database's without following it: corrections are rare."""


class SystemClock:
    """This machine's clock, UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  # this is the one clock


class FollowedClock:
    """A time that was told, carried on by elapsed seconds; until one is told, the machine's at the start."""

    def __init__(self, machine: Clock, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._told, self._at = machine.now(), elapsed()

    def now(self) -> datetime:
        return self._told + timedelta(seconds=self._elapsed() - self._at)

    def follow(self, told: datetime) -> None:
        self._told, self._at = told, self._elapsed()


class ClockGuard:
    """Keeps the node's clock with the database's, and knows whether the machine's is within a second of it.

    What the database said is between its saying and our hearing old: an answer that took longer than a second tells
    nothing.
    """

    def __init__(self, machine: Clock, clock: FollowedClock, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._machine = machine
        self._clock = clock
        self._elapsed = elapsed
        self._is_off = False

    @property
    def is_off(self) -> bool:
        return self._is_off

    def hear(self, theirs: datetime, took: float) -> None:
        """The database says what time it is, before a commit; hearing it took so many seconds.

        Raises ClockOff when ours was elsewhere, as after a machine was suspended: what it judged is not committed.
        Nor is it when the answer took so long that nobody can say.
        """
        distance = _distance(self._clock.now(), theirs, took)
        if took <= _TOLERANCE.total_seconds():
            self._follow(distance, theirs)
        if max(distance, timedelta(seconds=took)) > _TOLERANCE:
            raise ClockOff("this node cannot be sure of the time to a second")

    async def look(self, book: Book) -> None:
        """Compare once, and follow. Raises StoreUnavailable; what was known before then stands.

        A database inside this process has this machine's clock.
        """
        asked = self._elapsed()
        theirs = await book.reading(lambda ledger: ledger.house.clock())
        took, machine = self._elapsed() - asked, self._machine.now()
        if took > _TOLERANCE.total_seconds():
            return
        told = theirs or machine
        self._follow(_distance(self._clock.now(), told, took), told)
        self._is_off = _distance(machine, told, took) > _TOLERANCE

    async def in_time(self, book: Book, chore: Callable[[], Awaitable[object]]) -> None:
        """Run a chore that judges deadlines, unless the machine's clock, looked at right before, is off.

        Raises what `look` and the chore raise.
        """
        await self.look(book)
        if not self._is_off:
            await chore()

    def _follow(self, distance: timedelta, told: datetime) -> None:
        if distance > _SLACK:
            self._clock.follow(told)


def _distance(ours: datetime, theirs: datetime, took: float) -> timedelta:
    """Return how far our time is from what theirs can have been meanwhile."""
    return max(theirs - ours, ours - theirs - timedelta(seconds=took), timedelta(0))
