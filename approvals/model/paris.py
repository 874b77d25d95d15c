"""The calendar the bank keeps: days begin and end at midnight in Paris."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

_PARIS: Final = ZoneInfo("Europe/Paris")


def day_in_paris(at: datetime) -> date:
    """Return the day it is in Paris; `at` is aware."""
    return at.astimezone(_PARIS).date()


def at_in_paris(day: date, clock: time) -> datetime:
    """Return the moment, UTC, at which clocks in Paris show this on that day."""
    return datetime.combine(day, clock, _PARIS).astimezone(UTC)
