import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from approvals.errors import DemoStampMismatch, SchemaBusy, SchemaUnknown
from approvals.store.book import SqlBook
from approvals.store.database import Database, open_database
from approvals.store.migrate import (
    Migration,
    SchemaState,
    known_migrations,
    migrate,
    require_schema,
    schema_state,
)
from tests.builders import COMPANY
from tests.postgresql import PostgresqlServer

NEXT = Migration(name="9999_next.sql", script="CREATE TABLE next_thing (id TEXT PRIMARY KEY);\n")


@pytest.fixture
async def empty_url(server_if_any: PostgresqlServer | None, tmp_path: Path) -> AsyncIterator[str]:
    if server_if_any is None:
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    url = await server_if_any.make_empty_database()
    yield url
    await server_if_any.drop(url)


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    database = await open_database(empty_url)
    yield database
    await database.close()


async def test_an_empty_database_is_behind_and_migrating_brings_it_up(empty: Database) -> None:
    assert await schema_state(empty) is SchemaState.BEHIND
    with pytest.raises(SchemaUnknown):
        await require_schema(empty)
    await migrate(empty)
    assert await schema_state(empty) is SchemaState.OK
    await require_schema(empty)


async def test_work_on_a_database_never_migrated_is_refused_as_such(empty: Database) -> None:
    with pytest.raises(SchemaUnknown):
        await SqlBook(empty).reading(lambda ledger: ledger.people.subscription(COMPANY))


async def test_migrating_twice_changes_nothing_and_keeps_the_epoch(empty: Database) -> None:
    await migrate(empty)
    epoch = await SqlBook(empty).reading(lambda ledger: ledger.house.epoch())
    await migrate(empty)
    assert await SqlBook(empty).reading(lambda ledger: ledger.house.epoch()) == epoch


async def test_two_processes_migrating_at_once_both_end_well(empty: Database, empty_url: str) -> None:
    second = await open_database(empty_url)
    await asyncio.gather(migrate(empty), migrate(second), migrate(empty), migrate(second))
    await second.close()
    assert await schema_state(empty) is SchemaState.OK


async def test_two_databases_have_two_epochs(empty: Database, book: SqlBook) -> None:
    await migrate(empty)
    first = await SqlBook(empty).reading(lambda ledger: ledger.house.epoch())
    assert await book.reading(lambda ledger: ledger.house.epoch()) != first


async def test_the_schema_of_a_newer_version_is_unknown_and_left_alone(empty: Database) -> None:
    await migrate(empty, migrations=[*known_migrations(), NEXT])
    assert await schema_state(empty) is SchemaState.UNKNOWN
    with pytest.raises(SchemaUnknown):
        await migrate(empty)
    with pytest.raises(SchemaUnknown):
        await require_schema(empty)


async def test_a_migration_edited_after_it_ran_is_noticed(empty: Database) -> None:
    first, *rest = known_migrations()
    await migrate(empty, migrations=[replace(first, script=first.script + "\n-- a word more\n"), *rest])
    assert await schema_state(empty) is SchemaState.UNKNOWN
    with pytest.raises(SchemaUnknown):
        await migrate(empty)


async def test_a_migration_that_fails_half_way_leaves_no_trace(empty: Database) -> None:
    broken = replace(NEXT, script=NEXT.script + "CREATE TABLE next_thing (id TEXT PRIMARY KEY);\n")
    with pytest.raises(Exception, match="already exists"):
        await migrate(empty, migrations=[*known_migrations(), broken])
    assert await schema_state(empty) is SchemaState.OK
    await migrate(empty, migrations=[*known_migrations(), NEXT])


async def test_an_empty_database_can_be_stamped_demo_for_ever(empty: Database) -> None:
    await migrate(empty, demo=True)
    await migrate(empty)
    await migrate(empty, demo=True)
    assert await SqlBook(empty).reading(lambda ledger: ledger.house.is_demo())


async def test_a_real_database_never_becomes_a_demo(empty: Database) -> None:
    await migrate(empty)
    with pytest.raises(DemoStampMismatch):
        await migrate(empty, demo=True)
    assert not await SqlBook(empty).reading(lambda ledger: ledger.house.is_demo())


def test_migrations_hold_only_what_both_databases_understand() -> None:
    forbidden = ["SERIAL", "AUTOINCREMENT", "::", "NOW()", "FOR UPDATE", "JSONB", "BOOLEAN", "TIMESTAMP", "\0"]
    for migration in known_migrations():
        text = migration.script.upper()
        assert [word for word in forbidden if word in text] == []
        assert migration.statements[-1].strip() != ""


@pytest.mark.parametrize("server_if_any", ["postgresql"], indirect=True)
async def test_a_migration_waits_for_a_table_in_use_a_moment_and_changes_nothing(
    empty: Database, empty_url: str
) -> None:
    await migrate(empty)
    altering = Migration(name="9999_altering.sql", script="ALTER TABLE actions ADD COLUMN moment BIGINT;\n")
    second = await open_database(empty_url)
    async with second.transaction() as reader:
        await reader.fetch("SELECT COUNT(*) FROM actions")
        began = time.monotonic()
        with pytest.raises(SchemaBusy):
            await migrate(empty, migrations=[*known_migrations(), altering])
        assert 2 <= time.monotonic() - began < 10
    await second.close()
    assert await schema_state(empty) is SchemaState.OK
    await migrate(empty, migrations=[*known_migrations(), altering])
