"""Deliveries to the bank's core."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.model.ids import ActionId, ReleaseId
from approvals.model.release import Backlog, DeliveryStatus, Release
from approvals.store.columns import (
    blob,
    milliseconds,
    milliseconds_or_none,
    number,
    text,
    text_or_none,
    time,
    time_or_none,
)
from approvals.store.database import Connection, Row, fetch_one


class SqlReleases:
    """Satisfies `ports.outcome.Releases`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO releases (
            id, action_id, body, status, created_at, next_at, attempts, last_error, settled_at, version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (action_id) DO NOTHING RETURNING id
    """

    async def add(self, release: Release) -> None:
        """Raises StaleVersion when the action has a release already: the other transaction won."""
        await self._connection.change(
            self._ADD,
            release.id,
            release.action_id,
            release.body,
            release.status,
            milliseconds(release.created_at),
            milliseconds(release.next_at),
            release.attempts,
            release.last_error,
            milliseconds_or_none(release.settled_at),
            release.version,
            stale="the action is released already",
        )

    _LOAD: Final = "SELECT * FROM releases WHERE id = $1"

    async def load(self, release_id: ReleaseId) -> Release | None:
        row = await fetch_one(self._connection, self._LOAD, release_id)
        return None if row is None else _release(row)

    _OF_ACTION: Final = "SELECT * FROM releases WHERE action_id = $1"

    async def of_action(self, action_id: ActionId) -> Release | None:
        row = await fetch_one(self._connection, self._OF_ACTION, action_id)
        return None if row is None else _release(row)

    _CLAIM: Final = """
        UPDATE releases SET next_at = $3, version = version + 1
        WHERE id IN (SELECT id FROM releases WHERE status = $1 AND next_at <= $2 ORDER BY next_at LIMIT $4)
            AND status = $1 AND next_at <= $2
            AND NOT EXISTS (SELECT 1 FROM house WHERE name = 'restoring')
        RETURNING *
    """

    async def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Release]:
        """Take due deliveries for oneself: their `next_at` moves to `until`, so that no two nodes send at once.

        One statement, right under any isolation: a row taken meanwhile is asked again, and is no longer due. There
        are none while a restore is unfinished: the core may have them (RULES 30).
        """
        rows = await self._connection.fetch(
            self._CLAIM, DeliveryStatus.DUE, milliseconds(now), milliseconds(until), limit
        )
        return sorted(map(_release, rows), key=lambda release: release.created_at)

    _SAVE: Final = """
        UPDATE releases
        SET status = $3, next_at = $4, attempts = $5, last_error = $6, settled_at = $7, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def save(self, release: Release) -> bool:
        """Write the delivery's state; False when the version is not the one read."""
        row = await fetch_one(
            self._connection,
            self._SAVE,
            release.id,
            release.version,
            release.status,
            milliseconds(release.next_at),
            release.attempts,
            release.last_error,
            milliseconds_or_none(release.settled_at),
        )
        return row is not None

    _NEXT_DUE: Final = """
        SELECT MIN(next_at) AS next_at FROM releases
        WHERE status = $1 AND NOT EXISTS (SELECT 1 FROM house WHERE name = 'restoring')
    """

    async def next_due(self) -> datetime | None:
        (row,) = await self._connection.fetch(self._NEXT_DUE, DeliveryStatus.DUE)
        return time_or_none(row, "next_at")

    _BACKLOG: Final = """
        SELECT COUNT(*) AS due, COUNT(CASE WHEN attempts > 0 THEN 1 END) AS retried, MIN(created_at) AS oldest
        FROM releases WHERE status = $1
    """

    async def backlog(self) -> Backlog:
        (row,) = await self._connection.fetch(self._BACKLOG, DeliveryStatus.DUE)
        return Backlog(due=number(row, "due"), retried=number(row, "retried"), oldest=time_or_none(row, "oldest"))

    _LISTED: Final = "SELECT * FROM releases WHERE status = $1 ORDER BY created_at, id LIMIT $2"

    async def listed(self, status: DeliveryStatus, limit: int) -> Sequence[Release]:
        """Oldest first."""
        rows = await self._connection.fetch(self._LISTED, status, limit)
        return [_release(row) for row in rows]


def _release(row: Row) -> Release:
    return Release(
        id=ReleaseId(text(row, "id")),
        action_id=ActionId(text(row, "action_id")),
        body=blob(row, "body"),
        status=DeliveryStatus(text(row, "status")),
        created_at=time(row, "created_at"),
        next_at=time(row, "next_at"),
        attempts=number(row, "attempts"),
        last_error=text_or_none(row, "last_error"),
        settled_at=time_or_none(row, "settled_at"),
        version=number(row, "version"),
    )
