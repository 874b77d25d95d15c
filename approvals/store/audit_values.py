"""What opens the audit's commitments: found when it is past its time, and erased (RULES 31)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.model.ids import AuditId, SubscriptionId
from approvals.ports.sealing import HeldValue
from approvals.store.audit_tree import line_of
from approvals.store.columns import milliseconds, text, text_or_none, time_or_none
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.queries import placeholders

_WALKED: Final = "retention_walked"


class SqlAuditValues:
    """Satisfies `ports.sealing.AuditValues`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # The company is the action's, or the acting person's ("user:" has five letters).
    _HELD: Final = """
        SELECT audit.*, audit_values.audit_id, audit_values.salt, audit_values.value, audit_values.erased_by,
            COALESCE(actions.subscription_id, users.subscription_id) AS company, ended_relations.ended_at
        FROM audit
        JOIN audit_values ON audit_values.audit_id = audit.id
        LEFT JOIN actions ON actions.id = audit.action_id
        LEFT JOIN users ON users.id = SUBSTR(audit.actor, 6)
        LEFT JOIN ended_relations
            ON ended_relations.subscription_id = COALESCE(actions.subscription_id, users.subscription_id)
        WHERE audit.leaf >= $1 AND audit.leaf < $2 AND audit_values.erased_by IS NULL
        ORDER BY audit.leaf
    """

    async def held(self, start: int, limit: int) -> Sequence[HeldValue]:
        """Rows with leaves from `start` to `start + limit`, the last left out, whose value is not erased."""
        return [_held(row) for row in await self._connection.fetch(self._HELD, start, start + limit)]

    _ERASE: Final = """
        UPDATE audit_values SET salt = NULL, value = NULL, erased_by = $1
        WHERE audit_id IN ({rows}) AND erased_by IS NULL RETURNING audit_id
    """

    async def erase(self, rows: Sequence[AuditId], by: AuditId) -> int:
        """Delete value and salt of these rows; return how many had any."""
        sql = self._ERASE.format(rows=placeholders(len(rows), first=2))
        return len(await self._connection.fetch(sql, by, *rows))

    _END_RELATION: Final = """
        INSERT INTO ended_relations (subscription_id, ended_at) VALUES ($1, $2)
        ON CONFLICT (subscription_id) DO UPDATE SET ended_at = excluded.ended_at
    """

    async def end_relation(self, subscription_id: SubscriptionId, at: datetime) -> None:
        await self._connection.execute(self._END_RELATION, subscription_id, milliseconds(at))

    _WALK: Final = "INSERT INTO house (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2"

    async def walk(self, leaf: int) -> None:
        await self._connection.execute(self._WALK, _WALKED, str(leaf))

    _LEAF: Final = "SELECT value FROM house WHERE name = $1"

    async def walked(self) -> int:
        """The leaf up to which the last round of retention came."""
        row = await fetch_one(self._connection, self._LEAF, _WALKED)
        return 0 if row is None else int(text(row, "value"))


def _held(row: Row) -> HeldValue:
    subscription_id = text_or_none(row, "company")
    return HeldValue(
        line=line_of(row),
        subscription_id=None if subscription_id is None else SubscriptionId(subscription_id),
        relation_ended_at=time_or_none(row, "ended_at"),
    )
