"""What the database knows of itself; its rows are written by the first migration (`migrate.py`)."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

import msgspec

from approvals.errors import SchemaUnknown
from approvals.model.identity import HouseIdentity
from approvals.store.columns import from_milliseconds, text
from approvals.store.database import Connection, fetch_one
from approvals.store.documents import write

EPOCH: Final = "epoch"
DEMO: Final = "demo"
IDENTITY: Final = "identity"
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

    async def identity(self) -> HouseIdentity | None:
        """Whose database this is; None until the first node served it."""
        kept = await self._fact(IDENTITY)
        return None if kept is None else msgspec.json.decode(kept, type=HouseIdentity)

    _PUT: Final = "INSERT INTO house (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2"

    async def put_identity(self, identity: HouseIdentity) -> None:
        await self._connection.execute(self._PUT, IDENTITY, write(asdict(identity)))

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
