"""What the database knows of itself; its rows are written by the first migration (`migrate.py`)."""

from datetime import datetime
from typing import Final

from approvals.errors import SchemaUnknown
from approvals.store.columns import text
from approvals.store.database import Connection, fetch_one

EPOCH: Final = "epoch"
DEMO: Final = "demo"


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

    async def clock(self) -> datetime | None:
        """The database's own time; None where it is this machine's (SQLite)."""
        return await self._connection.clock()

    _FACT: Final = "SELECT value FROM house WHERE name = $1"

    async def _fact(self, name: str) -> str | None:
        row = await fetch_one(self._connection, self._FACT, name)
        return None if row is None else text(row, "value")
