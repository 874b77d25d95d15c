import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from approvals.errors import StoreUnavailable
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.builders import COMPANY, add_company
from tests.postgresql import PostgresqlServer, running_server


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresqlServer]:
    """A server of this file alone: its tests stop it."""
    with running_server() as server:
        yield server


@pytest.fixture
async def own_book(own_server: PostgresqlServer) -> AsyncIterator[SqlBook]:
    database = await open_database(await own_server.borrow_database())
    yield SqlBook(database)
    await database.close()


async def test_after_a_restart_of_the_server_the_pool_finds_its_way_back(
    own_book: SqlBook, own_server: PostgresqlServer
) -> None:
    await own_book.transaction(add_company)
    await asyncio.to_thread(own_server.stop)
    with pytest.raises(StoreUnavailable):
        await own_book.reading(lambda ledger: ledger.people.subscription(COMPANY))
    await asyncio.to_thread(own_server.start)
    assert await own_book.reading(lambda ledger: ledger.people.subscription(COMPANY)) is not None


async def test_a_transaction_cut_by_a_restart_leaves_nothing(own_book: SqlBook, own_server: PostgresqlServer) -> None:
    async def cut(ledger: Ledger) -> None:
        await add_company(ledger)
        await asyncio.to_thread(own_server.stop)
        await asyncio.to_thread(own_server.start)
        await ledger.people.subscription(COMPANY)

    with pytest.raises(StoreUnavailable):
        await own_book.transaction(cut)
    assert await own_book.reading(lambda ledger: ledger.people.subscription(COMPANY)) is None


async def test_a_driver_that_lost_its_place_is_a_store_that_cannot_be_reached(own_book: SqlBook) -> None:
    """Seen when the server is killed between two messages: the same request may succeed later."""

    async def work(_ledger: Ledger) -> None:
        raise asyncpg.InternalClientError("cannot switch to state 11; another operation (1) is in progress")

    with pytest.raises(StoreUnavailable):
        await own_book.transaction(work)


async def test_the_server_tells_its_own_time(own_book: SqlBook) -> None:
    told = await own_book.reading(lambda ledger: ledger.house.clock())
    assert told is not None
    assert abs(told - datetime.fromtimestamp(time.time(), UTC)) < timedelta(seconds=5)


async def test_a_server_turned_read_only_is_not_writable_and_says_so(own_server: PostgresqlServer) -> None:
    database = await open_database(await own_server.borrow_database())
    try:
        await database.require_writable()
        await own_server.configure("default_transaction_read_only", "on")
        with pytest.raises(StoreUnavailable, match="takes no writes"):
            await database.require_writable()
        with pytest.raises(StoreUnavailable):
            await SqlBook(database).transaction(add_company)
        await own_server.configure("default_transaction_read_only", "off")
        await database.require_writable()
        await SqlBook(database).transaction(add_company)
    finally:
        await database.close()
