import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import asyncpg
import pytest

from approvals.errors import NotFound
from approvals.model.idempotency import RequestKey
from approvals.model.ids import SubscriptionId
from approvals.model.person import Subscription
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import Database, open_database
from tests.builders import NOW, make_subscription

pytestmark = pytest.mark.parametrize("server_if_any", ["postgresql"], indirect=True)

MANY = 20


@pytest.fixture
async def raw(database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


def company(number: int) -> Subscription:
    return replace(make_subscription(), id=SubscriptionId(f"sub_{number}"), client_identifier=f"{number:08}")


def adding(number: int) -> Callable[[Ledger], Awaitable[None]]:
    async def add(ledger: Ledger) -> None:
        await ledger.people.add_subscription(company(number))

    return add


async def commits(raw: "asyncpg.Connection[asyncpg.Record]") -> int:
    """How many transactions wrote the companies that are there."""
    count: int = await raw.fetchval("SELECT COUNT(DISTINCT CAST(xmin AS TEXT)) FROM subscriptions")
    return count


async def found(book: SqlBook, number: int) -> Subscription | None:
    return await book.reading(lambda ledger: ledger.people.subscription(company(number).id))


async def looked_up(book: SqlBook, number: int) -> Subscription | None:
    async def look(ledger: Ledger) -> Subscription | None:
        return await ledger.people.subscription(company(number).id)

    return await book.lookup(look)


async def test_transactions_of_different_companies_share_a_commit(
    book: SqlBook, raw: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await asyncio.gather(*(book.transaction(adding(n), of=company(n).id) for n in range(MANY)))
    assert await raw.fetchval("SELECT COUNT(*) FROM subscriptions") == MANY
    assert await commits(raw) < MANY / 2


async def test_nodes_take_turns_and_do_not_cancel_each_other(database: Database, database_url: str) -> None:
    runs = 0

    def asking(number: int) -> Callable[[Ledger], Awaitable[None]]:
        key = RequestKey(caller=f"caller {number}", key="k", request_digest="0" * 64)

        async def ask(ledger: Ledger) -> None:
            nonlocal runs
            runs += 1
            assert await ledger.requests.find(key) is None
            await ledger.requests.keep(key, "done", NOW)

        return ask

    other = await open_database(database_url)
    nodes = [SqlBook(database), SqlBook(other)]
    for start in range(0, 400, 40):
        numbers = range(start, start + 40)
        await asyncio.gather(*(nodes[n % 2].transaction(asking(n), of=company(n).id) for n in numbers))
    await other.close()
    assert runs < 500


async def test_a_turn_that_is_never_given_up_stops_nobody(
    book: SqlBook, raw: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await raw.execute("SELECT pg_advisory_lock($1)", 0x436F6E7472657366)
    async with asyncio.timeout(5):
        await book.transaction(adding(1), of=company(1).id)
    assert await found(book, 1) == company(1)


async def test_what_a_transaction_wrote_is_read_anew(book: SqlBook) -> None:
    async def look_add_and_look(ledger: Ledger) -> list[bool]:
        before = await ledger.people.subscription(company(1).id)
        await ledger.people.add_subscription(company(1))
        return [before is None, await ledger.people.subscription(company(1).id) == company(1)]

    assert await book.transaction(look_add_and_look, of=company(1).id) == [True, True]


async def test_two_transactions_of_one_company_never_share(
    book: SqlBook, raw: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await asyncio.gather(*(book.transaction(adding(n), of=company(0).id) for n in range(MANY)))
    assert await commits(raw) == MANY


async def test_the_second_of_one_company_sees_what_the_first_wrote(book: SqlBook) -> None:
    seen: list[bool] = []

    async def look_and_add(ledger: Ledger) -> None:
        is_there = await ledger.people.subscription(company(1).id) is not None
        seen.append(is_there)
        if not is_there:
            await ledger.people.add_subscription(company(1))

    await asyncio.gather(*(book.transaction(look_and_add, of=company(1).id) for _ in range(3)))
    assert seen == [False, True, True]


async def test_a_transaction_reads_what_it_wrote(book: SqlBook) -> None:
    async def write_and_read(ledger: Ledger) -> Subscription | None:
        await ledger.people.add_subscription(company(1))
        return await ledger.people.subscription(company(1).id)

    assert await book.transaction(write_and_read, of=company(1).id) == company(1)


async def test_one_that_fails_before_it_wrote_leaves_the_others_alone(book: SqlBook) -> None:
    runs: list[int] = []

    async def write_then_fail(ledger: Ledger) -> None:
        await ledger.people.add_subscription(company(0))
        await ledger.people.subscription(company(99).id)
        raise NotFound("no such thing")

    async def go_on(ledger: Ledger) -> None:
        runs.append(1)
        await ledger.people.subscription(company(99).id)
        await ledger.people.add_subscription(company(1))

    failed, _ = await asyncio.gather(
        book.transaction(write_then_fail, of=company(0).id),
        book.transaction(go_on, of=company(1).id),
        return_exceptions=True,
    )
    assert isinstance(failed, NotFound)
    assert await found(book, 1) is not None
    assert await found(book, 99) is None


async def test_one_that_fails_after_it_wrote_leaves_nothing_and_the_others_run_again(book: SqlBook) -> None:
    runs: list[int] = []

    async def write_read_fail(ledger: Ledger) -> None:
        await ledger.people.add_subscription(company(0))
        await ledger.people.subscription(company(0).id)  # its own row: written before it is read
        raise NotFound("no such thing")

    async def go_on(ledger: Ledger) -> None:
        runs.append(1)
        await ledger.people.subscription(company(99).id)
        await ledger.people.add_subscription(company(1))

    failed, _ = await asyncio.gather(
        book.transaction(write_read_fail, of=company(0).id),
        book.transaction(go_on, of=company(1).id),
        return_exceptions=True,
    )
    assert isinstance(failed, NotFound)
    assert await found(book, 0) is None
    assert await found(book, 1) is not None
    assert len(runs) == 2


async def test_one_that_loses_loses_alone_in_the_end_and_the_others_are_committed(book: SqlBook) -> None:
    await book.transaction(adding(0))
    tries: list[int] = []

    async def clash_twice(ledger: Ledger) -> None:
        tries.append(1)
        if len(tries) < 3:  # the identifier is taken, as the database finds only when it is written
            await ledger.people.add_subscription(replace(company(0), id=SubscriptionId("sub_other")))

    await asyncio.gather(
        book.transaction(clash_twice, of=company(0).id),
        *(book.transaction(adding(n), of=company(n).id) for n in range(1, MANY)),
    )
    assert len(tries) == 3
    assert [await found(book, n) is not None for n in range(MANY)] == [True] * MANY


async def test_a_caller_who_leaves_holds_up_nobody_and_leaves_nothing(book: SqlBook) -> None:
    begun = asyncio.Event()

    async def never_done(ledger: Ledger) -> None:
        await ledger.people.add_subscription(company(0))
        begun.set()
        await asyncio.Event().wait()

    leaving = asyncio.create_task(book.transaction(never_done, of=company(0).id))
    staying = asyncio.create_task(book.transaction(adding(1), of=company(1).id))
    await begun.wait()
    leaving.cancel()
    await staying
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert await found(book, 0) is None
    assert await found(book, 1) is not None


async def test_a_caller_who_leaves_while_waiting_for_a_group_is_forgotten(book: SqlBook) -> None:
    tasks = [asyncio.create_task(book.transaction(adding(n), of=company(0).id)) for n in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(each, asyncio.CancelledError) for each in done] == [False, True, False]
    assert [await found(book, n) is not None for n in range(3)] == [True, False, True]


async def test_small_reads_asked_together_are_answered_each(book: SqlBook) -> None:
    for number in range(5):
        await book.transaction(adding(number))
    answers = await asyncio.gather(*(looked_up(book, number) for number in (3, 1, 9, 4)))
    assert [answer and answer.client_identifier for answer in answers] == ["00000003", "00000001", None, "00000004"]


async def test_a_read_that_cannot_be_answered_fails_alone(database: Database, book: SqlBook) -> None:
    await book.transaction(adding(1))

    async def lookup(sql: str, *values: str | int) -> int:
        async with database.lookup() as connection:
            return len(await connection.fetch(sql, *values))

    by_id = "SELECT * FROM subscriptions WHERE id = $1"
    right, wrong = await asyncio.gather(lookup(by_id, "sub_1"), lookup(by_id, 7), return_exceptions=True)
    assert right == 1
    assert isinstance(wrong, asyncpg.DataError)


async def test_a_lookup_cannot_write(book: SqlBook) -> None:
    with pytest.raises(Exception, match="cannot be reached or does not answer"):
        await book.lookup(adding(1))
    assert await found(book, 1) is None
