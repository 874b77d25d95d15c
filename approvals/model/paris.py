"""The calendar the bank keeps: days begin and end at midnight in Paris."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

_PARIS: Final = ZoneInfo("Europe/Paris")


def day_in_paris(at: datetime) -> date:
    """Return the day it is in Paris; `at` is aware."""
    return at.astimezone(_PARIS).date()
