from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from approvals.store.book import SqlBook
from server.clock import ClockGuard, SystemClock
from tests.house import House, Parts
from tests.server.http.site import serving


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


@pytest.mark.parametrize("server_if_any", ["postgresql"], indirect=True)
@pytest.mark.parametrize("seconds", [-3, 3])
async def test_a_clock_more_than_a_second_from_the_databases_may_not(book: SqlBook, seconds: int) -> None:
    guard = ClockGuard(book, ShiftedClock(timedelta(seconds=seconds)))
    await guard.look()
    assert guard.is_off


@pytest.mark.parametrize("server_if_any", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("seconds", "runs"), [(0, 1), (3600, 0), (-3600, 0)])
async def test_deadlines_are_swept_only_by_a_clock_that_is_right_at_that_moment(
    book: SqlBook, seconds: int, runs: int
) -> None:
    swept: list[str] = []

    async def sweep() -> None:
        swept.append("swept")

    await ClockGuard(book, ShiftedClock(timedelta(seconds=seconds))).in_time(sweep)
    assert len(swept) == runs


@pytest.mark.parametrize("server_if_any", ["sqlite"], indirect=True)
async def test_a_database_of_this_machine_has_this_machines_clock(book: SqlBook) -> None:
    guard = ClockGuard(book, ShiftedClock(timedelta(days=1)))
    await guard.look()
    assert not guard.is_off


@pytest.mark.parametrize("server_if_any", ["postgresql"], indirect=True)
async def test_a_node_whose_clock_is_off_serves_nobody(book: SqlBook, tmp_path: Path) -> None:
    house = House(Parts(book=book, folder=tmp_path))  # its clock stands still
    await house.found()
    async with serving(house) as site:
        ready = await site.nobody.get("/health/ready")
        assert (ready.status, ready.code) == (503, "clock_off")
        answered = await site.core.get("/v1/actions")
        assert (answered.status, answered.code) == (503, "clock_off")
        assert (await site.nobody.get("/health/live")).status == 200
