"""What is counted for the desk, at the moment it is asked: no table of sums is kept."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from approvals.model.action import ActionStatus
from approvals.model.figures import Period
from approvals.model.ids import UserId


class Figures(Protocol):
    """Counts the companies' operations opened in a period; `portfolio_of` narrows to this adviser's companies."""

    async def by_status(self, period: Period, portfolio_of: UserId | None, now: datetime) -> Mapping[ActionStatus, int]:
        """How many are where; what is past its time counts as expired, whether the sweeper came by or not."""
        ...

    async def signed_within(self, period: Period, portfolio_of: UserId | None) -> Mapping[timedelta | None, int]:
        """How many signatures they had, by the first bound of `SIGNED_WITHIN` each was faster than."""
        ...
