"""A new SQLite database with every migration: they run once a process, and each test is given a copy of the file."""

import tempfile
from pathlib import Path

from approvals.store.database import Database, open_database
from approvals.store.migrate import migrate

_original = bytearray()


async def open_migrated(file: Path) -> Database:
    """Open a database with no rows in this file, which is made."""
    if not _original:
        await _migrate_once()
    _copy(file)
    return await open_database(f"sqlite:///{file}")


async def _migrate_once() -> None:
    with tempfile.TemporaryDirectory(prefix="contreseing-sqlite-") as folder:
        file = Path(folder, "house.db")
        database = await open_database(f"sqlite:///{file}")
        await migrate(database)
        await database.close()
        _keep(file)


def _keep(file: Path) -> None:
    _original.extend(file.read_bytes())


def _copy(file: Path) -> None:
    file.write_bytes(_original)
