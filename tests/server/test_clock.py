from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from approvals.errors import ClockOff
from approvals.model.ids import SubscriptionId
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from server.clock import ClockGuard, FollowedClock, SystemClock
from tests.builders import COMPANY, add_company
from tests.house import House
from tests.joined_desks import Parts
from tests.server.http.site import serving

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
on_postgresql = pytest.mark.parametrize("server_if_any", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("server_if_any", ["sqlite"], indirect=True)


@dataclass
class ShiftedClock:
    """This machine's clock, wrong by so much."""

    by: timedelta = timedelta(0)

    def now(self) -> datetime:
        return SystemClock().now() + self.by


@dataclass
class Elapsed:
    """A monotonic clock that moves when it is told to."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Machine:
    """A calendar somebody sets."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


def guard_of(machine: ShiftedClock) -> ClockGuard:
    return ClockGuard(machine, FollowedClock(machine))


def test_a_calendar_that_is_set_moves_no_deadline() -> None:
    machine, elapsed = Machine(), Elapsed()
    clock = FollowedClock(machine, elapsed)
    machine.at, elapsed.seconds = NOON + timedelta(days=1), 2.5
    assert clock.now() == NOON + timedelta(seconds=2.5)


def test_the_time_that_was_told_is_carried_on() -> None:
    elapsed = Elapsed()
    clock = FollowedClock(Machine(), elapsed)
    clock.follow(NOON + timedelta(hours=1))
    elapsed.seconds += 3
    assert clock.now() == NOON + timedelta(hours=1, seconds=3)


def test_a_time_heard_while_ours_was_right_is_not_followed() -> None:
    clock = FollowedClock(Machine(), Elapsed())
    ClockGuard(Machine(), clock).hear(NOON - timedelta(milliseconds=700), took=0.7)
    assert clock.now() == NOON


def test_an_answer_that_took_too_long_moves_nothing_and_lets_nothing_be_committed() -> None:
    clock = FollowedClock(Machine(), Elapsed())
    with pytest.raises(ClockOff):
        ClockGuard(Machine(), clock).hear(NOON - timedelta(seconds=30), took=30)
    assert clock.now() == NOON


@pytest.mark.parametrize("seconds", [-2, 2])
def test_a_time_heard_elsewhere_is_followed_and_what_ours_judged_is_not_committed(seconds: int) -> None:
    clock = FollowedClock(Machine(), Elapsed())
    with pytest.raises(ClockOff):
        ClockGuard(Machine(), clock).hear(NOON + timedelta(seconds=seconds), took=0.001)
    assert clock.now() == NOON + timedelta(seconds=seconds)


async def test_a_machine_with_the_databases_time_may_serve(book: SqlBook) -> None:
    guard = guard_of(ShiftedClock())
    await guard.look(book)
    assert not guard.is_off


@on_postgresql
@pytest.mark.parametrize("seconds", [-3, 3])
async def test_a_machine_more_than_a_second_from_the_database_may_not_and_its_node_keeps_the_right_time(
    book: SqlBook, seconds: int
) -> None:
    machine = ShiftedClock(timedelta(seconds=seconds))
    clock = FollowedClock(machine)
    guard = ClockGuard(machine, clock)
    await guard.look(book)
    assert guard.is_off
    assert abs(clock.now() - SystemClock().now()) < timedelta(milliseconds=500)
    machine.by = timedelta(0)
    await guard.look(book)
    assert not guard.is_off


@on_postgresql
@pytest.mark.parametrize(("seconds", "runs"), [(0, 1), (3600, 0), (-3600, 0)])
async def test_deadlines_are_swept_only_by_a_machine_that_is_right_at_that_moment(
    book: SqlBook, seconds: int, runs: int
) -> None:
    swept: list[str] = []

    async def sweep() -> None:
        swept.append("swept")

    await guard_of(ShiftedClock(timedelta(seconds=seconds))).in_time(book, sweep)
    assert len(swept) == runs


@on_sqlite
async def test_a_database_of_this_machine_has_this_machines_clock(book: SqlBook) -> None:
    machine = ShiftedClock()
    clock = FollowedClock(machine)
    guard = ClockGuard(machine, clock)
    machine.by = timedelta(days=1)
    await guard.look(book)
    assert not guard.is_off
    assert clock.now() - SystemClock().now() > timedelta(hours=23)


@on_postgresql
async def test_a_node_whose_clock_is_off_serves_nobody(book: SqlBook, tmp_path: Path) -> None:
    house = House(Parts(book=book, folder=tmp_path))  # its clock stands still
    await house.found()
    async with serving(house) as site:
        ready = await site.nobody.get("/health/ready")
        assert (ready.status, ready.code) == (503, "clock_off")
        answered = await site.core.get("/v1/actions")
        assert (answered.status, answered.code) == (503, "clock_off")
        assert (await site.nobody.get("/health/live")).status == 200


@on_postgresql
@pytest.mark.parametrize("of", [None, COMPANY])
async def test_what_a_node_judged_that_had_been_suspended_is_never_committed(
    database_url: str, of: SubscriptionId | None
) -> None:
    elapsed = Elapsed()
    clock = FollowedClock(ShiftedClock(timedelta(hours=-1)), elapsed)  # an hour passed without it
    database = await open_database(database_url, ClockGuard(SystemClock(), clock).hear)
    book = SqlBook(database)

    async def write(ledger: Ledger) -> None:
        await add_company(ledger)

    with pytest.raises(ClockOff):
        await book.transaction(write, of=of)
    assert await book.reading(lambda ledger: ledger.people.subscription(COMPANY)) is None
    await book.transaction(write, of=of)  # it has heard what time it is
    assert await book.reading(lambda ledger: ledger.people.subscription(COMPANY)) is not None
    await database.close()
