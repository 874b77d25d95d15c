"""When an adviser is there, over weekends, holidays and the changes of the clocks."""

from datetime import UTC, datetime, time

import pytest

from approvals.conversations.hours import OfficeHours, is_open, next_opening

HOURS = OfficeHours(
    days=frozenset(range(1, 6)), opens=time(8, 30), closes=time(18), closed_on=frozenset({"2026-12-25"})
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T07:29", False),  # Monday, 8:29 in Paris
        ("2026-11-23T07:30", True),
        ("2026-11-23T16:59", True),
        ("2026-11-23T17:00", False),
        ("2026-11-22T10:00", False),  # Sunday
        ("2026-12-25T10:00", False),
        ("2026-07-06T06:30", True),  # summer time
    ],
)
def test_the_desk_is_open_in_its_hours(now: str, expected: bool) -> None:  # noqa: FBT001
    assert is_open(HOURS, at(now)) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T07:00", "2026-11-23T07:30"),
        ("2026-11-20T18:00", "2026-11-23T07:30"),  # Friday evening: Monday
        ("2026-12-24T18:00", "2026-12-28T07:30"),  # Christmas, then a weekend
        ("2026-03-27T18:00", "2026-03-30T06:30"),  # the clocks go forward on Sunday
    ],
)
def test_the_next_opening_is_told(now: str, expected: str) -> None:
    assert next_opening(HOURS, at(now)) == at(expected)


def test_an_open_desk_names_no_next_opening_nor_one_that_never_opens() -> None:
    assert next_opening(HOURS, at("2026-11-23T10:00")) is None
    never = OfficeHours(days=frozenset(), opens=time(8), closes=time(9), closed_on=frozenset())
    assert next_opening(never, at("2026-11-23T10:00")) is None
