"""Operations of a period counted, each count in one statement that reads this period's rows alone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from approvals.model.action import ActionStatus
from approvals.model.figures import SIGNED_WITHIN, Period
from approvals.model.ids import UserId
from approvals.store.columns import milliseconds, number, text
from approvals.store.database import Connection, Value

_EVERY: Final = "SELECT id FROM subscriptions WHERE kind = 'company'"
_OWN: Final = "SELECT id FROM subscriptions WHERE kind = 'company' AND adviser_id = {}"
_MILLISECOND: Final = timedelta(milliseconds=1)
_BOUNDS: Final = " ".join(
    f"WHEN took < {bound // _MILLISECOND} THEN {bound // _MILLISECOND}" for bound in SIGNED_WITHIN
)


class SqlFigures:
    """Satisfies `ports.figures.Figures`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _BY_STATUS: Final = """
        SELECT CASE WHEN status = 'pending' AND expires_at <= $3 THEN 'expired' ELSE status END AS became,
            COUNT(*) AS found
        FROM actions WHERE created_at >= $1 AND created_at < $2 AND subscription_id IN ({companies})
        GROUP BY became
    """

    async def by_status(self, period: Period, portfolio_of: UserId | None, now: datetime) -> Mapping[ActionStatus, int]:
        """How many are where; what is past its time counts as expired, whether the sweeper came by or not."""
        values: list[Value] = [milliseconds(period.since), milliseconds(period.until), milliseconds(now)]
        companies = _companies(portfolio_of, values)
        rows = await self._connection.fetch(self._BY_STATUS.format(companies=companies), *values)
        return {ActionStatus(text(row, "became")): number(row, "found") for row in rows}

    _SIGNED_WITHIN: Final = """
        SELECT CASE {bounds} ELSE 0 END AS bound, COUNT(*) AS found
        FROM (
            SELECT challenges.ended_at - actions.created_at AS took
            FROM actions JOIN challenges ON challenges.action_id = actions.id
            WHERE actions.created_at >= $1 AND actions.created_at < $2 AND actions.subscription_id IN ({companies})
                AND challenges.status = 'satisfied'
        ) AS signatures
        GROUP BY bound
    """

    async def signed_within(self, period: Period, portfolio_of: UserId | None) -> Mapping[timedelta | None, int]:
        """How many signatures they had, by the first bound of `SIGNED_WITHIN` each was faster than."""
        values: list[Value] = [milliseconds(period.since), milliseconds(period.until)]
        companies = _companies(portfolio_of, values)
        sql = self._SIGNED_WITHIN.format(bounds=_BOUNDS, companies=companies)
        rows = await self._connection.fetch(sql, *values)
        return {_bound(number(row, "bound")): number(row, "found") for row in rows}


def _bound(counted: int) -> timedelta | None:
    return counted * _MILLISECOND if counted else None


def _companies(portfolio_of: UserId | None, values: list[Value]) -> str:
    """Return which companies are counted; an adviser's id takes its place among the values."""
    if portfolio_of is None:
        return _EVERY
    values.append(portfolio_of)
    return _OWN.format(f"${len(values)}")
