"""One day's operations of companies, counted: what has become of them, and how soon they were signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from approvals.model.action import ActionStatus

SIGNED_WITHIN: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
)
"""A signature counts under the first of these it was faster than; a slower one under None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `since` on; `until` is the first moment past it."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """`by_status` counts the operations that were opened on this day in Paris, `signed_within` their signatures."""

    day: date
    by_status: Mapping[ActionStatus, int]
    signed_within: Mapping[timedelta | None, int]
