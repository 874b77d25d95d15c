"""The two databases behind one small surface: the only package that imports a driver.

What is run on them, and how often a lost race is run again, is left to `store.book`.
"""

from typing import Final

from approvals.store.database.connection import Connection, Database, PoolUse, Row, Value, fetch_one
from approvals.store.database.postgresql import HearClock, open_postgresql
from approvals.store.database.sqlite import open_sqlite

__all__ = ["SQLITE", "Connection", "Database", "PoolUse", "Row", "Value", "fetch_one", "open_database"]

SQLITE: Final = "sqlite:///"


async def open_database(url: str, hear_clock: HearClock | None = None) -> Database:
    """Open `sqlite:///path/to/file` or `postgresql://user@host/name`.

    `hear_clock` is told the database server's time before each commit, and prevents it by raising.

    Raises ValueError for another kind of URL (its text stays out of the message: it may hold a password),
    StoreUnavailable when the database cannot be reached.
    """
    if url.startswith(SQLITE):
        return await open_sqlite(url.removeprefix(SQLITE))
    if url.startswith(("postgresql://", "postgres://")):
        return await open_postgresql(url, hear_clock)
    raise ValueError("the database URL must begin with sqlite:/// or postgresql://")
