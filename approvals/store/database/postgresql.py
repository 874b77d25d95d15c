"""PostgreSQL in production: a pool of connections, every transaction SERIALIZABLE.

Nothing here changes a session's state, so a connection goes back to the pool without the driver's reset query,
which would cost a round trip; the driver still rolls an abandoned transaction back.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Final, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from approvals.errors import SchemaUnknown, StaleVersion, StoreUnavailable
from approvals.store.database.connection import Connection, Database, OneStatement, PoolUse, Row, Value, refuse_nul

_Raw: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
_Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

_POOL_SIZE: Final = 20  # where throughput stops growing on few cores; more only wait inside the server
_READERS: Final = 10
_PATIENCE: Final = 15.0  # seconds for a free connection, and for one statement
_MIGRATION_LOCK: Final = 0x436F6E7472657365  # "Contrese": the advisory lock's number

_SETTINGS: Final = {
    "application_name": "contreseing",
    "idle_in_transaction_session_timeout": "30000",  # a node that hangs must not hold others up for ever
    "jit": "off",  # short statements only: compiling them costs more than it saves
    # A sequential scan of a small table locks all of it for SERIALIZABLE: unrelated writers would cancel each other.
    "enable_seqscan": "off",
}


async def open_postgresql(url: str) -> Database:
    """Open a pool. Raises StoreUnavailable when the server cannot be reached."""
    with _translated():
        writers = await _open_pool(url, _POOL_SIZE, _SETTINGS)
        try:
            readers = await _open_pool(url, _READERS, {**_SETTINGS, "default_transaction_read_only": "on"})
        except BaseException:
            await writers.close()
            raise
    return _PostgresqlDatabase(writers, readers)


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

    def __init__(self, pool: _Pool, readers: _Pool) -> None:
        self._pool = pool
        self._readers = readers

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        with _translated():
            async with (
                self._pool.acquire(timeout=_PATIENCE) as raw,
                raw.transaction(isolation="serializable"),
            ):
                yield _PostgresqlConnection(raw)

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[Connection]:
        with _translated():
            async with self._pool.acquire(timeout=_PATIENCE) as raw:
                yield OneStatement(_PostgresqlConnection(raw))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        # No BEGIN: two round trips less for each of the many small reads, and no part in the conflicts of writers.
        with _translated():
            async with self._readers.acquire(timeout=_PATIENCE) as raw:
                yield _PostgresqlConnection(raw)

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[None]:
        # Held by a session outside the migrations' own transactions: a SERIALIZABLE one that waited for the lock
        # inside would still look at the snapshot from before it.
        with _translated():
            async with self._pool.acquire(timeout=_PATIENCE) as raw:
                await raw.execute("SELECT pg_advisory_lock($1)", _MIGRATION_LOCK, timeout=None)
                try:
                    yield
                finally:
                    await raw.execute("SELECT pg_advisory_unlock($1)", _MIGRATION_LOCK)

    def use(self) -> PoolUse:
        return PoolUse(busy=self._pool.get_size() - self._pool.get_idle_size(), most=self._pool.get_max_size())

    async def close(self) -> None:
        await self._readers.close()
        await self._pool.close()


class _PostgresqlConnection:
    """Statements, each one round trip."""

    def __init__(self, raw: _Raw) -> None:
        self._raw = raw

    async def fetch(self, sql: str, *values: Value) -> Sequence[Row]:
        refuse_nul(values)
        return await self._raw.fetch(sql, *values)

    async def execute(self, sql: str, *values: Value) -> None:
        refuse_nul(values)
        await self._raw.execute(sql, *values)

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        for row in rows:
            refuse_nul(row)
        await self._raw.executemany(sql, rows)

    async def clock(self) -> datetime | None:
        now: datetime = await self._raw.fetchval("SELECT clock_timestamp()")
        return now.astimezone(UTC)


async def _keep_session(_raw: object) -> None:
    """Nothing to put back."""


@contextmanager
def _translated() -> Iterator[None]:
    """Say the driver's errors in the core's words; what is none of them is a fault of ours and stays as it is."""
    try:
        yield
    except (asyncpg.TransactionRollbackError, asyncpg.UniqueViolationError) as error:
        raise StaleVersion("another writer was first") from error
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
