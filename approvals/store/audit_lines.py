"""The audit read newest first, narrowed; writing it is `audit`'s."""

from typing import Final

from approvals.errors import InvalidRequest
from approvals.model.audit import AuditEntry
from approvals.model.page import Page
from approvals.ports.audit_lines import AuditFilter
from approvals.store.audit import read_entry
from approvals.store.columns import milliseconds_or_none, number, text
from approvals.store.database import Connection, Value
from approvals.store.queries import read_cursor, write_cursor


class SqlAuditLines:
    """Satisfies `ports.audit_lines.AuditLines`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _BROWSE: Final = """
        SELECT audit.id, audit.code, audit.actor, audit.at, audit.action_id, audit.retention, audit_values.value
        FROM audit LEFT JOIN audit_values ON audit_values.audit_id = audit.id
        WHERE {conditions} ORDER BY audit.at DESC, audit.id DESC LIMIT {limit}
    """

    async def browse(self, wanted: AuditFilter, after: str | None, limit: int) -> Page[AuditEntry]:
        """Newest first; an erased value is empty. Raises InvalidRequest for a cursor that is none of ours."""
        conditions, values = _narrow(wanted, after)
        sql = self._BROWSE.format(conditions=conditions, limit=f"${len(values) + 1}")
        rows = await self._connection.fetch(sql, *values, limit + 1)
        last = rows[limit - 1] if len(rows) > limit else None
        cursor = None if last is None else write_cursor(number(last, "at"), text(last, "id"))
        return Page(items=[read_entry(row) for row in rows[:limit]], next=cursor)


_PORTFOLIO: Final = """(
    audit.actor = 'user:' || CAST({0} AS TEXT)
    OR EXISTS (
        SELECT 1 FROM actions JOIN subscriptions ON subscriptions.id = actions.subscription_id
        WHERE actions.id = audit.action_id AND (subscriptions.adviser_id = {0} OR actions.initiator = {0})
    )
    OR EXISTS (
        SELECT 1 FROM users JOIN subscriptions ON subscriptions.id = users.subscription_id
        WHERE audit.actor LIKE 'user:%' AND users.id = SUBSTR(audit.actor, 6) AND subscriptions.adviser_id = {0}
    )
)"""


def _narrow(wanted: AuditFilter, after: str | None) -> tuple[str, list[Value]]:
    """Return the conditions of a browse, joined, and their values in order."""
    conditions = ["1 = 1"]
    values: list[Value] = []
    for condition, value in (
        (_PORTFOLIO, wanted.portfolio_of),
        ("audit.action_id = {0}", wanted.action_id),
        ("audit.actor = 'user:' || CAST({0} AS TEXT)", wanted.user_id),
        ("audit.code = {0}", wanted.code),
        ("audit.at >= {0}", milliseconds_or_none(wanted.since)),
        ("audit.at < {0}", milliseconds_or_none(wanted.until)),
    ):
        if value is not None:
            values.append(value)
            conditions.append(condition.format(f"${len(values)}"))
    if after is not None:
        at, audit_id = _keys(after)
        conditions.append(f"(audit.at, audit.id) < (${len(values) + 1}, ${len(values) + 2})")
        values += [at, audit_id]
    return " AND ".join(conditions), values


def _keys(after: str) -> tuple[int, str]:
    at, audit_id = read_cursor(after, 2)
    if not at.isdecimal():
        raise InvalidRequest("not a cursor of this list", field="after")
    return int(at), audit_id
