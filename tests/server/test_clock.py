from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from approvals.errors import ClockOff
from approvals.model.ids import SubscriptionId
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from server.clock import ClockGuard, SystemClock
from tests.builders import COMPANY, add_company
from tests.house import House, Parts
from tests.server.http.site import serving


@dataclass
class ShiftedClock:
    """This machine's clock, wrong by so much."""

    by: timedelta

    def now(self) -> datetime:
        return SystemClock().now() + self.by


async def test_a_clock_like_the_databases_may_serve(book: SqlBook) -> None:
    guard = ClockGuard(SystemClock())
    await guard.look(book)
    assert not guard.is_off


@pytest.mark.parametrize("server_if_any", ["postgresql"], indirect=True)
@pytest.mark.parametrize("seconds", [-3, 3])
async def test_a_clock_more_than_a_second_from_the_databases_may_not(book: SqlBook, seconds: int) -> None:
    guard = ClockGuard(ShiftedClock(timedelta(seconds=seconds)))
    await guard.look(book)
    assert guard.is_off


@pytest.mark.parametrize("server_if_any", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("seconds", "runs"), [(0, 1), (3600, 0), (-3600, 0)])
async def test_deadlines_are_swept_only_by_a_clock_that_is_right_at_that_moment(
    book: SqlBook, seconds: int, runs: int
) -> None:
    swept: list[str] = []

    async def sweep() -> None:
        swept.append("swept")

    await ClockGuard(ShiftedClock(timedelta(seconds=seconds))).in_time(book, sweep)
    assert len(swept) == runs


@pytest.mark.parametrize("server_if_any", ["sqlite"], indirect=True)
async def test_a_database_of_this_machine_has_this_machines_clock(book: SqlBook) -> None:
    guard = ClockGuard(ShiftedClock(timedelta(days=1)))
    await guard.look(book)
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


@pytest.mark.parametrize("server_if_any", ["postgresql"], indirect=True)
@pytest.mark.parametrize("of", [None, COMPANY])
@pytest.mark.parametrize("seconds", [-3600, 3600])
async def test_what_a_clock_judged_that_jumped_a_moment_ago_is_never_committed(
    database_url: str, of: SubscriptionId | None, seconds: int
) -> None:
    clock = ShiftedClock(timedelta(0))
    database = await open_database(database_url, ClockGuard(clock).hear)
    book = SqlBook(database)

    async def jump_and_write(ledger: Ledger) -> None:
        clock.by = timedelta(seconds=seconds)
        await add_company(ledger)

    with pytest.raises(ClockOff):
        await book.transaction(jump_and_write, of=of)
    assert await book.reading(lambda ledger: ledger.people.subscription(COMPANY)) is None
    clock.by = timedelta(0)
    await book.transaction(add_company, of=of)
    assert await book.reading(lambda ledger: ledger.people.subscription(COMPANY)) is not None
    await database.close()
