"""What the database knows of itself; its rows are written by the first migration (`migrate.py`)."""

from datetime import datetime
from typing import Final

from approvals.errors import SchemaUnknown
from approvals.store.columns import from_milliseconds, text
from approvals.store.database import Connection, fetch_one

EPOCH: Final = "epoch"
DEMO: Final = "demo"
RESTORING: Final = "restoring"
"""When the store was restored, in milliseconds since 1970 UTC; there until `contreseing restore finish` (RULES 30)."""


class SqlHouse:
    """Satisfies `ports.vault.House`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def epoch(self) -> str:
        """Changes when the store is restored; devices then start afresh (CHANNELS)."""
        epoch = await self._fact(EPOCH)
        if epoch is None:
            raise SchemaUnknown("the database has no epoch")
        return epoch

    async def is_demo(self) -> bool:
        return await self._fact(DEMO) is not None

    async def restoring(self) -> datetime | None:
        """Since when a restore waits to be finished; None where none does."""
        since = await self._fact(RESTORING)
        return None if since is None else from_milliseconds(int(since))

    _END_RESTORE: Final = "DELETE FROM house WHERE name = $1"

    async def end_restore(self) -> None:
        await self._connection.execute(self._END_RESTORE, RESTORING)

    async def clock(self) -> datetime | None:
        """The database's own time; None where it is this machine's (SQLite)."""
        return await self._connection.clock()

    _FACT: Final = "SELECT value FROM house WHERE name = $1"

    async def _fact(self, name: str) -> str | None:
        row = await fetch_one(self._connection, self._FACT, name)
        return None if row is None else text(row, "value")
