"""Recent failures by caller and in all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.model.throttle import FailureBucket
from approvals.store.columns import milliseconds, real, text, time
from approvals.store.database import Connection, Row
from approvals.store.queries import placeholders


class SqlFailureBuckets:
    """Satisfies `ports.doors.FailureBuckets`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _LOAD: Final = "SELECT * FROM failure_buckets WHERE bucket IN ({buckets})"

    async def load(self, keys: Sequence[str]) -> Sequence[FailureBucket]:
        """Those that exist; a caller without one has not failed lately."""
        if not keys:
            return []
        rows = await self._connection.fetch(self._LOAD.format(buckets=placeholders(len(keys))), *keys)
        return [_bucket(row) for row in rows]

    _SAVE: Final = """
        INSERT INTO failure_buckets (bucket, level, at) VALUES ($1, $2, $3)
        ON CONFLICT (bucket) DO UPDATE SET level = excluded.level, at = excluded.at
    """

    async def save(self, bucket: FailureBucket) -> None:
        await self._connection.execute(self._SAVE, bucket.key, bucket.level, milliseconds(bucket.at))

    _SWEEP: Final = "DELETE FROM failure_buckets WHERE at < $1 AND bucket NOT LIKE 'door:%'"

    async def sweep(self, before: datetime) -> None:
        """Forget buckets that have leaked empty; doors do not leak, and stay."""
        await self._connection.execute(self._SWEEP, milliseconds(before))


def _bucket(row: Row) -> FailureBucket:
    return FailureBucket(key=text(row, "bucket"), level=real(row, "level"), at=time(row, "at"))
