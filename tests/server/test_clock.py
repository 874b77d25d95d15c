from dataclasses import dataclass
from datetime import datetime, timedelta

from approvals.store.book import SqlBook
from server.clock import ClockGuard, SystemClock


@dataclass
class ShiftedClock:
    """This machine's clock, wrong by so much."""

    by: timedelta

    def now(self) -> datetime:
        return SystemClock().now() + self.by


async def test_a_clock_like_the_databases_may_serve(book: SqlBook) -> None:
    guard = ClockGuard(book, SystemClock())
    await guard.look()
    assert not guard.is_off
