import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from approvals.errors import InvalidRequest, StaleVersion, StoreUnavailable
from approvals.model.ids import SubscriptionId
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.builders import COMPANY, add_company, make_account, make_subscription


async def companies(book: SqlBook) -> bool:
    return await book.reading(lambda ledger: ledger.people.subscription(COMPANY)) is not None


async def test_work_that_fails_leaves_nothing(book: SqlBook) -> None:
    async def half_done(ledger: Ledger) -> None:
        await add_company(ledger)
        raise LookupError

    with pytest.raises(LookupError):
        await book.transaction(half_done)
    assert not await companies(book)


async def test_cancelled_work_leaves_nothing_and_the_next_goes_on(book: SqlBook) -> None:
    begun = asyncio.Event()

    async def never_done(ledger: Ledger) -> None:
        await add_company(ledger)
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(book.transaction(never_done))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not await companies(book)
    await book.transaction(add_company)
    assert await companies(book)


async def test_work_that_lost_runs_again_from_the_start_and_keeps_nothing_of_the_first_run(
    book: SqlBook,
) -> None:
    runs: list[int] = []

    async def lose_twice(ledger: Ledger) -> int:
        runs.append(len(runs))
        await add_company(ledger)  # a leftover of the run before would be a duplicate
        if len(runs) < 3:
            raise StaleVersion("somebody else was first")
        return len(runs)

    assert await book.transaction(lose_twice) == 3
    assert await companies(book)


async def test_a_value_taken_meanwhile_counts_as_lost_and_the_second_look_finds_it(book: SqlBook) -> None:
    await book.transaction(add_company)
    looked: list[bool] = []

    async def add_unless_there(ledger: Ledger) -> None:
        looked.append(await ledger.people.subscription_named("12345678") is not None)
        if len(looked) == 1:  # as if the other had come between the look and the insert
            other = replace(make_subscription(), id=SubscriptionId("sub_other"))
            await ledger.people.add_subscription(other)

    await book.transaction(add_unless_there)
    assert looked == [True, True]
    assert await book.reading(lambda ledger: ledger.people.subscription(SubscriptionId("sub_other"))) is None


async def test_a_transaction_inside_a_transaction_is_refused(book: SqlBook) -> None:
    async def outer(_: Ledger) -> None:
        await book.transaction(add_company)

    with pytest.raises(RuntimeError, match="inside"):
        await book.transaction(outer)
    with pytest.raises(RuntimeError, match="inside"):
        await book.reading(outer)
    assert not await companies(book)


async def test_transactions_side_by_side_are_not_nested(book: SqlBook) -> None:
    await book.transaction(add_company)
    ibans = [f"FR76{n:023d}" for n in range(10)]

    def add(iban: str) -> Callable[[Ledger], Awaitable[None]]:
        return lambda ledger: ledger.accounts.add(make_account(f"acc_{iban}", iban))

    await asyncio.gather(*(book.transaction(add(iban)) for iban in ibans))
    accounts = await book.reading(lambda ledger: ledger.accounts.of_subscription(COMPANY))
    assert [account.iban for account in accounts] == ibans


async def test_reading_refuses_to_write(book: SqlBook) -> None:
    with pytest.raises(StoreUnavailable):
        await book.reading(add_company)
    assert not await companies(book)


@pytest.mark.parametrize("name", ["\0", "Acme\0", "\0Acme"])
async def test_the_character_nul_is_refused_alike_on_both(book: SqlBook, name: str) -> None:
    subscription = replace(make_subscription(), name=name)
    with pytest.raises(InvalidRequest):
        await book.transaction(lambda ledger: ledger.people.add_subscription(subscription))
    with pytest.raises(InvalidRequest):
        await book.reading(lambda ledger: ledger.people.subscription_named(name))
    assert not await companies(book)


async def test_any_other_character_comes_back_as_it_went_in(book: SqlBook) -> None:
    subscription = replace(make_subscription(), name="Émile & Zoé 'é\" \u0001 \U0001f3e6 \\ % $1 --")
    await book.transaction(lambda ledger: ledger.people.add_subscription(subscription))
    assert await book.reading(lambda ledger: ledger.people.subscription(COMPANY)) == subscription


@pytest.mark.parametrize("url", ["mysql://someone:secret@host/db", "sqlite://host", "", "host"])
async def test_another_kind_of_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="must begin with") as refused:
        await open_database(url)
    assert "host" not in str(refused.value)


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.sqlite3", "postgresql://nobody@127.0.0.1:9/none"])
async def test_a_database_that_is_not_there_is_said_so(url: str) -> None:
    with pytest.raises(StoreUnavailable):
        await open_database(url)
