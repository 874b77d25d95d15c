import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import Database
from tests.builders import COMPANY, add_company, make_user
from tests.migrated import open_migrated


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "contreseing.sqlite3"


@pytest.fixture
async def sqlite_database(file: Path) -> AsyncIterator[Database]:
    database = await open_migrated(file)
    yield database
    await database.close()


@pytest.fixture
def sqlite_book(sqlite_database: Database) -> SqlBook:
    return SqlBook(sqlite_database)


async def cancel_in_commit(task: "asyncio.Task[None]", times: int) -> bool:
    """Cancel the task while its COMMIT is in the thread; False when the thread was faster than this."""
    for _ in range(times):
        if task.done():
            return False
        task.cancel()
        await asyncio.sleep(0)
    return True


async def test_a_commit_cancelled_twice_is_waited_out_before_the_next_writer_begins(
    sqlite_book: SqlBook,
) -> None:
    caught = 0
    for n in range(50):
        worked = asyncio.Event()

        async def work(ledger: Ledger, event: asyncio.Event = worked, number: int = n) -> None:
            if number == 0:
                await add_company(ledger)
            await ledger.people.add_user(make_user(f"usr_{number:03}"))
            event.set()

        async def fail(ledger: Ledger, number: int = n) -> None:
            await ledger.people.add_user(make_user(f"usr_never_{number:03}"))
            await asyncio.sleep(0.001)  # a COMMIT still under way in the thread would commit this
            raise LookupError

        committing = asyncio.create_task(sqlite_book.transaction(work))
        next_one = asyncio.create_task(sqlite_book.transaction(fail))
        await worked.wait()
        caught += await cancel_in_commit(committing, 2)
        _, failed = await asyncio.gather(committing, next_one, return_exceptions=True)
        assert isinstance(failed, LookupError)
    assert caught
    names = {f"usr_{n:03}" for n in range(50)} | {f"usr_never_{n:03}" for n in range(50)}
    users = await sqlite_book.reading(lambda ledger: ledger.people.users([make_user(name).id for name in names]))
    assert set(users) == {f"usr_{n:03}" for n in range(50)}


@pytest.mark.alone
async def test_a_lock_held_by_another_process_is_waited_for_with_the_loop_live(
    sqlite_book: SqlBook, file: Path
) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(sqlite_book.transaction(add_company))
    longest = 0.0
    for _ in range(30):
        before = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - before)
    assert not writing.done()
    assert longest < 0.2  # sqlite3's own timeout would hold the loop for 5 s
    assert await sqlite_book.reading(lambda ledger: ledger.people.subscription(COMPANY)) is None
    other.execute("ROLLBACK")
    other.close()
    await writing
    assert await sqlite_book.reading(lambda ledger: ledger.people.subscription(COMPANY)) is not None


async def test_a_reader_goes_on_while_a_writer_is_busy_and_sees_only_what_is_committed(
    sqlite_book: SqlBook,
) -> None:
    written, go_on = asyncio.Event(), asyncio.Event()

    async def slow(ledger: Ledger) -> None:
        await add_company(ledger)
        written.set()
        await go_on.wait()

    writing = asyncio.create_task(sqlite_book.transaction(slow))
    await written.wait()
    assert await sqlite_book.reading(lambda ledger: ledger.people.subscription(COMPANY)) is None
    go_on.set()
    await writing
    assert await sqlite_book.reading(lambda ledger: ledger.people.subscription(COMPANY)) is not None
