"""What a database offers the store: statements with `$1` placeholders inside a transaction, and nothing else.

How each driver does it is `sqlite.py`'s and `postgresql.py`'s.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from approvals.errors import InvalidRequest, StaleVersion

Value: TypeAlias = str | int | float | bytes | None


class Row(Protocol):
    """One row, by column name; `store.columns` gives its values their types."""

    def __getitem__(self, column: str, /) -> object: ...


class Connection(Protocol):
    """Runs statements inside one transaction. Raises InvalidRequest for a text holding U+0000.

    What returns nothing may be kept until the commit; a later `fetch` sees it all the same.
    """

    async def fetch(self, sql: str, *values: Value) -> Sequence[Row]:
        """Return every row the statement gives; none is left unread."""
        ...

    async def execute(self, sql: str, *values: Value) -> None: ...

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        """Run one statement for each row of values."""
        ...

    async def change(self, sql: str, *values: Value, stale: str) -> None:
        """Run a statement that returns the row it wrote.

        Raises StaleVersion(stale), at the latest at the commit, when there was none: somebody else was first.
        """
        ...

    async def clock(self) -> datetime | None:
        """The server's own time; None where the database lives in this process."""
        ...


class Line(Connection, Protocol):
    """A connection that answers one statement for many rows of values in one round trip."""

    async def fetch_each(self, sql: str, asked: Sequence[Sequence[Value]]) -> Sequence[Sequence[Row]]:
        """Return the rows of each, in the order asked."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolUse:
    """How many connections a transaction is on now, and how many there may be at once."""

    busy: int
    most: int


class Database(Protocol):
    """A database that is open.

    Leaving a transaction commits it; leaving it by an exception rolls it back. Raises StaleVersion when another
    writer won (run the work again), StoreUnavailable when the database cannot be reached or will not answer,
    SchemaUnknown when a table is missing.
    """

    def transaction(self, of: str | None = None) -> AbstractAsyncContextManager[Connection]:
        """Write, alone (SQLite) or as if alone (PostgreSQL, SERIALIZABLE).

        With `of` (a company), it may share BEGIN, round trips and COMMIT with transactions of others; the body must
        then await nothing but its connection.
        """
        ...

    def statement(self) -> AbstractAsyncContextManager[Connection]:
        """Run one statement by itself, which needs nobody's isolation; a second is refused with RuntimeError."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Read what is committed at each statement; a write is refused by the database."""
        ...

    def lookup(self) -> AbstractAsyncContextManager[Connection]:
        """The same for small reads by key, which may be sent together with those of others."""
        ...

    def migrating(self) -> AbstractAsyncContextManager[None]:
        """Keep other processes from migrating meanwhile; migrations are run inside it. Raises SchemaBusy."""
        ...

    def migration(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction that may alter tables others use, and take its time over it.

        Whoever comes for such a table waits behind it, so it waits for the table a moment only. Raises SchemaBusy then.
        """
        ...

    async def require_writable(self) -> None:
        """Raise StoreUnavailable where nothing can be written: a standby, a database turned read-only."""
        ...

    def use(self) -> PoolUse: ...

    async def close(self) -> None: ...


class OneStatement:
    """A connection that runs one statement and no other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_spent = False

    async def fetch(self, sql: str, *values: Value) -> Sequence[Row]:
        return await self._spent().fetch(sql, *values)

    async def execute(self, sql: str, *values: Value) -> None:
        await self._spent().execute(sql, *values)

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        await self._spent().execute_many(sql, rows)

    async def change(self, sql: str, *values: Value, stale: str) -> None:
        await self._spent().change(sql, *values, stale=stale)

    async def clock(self) -> datetime | None:
        return await self._spent().clock()

    def _spent(self) -> Connection:
        if self._is_spent:
            raise RuntimeError("two statements need a transaction")
        self._is_spent = True
        return self._connection


async def fetch_one(connection: Connection, sql: str, *values: Value) -> Row | None:
    """Return the first row, or None."""
    rows = await connection.fetch(sql, *values)
    return rows[0] if rows else None


def require_row(rows: Sequence[Row], stale: str) -> None:
    """Raise StaleVersion(stale) when a statement that compares and sets found no row."""
    if not rows:
        raise StaleVersion(stale)


def refuse_nul(values: Sequence[Value]) -> None:
    """PostgreSQL has no U+0000 in text and SQLite cuts at it in places: both refuse it alike."""
    for value in values:
        if isinstance(value, str) and "\0" in value:
            raise InvalidRequest("a text holds the character U+0000")
