"""What is kept of advisers, on both databases."""

import asyncio

from approvals.model.adviser import Adviser, Role
from approvals.model.ids import UserId
from approvals.ports.book import Ledger
from approvals.ports.vault import SealedSecret
from approvals.store.book import SqlBook
from tests.builders import NOW, add_company

ANNA, BRUNO = UserId("usr_anna"), UserId("usr_bruno")
SUPERVISOR = Adviser(user_id=ANNA, role=Role.SUPERVISOR, seed_version=2, last_step=59_000_000)


async def keep(book: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, [ANNA, BRUNO])
        await ledger.advisers.add(SUPERVISOR)

    await book.transaction(work)


async def test_an_adviser_is_read_back_as_written(book: SqlBook) -> None:
    await keep(book)
    assert await book.reading(lambda ledger: ledger.advisers.load(ANNA)) == SUPERVISOR
    assert await book.reading(lambda ledger: ledger.advisers.load(BRUNO)) is None
    assert await book.reading(lambda ledger: ledger.advisers.of_users([ANNA, BRUNO])) == {ANNA: SUPERVISOR}
    assert await book.reading(lambda ledger: ledger.advisers.of_users([])) == {}


async def test_a_step_is_used_up_once_and_never_goes_back(book: SqlBook) -> None:
    await keep(book)

    async def advance(step: int) -> bool:
        return await book.transaction(lambda ledger: ledger.advisers.advance(ANNA, step))

    assert await advance(59_000_001)
    assert not await advance(59_000_001)
    assert not await advance(59_000_000)
    assert await advance(59_000_003)
    assert not await book.transaction(lambda ledger: ledger.advisers.advance(BRUNO, 1))


async def test_a_step_taken_by_twenty_at_once_is_used_by_one(book: SqlBook) -> None:
    await keep(book)
    taken = await asyncio.gather(
        *(book.transaction(lambda ledger: ledger.advisers.advance(ANNA, 59_000_001)) for _ in range(20))
    )
    assert taken.count(True) == 1


async def test_a_secret_is_found_by_its_whole_name(book: SqlBook) -> None:
    seed = SealedSecret(kind="totp-seed", id=ANNA, version=2, sealed=b"sealed", created_at=NOW)
    await book.transaction(lambda ledger: ledger.secrets.put(seed))
    assert await book.reading(lambda ledger: ledger.secrets.load("totp-seed", ANNA, 2)) == seed
    assert await book.reading(lambda ledger: ledger.secrets.load("totp-seed", ANNA, 1)) is None
