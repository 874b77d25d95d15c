"""When an adviser is there: the desk's days and hours in Paris."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from approvals.model.paris import at_in_paris, day_in_paris

_LOOKED_AHEAD: Final = 60
"""Days: a desk closed for longer names no next opening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """`days` are ISO weekdays (1 is Monday); `closed_on` are ISO dates, public holidays among them."""

    days: AbstractSet[int]
    opens: time
    closes: time
    closed_on: AbstractSet[str]


def is_open(hours: OfficeHours, now: datetime) -> bool:
    opening = _opening(hours, now, 0)
    return opening is not None and opening <= now < at_in_paris(day_in_paris(now), hours.closes)


def next_opening(hours: OfficeHours, now: datetime) -> datetime | None:
    """Return when the desk opens next, None while it is open or where no day within two months is one of its own."""
    if is_open(hours, now):
        return None
    ahead = (_opening(hours, now, days) for days in range(_LOOKED_AHEAD))
    return next((opening for opening in ahead if opening is not None and opening > now), None)


def _opening(hours: OfficeHours, now: datetime, days: int) -> datetime | None:
    """Return when the desk opens on the day that is so many days from now, None where it does not."""
    day = day_in_paris(now) + timedelta(days=days)
    if day.isoweekday() not in hours.days or day.isoformat() in hours.closed_on:
        return None
    return at_in_paris(day, hours.opens)
