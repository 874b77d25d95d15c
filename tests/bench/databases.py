"""The databases measured, durable as in production: read back over the product's own connections, or nothing runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from approvals.store.database import open_database
from tests.bench.jobs import JobFailed
from tests.postgresql import PostgresqlServer, running_server

_DURABLE: Final = """
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 512MB
max_wal_size = 4GB
"""
_ASKED: Final = {
    "PostgreSQL": {
        "fsync": "SELECT current_setting('fsync') AS value",
        "synchronous_commit": "SELECT current_setting('synchronous_commit') AS value",
        "full_page_writes": "SELECT current_setting('full_page_writes') AS value",
    },
    "SQLite": {
        "synchronous": "SELECT CAST(synchronous AS TEXT) AS value FROM pragma_synchronous",
        "journal_mode": "SELECT journal_mode AS value FROM pragma_journal_mode",
    },
}
_STRONG: Final = {
    "fsync": {"on"},
    "synchronous_commit": {"on"},
    "full_page_writes": {"on"},
    "synchronous": {"2", "3"},  # FULL, EXTRA
    "journal_mode": {"wal", "delete", "truncate", "persist"},
}
_MEMORY: Final = frozenset({"tmpfs", "ramfs", "devtmpfs"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One empty database; `postmaster` is its server's process, None for SQLite; `folder` is on its disk."""

    name: str
    url: str
    folder: Path
    postmaster: int | None


@contextmanager
def durable_postgresql() -> Iterator[PostgresqlServer]:
    """Run a PostgreSQL of our own, its settings those of production."""
    with running_server() as server:
        with (server.home / "cluster" / "postgresql.conf").open("a") as settings:
            settings.write(_DURABLE)
        server.stop()
        server.start()
        yield server


async def new_postgresql(server: PostgresqlServer) -> Place:
    pid = (server.home / "cluster" / "postmaster.pid").read_text("ascii").split()[0]
    return Place(name="PostgreSQL", url=await server.make_empty_database(), folder=server.home, postmaster=int(pid))


def new_sqlite(folder: Path) -> Place:
    return Place(name="SQLite", url=f"sqlite:///{folder / 'bench.db'}", folder=folder, postmaster=None)


async def require_durable(place: Place) -> Mapping[str, str]:
    """Return what makes commits durable, read back. Raises JobFailed when any of it is weak."""
    database = await open_database(place.url)
    try:
        async with database.transaction() as connection:
            found = {name: str((await connection.fetch(sql))[0]["value"]) for name, sql in _ASKED[place.name].items()}
    finally:
        await database.close()
    found["filesystem"] = filesystem_of(place.folder)
    weak = [name for name, value in found.items() if value not in _STRONG.get(name, {value})]
    if found["filesystem"] in _MEMORY:
        weak.append("filesystem")
    if weak:
        raise JobFailed(f"{place.name} would not keep what it commits: {', '.join(f'{n} = {found[n]}' for n in weak)}")
    return found


def filesystem_of(folder: Path) -> str:
    """Return the type of the file system a folder is on."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text("utf-8").splitlines()]
    above = [fields for fields in mounts if folder.resolve().is_relative_to(fields[1])]
    return max(above, key=lambda fields: len(fields[1]))[2]
