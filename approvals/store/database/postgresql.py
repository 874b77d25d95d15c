"""PostgreSQL in production: a pool of connections, every transaction SERIALIZABLE.

Nothing here changes a session's state, so a connection goes back to the pool without the driver's reset query,
which would cost a round trip; the driver still rolls an abandoned transaction back.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from approvals.errors import SchemaBusy, SchemaUnknown, StaleVersion, StoreUnavailable
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
from approvals.store.database.group_commit import GroupCommit
from approvals.store.database.lookups import Lookups
from approvals.store.database.writes import CLOCK, is_joined

_Raw: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
_Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
HearClock: TypeAlias = Callable[[datetime, float], None]
"""Told the server's time, and how many seconds it took to hear it."""

_POOL_SIZE: Final = 20  # where throughput stops growing on few cores; more only wait inside the server
_READERS: Final = 10
_PATIENCE: Final = 15.0  # seconds for a free connection, and for one statement
_MIGRATION_PATIENCE: Final = "2s"  # for a table others use: meanwhile everybody else waits for it too
_A_DAY: Final = 86_400.0  # seconds a migration's statement may take: a table is as long as it is
_MIGRATION_LOCK: Final = 0x436F6E7472657365  # "Contrese": the advisory lock's number
_TURN_LOCK: Final = _MIGRATION_LOCK + 1
_BEGIN: Final = "BEGIN ISOLATION LEVEL SERIALIZABLE"
_COMMIT: Final = "COMMIT"
# Waited for no longer than a few groups take: a node that stopped while it was its turn must not stop the others. The
# first COMMIT ends what the wait was part of, so that the group's own transaction sees what was committed meanwhile.
_TAKE_TURN: Final = f"SET LOCAL lock_timeout = '250ms'; SELECT pg_advisory_lock({_TURN_LOCK}); COMMIT; {_BEGIN}"
_END_TURN: Final = f"SELECT pg_advisory_unlock({_TURN_LOCK})"

_SETTINGS: Final = {
    "application_name": "contreseing",
    "idle_in_transaction_session_timeout": "30000",  # a node that hangs must not hold others up for ever
    "jit": "off",  # short statements only: compiling them costs more than it saves
    # A sequential scan of a small table locks all of it for SERIALIZABLE: unrelated writers would cancel each other.
    "enable_seqscan": "off",
}


async def open_postgresql(url: str, hear_clock: HearClock | None = None) -> Database:
    """Open a pool; `hear_clock` is told the server's time before each commit, and prevents it by raising.

    Raises StoreUnavailable when the server cannot be reached.
    """
    with _translated():
        writers = await _open_pool(url, _POOL_SIZE, _SETTINGS)
        try:
            readers = await _open_pool(url, _READERS, {**_SETTINGS, "default_transaction_read_only": "on"})
        except BaseException:
            await writers.close()
            raise
    return _PostgresqlDatabase(writers, readers, hear_clock)


async def _open_pool(url: str, size: int, settings: Mapping[str, str]) -> _Pool:
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        command_timeout=_PATIENCE,
        statement_cache_size=500,
        server_settings=dict(settings),
        reset=_keep_session,
    )


class _PostgresqlDatabase:
    """Each transaction borrows a connection of the pool for as long as it lasts."""

    def __init__(self, pool: _Pool, readers: _Pool, hear_clock: HearClock | None) -> None:
        self._pool = pool
        self._readers = readers
        self._hear_clock = hear_clock
        self._groups = GroupCommit(self._in_turn)
        self._lookups = Lookups(self.reading)

    def transaction(self, of: str | None = None) -> AbstractAsyncContextManager[Connection]:
        return self._alone() if of is None else self._groups.transaction(of)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator["_PostgresqlConnection"]:
        with _translated():
            async with self._pool.acquire(timeout=_PATIENCE) as raw:
                await raw.execute(_BEGIN)
                async with self._until_committed(raw, _COMMIT) as connection:
                    yield connection

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator["_PostgresqlConnection"]:
        # Two groups read and write so many pages that they would nearly always cancel each other: nodes take turns.
        # The lock is a session's, because a transaction that waited for it would look at the snapshot from before it.
        with _translated():
            async with self._pool.acquire(timeout=_PATIENCE) as raw:
                is_ours = await _begin_in_turn(raw)
                try:
                    async with self._until_committed(raw, f"{_COMMIT}; {_END_TURN}" if is_ours else _COMMIT) as line:
                        yield line
                except BaseException:
                    if is_ours:
                        await _end_turn(raw)
                    raise

    @asynccontextmanager
    async def _until_committed(self, raw: _Raw, commit: str) -> AsyncIterator["_PostgresqlConnection"]:
        """Commit the transaction that has begun, in time by the server's clock, or roll it back."""
        connection = _PostgresqlConnection(raw)
        try:
            yield connection
            if self._hear_clock is not None:
                self._hear_clock(*await connection.latest_clock())
            await raw.execute(commit)
        except BaseException:
            if raw.is_in_transaction():
                await raw.execute("ROLLBACK")
            raise

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[Connection]:
        with _translated():
            async with self._pool.acquire(timeout=_PATIENCE) as raw:
                yield OneStatement(_PostgresqlConnection(raw))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["_PostgresqlConnection"]:
        # No BEGIN: two round trips less for each of the many small reads, and no part in the conflicts of writers.
        with _translated():
            async with self._readers.acquire(timeout=_PATIENCE) as raw:
                yield _PostgresqlConnection(raw)

    def lookup(self) -> AbstractAsyncContextManager[Connection]:
        return self._lookups.reading()

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[None]:
        # Held by a session outside the migrations' own transactions: a SERIALIZABLE one that waited for the lock
        # inside would still look at the snapshot from before it.
        with _translated():
            async with self._pool.acquire(timeout=_PATIENCE) as raw:
                try:
                    await raw.execute("SELECT pg_advisory_lock($1)", _MIGRATION_LOCK)
                except TimeoutError:
                    raise SchemaBusy("another migration is under way: try again when it is done") from None
                try:
                    yield
                finally:
                    await raw.execute("SELECT pg_advisory_unlock($1)", _MIGRATION_LOCK)

    @asynccontextmanager
    async def migration(self) -> AsyncIterator[Connection]:
        with _translated():
            async with (
                self._pool.acquire(timeout=_PATIENCE) as raw,
                raw.transaction(isolation="serializable"),
            ):
                await raw.execute(f"SET LOCAL lock_timeout = '{_MIGRATION_PATIENCE}'")
                yield _PostgresqlConnection(raw, patience=_A_DAY)

    async def require_writable(self) -> None:
        with _translated():
            async with self._pool.acquire(timeout=_PATIENCE) as raw:
                is_read_only = await raw.fetchval("SELECT current_setting('transaction_read_only') = 'on'")
        if is_read_only:
            raise StoreUnavailable("the database takes no writes: a standby, or turned read-only")

    def use(self) -> PoolUse:
        return PoolUse(busy=self._pool.get_size() - self._pool.get_idle_size(), most=self._pool.get_max_size())

    async def close(self) -> None:
        await self._groups.close()
        await self._readers.close()
        await self._pool.close()


class _PostgresqlConnection:
    """Statements, each one round trip; `patience` is what one that returns nothing may take, in seconds."""

    def __init__(self, raw: _Raw, *, patience: float = _PATIENCE) -> None:
        self._raw = raw
        self._patience = patience
        self._told: tuple[datetime, float] | None = None  # the time of a write that came last, and when it was asked

    async def fetch(self, sql: str, *values: Value) -> Sequence[Row]:
        refuse_nul(values)
        return await self._raw.fetch(sql, *values)

    async def execute(self, sql: str, *values: Value) -> None:
        refuse_nul(values)
        await self._raw.execute(sql, *values, timeout=self._patience)

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        for row in rows:
            refuse_nul(row)
        await self._raw.executemany(sql, rows)

    async def change(self, sql: str, *values: Value, stale: str) -> None:
        require_row(await self.fetch(sql, *values), stale)

    async def fetch_each(self, sql: str, asked: Sequence[Sequence[Value]]) -> Sequence[Sequence[Row]]:
        """Answer one statement for many rows of values in one round trip: each row returned says whose it is."""
        if is_joined(sql):
            return [(row,) for row in await self._write_each(sql, asked)]
        self._told = None
        if len(asked) == 1:
            return [await self._raw.fetch(sql, *asked[0])]
        if not _returns_rows(sql):
            await self._raw.executemany(sql, asked)
            return [()] * len(asked)
        answers: list[list[Row]] = [[] for _ in asked]
        numbered = [(*values, number) for number, values in enumerate(asked)]
        for row in await self._raw.fetchmany(_with_number(sql, len(asked[0]) + 1), numbered):
            answers[row["asked_number"]].append(row)
        return answers

    async def clock(self) -> datetime:
        now: datetime = await self._raw.fetchval("SELECT clock_timestamp()")
        return now.astimezone(UTC)

    async def latest_clock(self) -> tuple[datetime, float]:
        """Return the server's time and how many seconds ago it was asked: by the write that came last, or now."""
        if self._told is None:
            asked = time.monotonic()
            self._told = await self.clock(), asked
        told, asked = self._told
        return told, time.monotonic() - asked

    async def _write_each(self, sql: str, asked: Sequence[Sequence[Value]]) -> Sequence[Row]:
        began = time.monotonic()
        rows = await (self._raw.fetch(sql, *asked[0]) if len(asked) == 1 else self._raw.fetchmany(sql, asked))
        self._told = rows[-1][CLOCK].astimezone(UTC), began
        return rows


@lru_cache(maxsize=2048)
def _returns_rows(sql: str) -> bool:
    text = sql.upper()
    return text.lstrip().startswith("SELECT") or "RETURNING" in text


@lru_cache(maxsize=2048)
def _with_number(sql: str, placeholder: int) -> str:
    numbered = "SELECT answer.*, CAST(${} AS INTEGER) AS asked_number FROM answer"
    return f"WITH answer AS ({sql}) {numbered.format(placeholder)}"


async def _begin_in_turn(raw: _Raw) -> bool:
    """Begin when it is the groups' turn; False where that is not given up: it saves conflicts and decides nothing."""
    try:
        await raw.execute(_TAKE_TURN)
    except asyncpg.LockNotAvailableError:
        await raw.execute(_BEGIN)
        return False
    except BaseException:
        raw.terminate()  # a node that was paused right here may have the lock and not know: it goes with its session
        raise
    return True


async def _end_turn(raw: _Raw) -> None:
    try:
        await raw.execute(_END_TURN)
    except BaseException:
        raw.terminate()  # the lock goes with its session
        raise


async def _keep_session(_raw: object) -> None:
    """Nothing to put back."""


@contextmanager
def _translated() -> Iterator[None]:
    """Say the driver's errors in the core's words; what is none of them is a fault of ours and stays as it is."""
    try:
        yield
    except (asyncpg.TransactionRollbackError, asyncpg.UniqueViolationError) as error:
        raise StaleVersion("another writer was first") from error
    except asyncpg.LockNotAvailableError as error:
        raise SchemaBusy(
            "a table is in use, by a long statement or a backup: nothing was changed, try again"
        ) from error
    except asyncpg.UndefinedTableError as error:
        raise SchemaUnknown("a table is missing: run `contreseing migrate`") from error
    except (asyncpg.DataError, asyncpg.ClientConfigurationError):
        raise  # InterfaceErrors too, but ours to mend
    except (
        asyncpg.PostgresConnectionError,
        asyncpg.OperatorInterventionError,  # shutdown, start-up, a cancelled statement
        asyncpg.InsufficientResourcesError,
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.InvalidCatalogNameError,
        asyncpg.ReadOnlySQLTransactionError,  # a standby, or a write where only reading was asked for
        asyncpg.InterfaceError,  # the connection closed under a statement
        asyncpg.InternalClientError,  # the server died between two messages: the driver has lost its place
        OSError,
        TimeoutError,
    ) as error:
        raise StoreUnavailable("the database cannot be reached or does not answer") from error
