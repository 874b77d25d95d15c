import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from approvals.errors import BackupFailed, InvalidRequest, SchemaUnknown
from approvals.model.ids import UserId
from approvals.model.inbox import EventKind, News
from approvals.ports.book import Ledger
from approvals.store.backup import back_up, mark_restored, restore
from approvals.store.book import SqlBook
from approvals.store.database import Database, open_database
from approvals.store.migrate import migrate, require_schema
from tests.builders import NOW, add_company, make_login
from tests.postgresql import PostgresqlServer

ANNA = UserId("usr_anna")


@pytest.fixture
async def empty_url(server_if_any: PostgresqlServer | None, tmp_path: Path) -> AsyncIterator[str]:
    """A database that holds nothing, of the kind the test runs on."""
    if server_if_any is None:
        yield f"sqlite:///{tmp_path / 'restored.sqlite3'}"
        return
    url = await server_if_any.make_empty_database()
    yield url
    await server_if_any.drop(url)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[SqlBook]:
    database = await open_database(url)
    try:
        await require_schema(database)
        yield SqlBook(database)
    finally:
        await database.close()


async def fill(book: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, [ANNA])
        await ledger.logins.add(make_login("log_1", ANNA))

    await book.transaction(work)


async def test_a_backup_brings_everything_back_marked(
    book: SqlBook, database_url: str, empty_url: str, tmp_path: Path
) -> None:
    await fill(book)
    file = tmp_path / "backup"
    await back_up(database_url, file)
    await restore(empty_url, file, NOW)
    epoch = await book.reading(lambda ledger: ledger.house.epoch())
    async with opened(empty_url) as restored:
        user = await restored.reading(lambda ledger: ledger.people.user(ANNA))
        assert user == await book.reading(lambda ledger: ledger.people.user(ANNA))
        assert await restored.reading(lambda ledger: ledger.house.restoring()) == NOW
        assert await restored.reading(lambda ledger: ledger.house.epoch()) != epoch
        assert await restored.reading(lambda ledger: ledger.logins.of_user(ANNA)) == []
        (card,) = await restored.reading(lambda ledger: ledger.cards.of_users([ANNA]))
        assert card.resync_due


async def test_a_backup_does_not_touch_what_it_is_taken_of(book: SqlBook, database_url: str, tmp_path: Path) -> None:
    await fill(book)
    await back_up(database_url, tmp_path / "backup")
    assert await book.reading(lambda ledger: ledger.house.restoring()) is None
    assert len(await book.reading(lambda ledger: ledger.logins.of_user(ANNA))) == 1


async def test_a_backup_taken_while_others_write_is_of_one_moment(
    book: SqlBook, database_url: str, empty_url: str, tmp_path: Path
) -> None:
    await fill(book)
    done = asyncio.Event()

    async def write_on() -> None:
        while not done.is_set():
            await book.transaction(
                lambda ledger: ledger.inboxes.append([News(user_id=ANNA, kind=EventKind.DEVICE_ENROLLED)], NOW)
            )
            await asyncio.sleep(0.001)

    writing = asyncio.create_task(write_on())
    await asyncio.sleep(0.05)
    await back_up(database_url, tmp_path / "backup")
    done.set()
    await writing
    await restore(empty_url, tmp_path / "backup", NOW)
    async with opened(empty_url) as restored:
        inbox = await restored.reading(lambda ledger: ledger.inboxes.state(ANNA))
        events = await restored.reading(lambda ledger: ledger.inboxes.read(ANNA, 0, 100_000))
    assert inbox.head > 0
    assert [event.s for event in events] == list(range(1, inbox.head + 1))


async def test_a_backup_is_its_owners_alone_and_takes_no_files_place(
    book: SqlBook, database_url: str, tmp_path: Path
) -> None:
    await fill(book)
    file = tmp_path / "backup"
    await back_up(database_url, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(InvalidRequest):
        await back_up(database_url, file)
    assert names_in(tmp_path, "backup") == ["backup"]


async def test_a_database_that_holds_something_is_never_restored_over(
    book: SqlBook, database_url: str, tmp_path: Path
) -> None:
    await fill(book)
    await back_up(database_url, tmp_path / "backup")
    with pytest.raises(InvalidRequest):
        await restore(database_url, tmp_path / "backup", NOW)
    assert await book.reading(lambda ledger: ledger.house.restoring()) is None


@pytest.mark.parametrize("keep", [0, 100, 0.5, 0.95])
async def test_a_backup_cut_short_changes_nothing(
    book: SqlBook, database_url: str, empty_url: str, tmp_path: Path, keep: float
) -> None:
    await fill(book)
    file = tmp_path / "backup"
    await back_up(database_url, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(keep if keep > 1 else len(whole) * keep)])
    with pytest.raises(BackupFailed) as refused:
        await restore(empty_url, file, NOW)
    assert "Person" not in str(refused.value)
    with pytest.raises((SchemaUnknown, AssertionError)):
        async with opened(empty_url):
            raise AssertionError("something was restored")


async def test_a_file_that_is_no_backup_is_refused(database: Database, empty_url: str, tmp_path: Path) -> None:
    del database
    (tmp_path / "backup").write_text("Bonjour")
    with pytest.raises(BackupFailed):
        await restore(empty_url, tmp_path / "backup", NOW)


async def test_a_database_never_migrated_is_not_backed_up(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaUnknown):
        await back_up(empty_url, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


async def test_a_database_brought_back_by_other_means_is_marked_alike(book: SqlBook, database: Database) -> None:
    await fill(book)
    await mark_restored(database, NOW)
    assert await book.reading(lambda ledger: ledger.house.restoring()) == NOW
    (card,) = await book.reading(lambda ledger: ledger.cards.of_users([ANNA]))
    assert card.resync_due


async def test_a_restored_database_is_migrated_as_any_other(
    book: SqlBook, database_url: str, empty_url: str, tmp_path: Path
) -> None:
    await fill(book)
    await back_up(database_url, tmp_path / "backup")
    await restore(empty_url, tmp_path / "backup", NOW)
    database = await open_database(empty_url)
    await migrate(database)
    await database.close()
    async with opened(empty_url) as restored:
        assert await restored.reading(lambda ledger: ledger.house.restoring()) == NOW


def names_in(folder: Path, beginning: str) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(beginning)]
