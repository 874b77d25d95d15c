"""What advisers must look at."""

from datetime import datetime
from typing import Final

from approvals.errors import InvalidRequest
from approvals.model.alert import Alert, AlertKind
from approvals.model.ids import ActionId, AlertId, DeviceId, LoginId, SubscriptionId, UserId
from approvals.model.page import Page
from approvals.store.columns import milliseconds, milliseconds_or_none, text, text_or_none, time, time_or_none
from approvals.store.database import Connection, Row, Value, fetch_one
from approvals.store.queries import read_cursor, write_cursor


class SqlAlerts:
    """Satisfies `ports.alerts.Alerts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO alerts (
            id, kind, subscription_id, user_id, subject, found, raised_at, action_id, login_id, device_id,
            taken_by, taken_at
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (subject) DO NOTHING RETURNING id
    """

    async def add(self, alert: Alert) -> bool:
        """Keep it; False where its subject has one already."""
        row = await fetch_one(
            self._connection,
            self._ADD,
            alert.id,
            alert.kind,
            alert.subscription_id,
            alert.user_id,
            alert.subject,
            alert.found,
            milliseconds(alert.raised_at),
            alert.action_id,
            alert.login_id,
            alert.device_id,
            alert.taken_by,
            milliseconds_or_none(alert.taken_at),
        )
        return row is not None

    _LOAD: Final = "SELECT * FROM alerts WHERE id = $1"

    async def load(self, alert_id: AlertId) -> Alert | None:
        row = await fetch_one(self._connection, self._LOAD, alert_id)
        return None if row is None else _alert(row)

    _TAKE: Final = "UPDATE alerts SET taken_by = $2, taken_at = $3 WHERE id = $1 AND taken_by IS NULL RETURNING id"

    async def take(self, alert_id: AlertId, adviser_id: UserId, at: datetime) -> bool:
        """False where somebody took it before."""
        return await fetch_one(self._connection, self._TAKE, alert_id, adviser_id, milliseconds(at)) is not None

    _BROWSE: Final = "SELECT * FROM alerts WHERE {conditions} ORDER BY raised_at DESC, id DESC LIMIT {limit}"

    async def browse(self, portfolio_of: UserId | None, after: str | None, limit: int) -> Page[Alert]:
        """Newest first. Raises InvalidRequest for a cursor that is none of ours."""
        conditions, values = _narrow(portfolio_of, after)
        sql = self._BROWSE.format(conditions=conditions, limit=f"${len(values) + 1}")
        rows = await self._connection.fetch(sql, *values, limit + 1)
        alerts = [_alert(row) for row in rows[:limit]]
        last = alerts[-1] if len(rows) > limit else None
        return Page(items=alerts, next=None if last is None else write_cursor(milliseconds(last.raised_at), last.id))


_PORTFOLIO: Final = "subscription_id IN (SELECT id FROM subscriptions WHERE adviser_id = $1)"


def _narrow(portfolio_of: UserId | None, after: str | None) -> tuple[str, list[Value]]:
    conditions, values = ["1 = 1"], list[Value]()
    if portfolio_of is not None:
        conditions.append(_PORTFOLIO)
        values.append(portfolio_of)
    if after is not None:
        raised_at, alert_id = read_cursor(after, 2)
        if not raised_at.isdecimal():
            raise InvalidRequest("not a cursor of this list", field="after")
        conditions.append(f"(raised_at, id) < (${len(values) + 1}, ${len(values) + 2})")
        values += [int(raised_at), alert_id]
    return " AND ".join(conditions), values


def _alert(row: Row) -> Alert:
    action_id, login_id = text_or_none(row, "action_id"), text_or_none(row, "login_id")
    device_id, taken_by = text_or_none(row, "device_id"), text_or_none(row, "taken_by")
    return Alert(
        id=AlertId(text(row, "id")),
        kind=AlertKind(text(row, "kind")),
        subscription_id=SubscriptionId(text(row, "subscription_id")),
        user_id=UserId(text(row, "user_id")),
        subject=text(row, "subject"),
        found=text(row, "found"),
        raised_at=time(row, "raised_at"),
        action_id=None if action_id is None else ActionId(action_id),
        login_id=None if login_id is None else LoginId(login_id),
        device_id=None if device_id is None else DeviceId(device_id),
        taken_by=None if taken_by is None else UserId(taken_by),
        taken_at=time_or_none(row, "taken_at"),
    )
