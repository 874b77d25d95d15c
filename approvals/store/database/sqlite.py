"""SQLite as the embedded database: one writer at a time, reads on a second connection.

Statements run on the event loop, since each takes tens of microseconds and a hop to a thread costs more; only
COMMIT, which waits for the disk, runs in a thread. sqlite3's own busy timeout is off: it would freeze the loop.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from typing import Final

from approvals.errors import ApprovalError, SchemaUnknown, StaleVersion, StoreUnavailable
from approvals.store.database.connection import (
    Connection,
    Database,
    OneStatement,
    PoolUse,
    Row,
    Value,
    refuse_nul,
    require_row,
)
from approvals.store.database.patience import pauses

_BUSY_TRIES: Final = 200  # of at most 50 ms each: about 5 s for another process to finish its write
_TAKEN: Final = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})
_OUT_OF_ORDER: Final = frozenset(
    {
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
    }
)


async def open_sqlite(path: str) -> Database:
    """Open the file, made when it is missing. Raises StoreUnavailable when it cannot be opened."""
    with _translated():
        writer = await _open_connection(path)
        reader = await _open_connection(path)
        reader.execute("PRAGMA query_only = ON")
    return _SqliteDatabase(writer, reader)


class _SqliteDatabase:
    """Two connections to one file, each used by one task at a time."""

    def __init__(self, writer: sqlite3.Connection, reader: sqlite3.Connection) -> None:
        self._writer = writer
        self._reader = reader
        self._writing = asyncio.Lock()
        self._being_read = asyncio.Lock()
        # A thread of its own: the default executor may be full of password hashing, and COMMIT holds the lock.
        self._committer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-commit")

    @asynccontextmanager
    async def transaction(self, of: str | None = None) -> AsyncIterator[Connection]:
        del of  # one writer at a time: nothing to share
        async with self._writing:
            with _translated():
                await _when_free(lambda: self._writer.execute("BEGIN IMMEDIATE"))
                try:
                    yield _SqliteConnection(self._writer)
                    await self._commit()
                finally:
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[Connection]:
        async with self.transaction() as connection:
            yield OneStatement(connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        async with self._being_read:
            with _translated():
                self._reader.execute("BEGIN")
                try:
                    yield _SqliteConnection(self._reader)
                finally:
                    if self._reader.in_transaction:
                        self._reader.execute("ROLLBACK")

    def lookup(self) -> AbstractAsyncContextManager[Connection]:
        return self.reading()

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[None]:
        yield  # BEGIN IMMEDIATE is the lock: each migration looks again, once it holds it

    def migration(self) -> AbstractAsyncContextManager[Connection]:
        return self.transaction()

    async def require_writable(self) -> None:
        async with self.transaction():
            pass  # BEGIN IMMEDIATE is refused where the file cannot be written

    def use(self) -> PoolUse:
        return PoolUse(busy=self._writing.locked() + self._being_read.locked(), most=2)

    async def close(self) -> None:
        async with self._writing, self._being_read:
            self._writer.close()
            self._reader.close()
            self._committer.shutdown()

    async def _commit(self) -> None:
        """Commit in the thread and wait it out, however often this task is cancelled meanwhile.

        Were the lock freed before the thread is done, its COMMIT would commit the next task's half-done work.
        """
        loop = asyncio.get_running_loop()
        commit = loop.run_in_executor(self._committer, self._writer.execute, "COMMIT")
        cancelled: asyncio.CancelledError | None = None
        while not commit.done():
            try:
                await asyncio.wait({commit})
            except asyncio.CancelledError as error:
                cancelled = error
        commit.result()
        if cancelled is not None:
            raise cancelled


class _SqliteConnection:
    """Statements on the loop: nothing here waits for anything but the file."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    async def fetch(self, sql: str, *values: Value) -> Sequence[Row]:
        return self._raw.execute(sql, _named(values)).fetchall()

    async def execute(self, sql: str, *values: Value) -> None:
        self._raw.execute(sql, _named(values)).fetchall()

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        self._raw.executemany(sql, map(_named, rows))

    async def change(self, sql: str, *values: Value, stale: str) -> None:
        require_row(self._raw.execute(sql, _named(values)).fetchall(), stale)

    async def clock(self) -> datetime | None:
        return None


async def _open_connection(path: str) -> sqlite3.Connection:
    raw = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=512)
    raw.row_factory = sqlite3.Row
    try:
        await _when_free(lambda: raw.execute("PRAGMA journal_mode = WAL").fetchall())
        raw.execute("PRAGMA synchronous = FULL")  # a committed approval survives a power cut
        raw.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        raw.close()
        raise
    return raw


async def _when_free(attempt: Callable[[], object]) -> None:
    """Try until no other process holds the file, awaiting in between so that the loop stays live."""
    for pause in pauses(_BUSY_TRIES, first=0.001, longest=0.05):
        try:
            attempt()
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
        else:
            return
        await asyncio.sleep(pause)
    raise StoreUnavailable("another process keeps the database locked")


def _is_busy(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _named(values: Sequence[Value]) -> dict[str, Value]:
    refuse_nul(values)
    return {str(number): value for number, value in enumerate(values, start=1)}


@contextmanager
def _translated() -> Iterator[None]:
    """Say the driver's errors in the core's words; what is none of them is a fault of ours and stays as it is."""
    try:
        yield
    except sqlite3.Error as error:
        told = _in_our_words(error)
        if told is None:
            raise
        raise told from error


def _in_our_words(error: sqlite3.Error) -> ApprovalError | None:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # misuse has none
    if code in _TAKEN or code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StaleVersion("another writer was first")
    if code & 0xFF in _OUT_OF_ORDER:
        return StoreUnavailable("the database file cannot be used")
    if "no such table" in str(error):  # sqlite3 has no code of its own for it
        return SchemaUnknown("a table is missing: run `contreseing migrate`")
    return None
