"""An operator migrates while two nodes work: approvals go on, or stand still for a moment and then go on."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from approvals.errors import SchemaBusy
from approvals.store.migrate import Migration, known_migrations, migrate
from tests.flows.nodes import Bank, Node
from tests.postgresql import PostgresqlServer

AT_ONCE = 2
BUSY = Migration(name="9999_busy.sql", script="ALTER TABLE actions ADD COLUMN moment BIGINT;\n")


@asynccontextmanager
async def working(bank: Bank, *nodes: Node) -> AsyncIterator[list[float]]:
    """The core opens actions through every node meanwhile, and each is taken; yields how long each took, in seconds."""
    took: list[float] = []

    async def work(node: Node) -> None:
        while True:
            began = time.monotonic()
            await bank.hold(node)
            took.append(time.monotonic() - began)
            await asyncio.sleep(0.1)

    async with asyncio.TaskGroup() as tasks:
        workers = [tasks.create_task(work(node)) for node in nodes]
        try:
            yield took
        finally:
            for worker in workers:
                worker.cancel()


async def test_migrating_what_is_migrated_disturbs_nobody(bank: Bank) -> None:
    async with bank.two_nodes() as nodes, working(bank, *nodes) as took:
        typed = await asyncio.gather(*(bank.run("migrate") for _ in range(AT_ONCE)))
        assert [code for code, _ in typed] == [0] * AT_ONCE
        assert [(await bank.readiness(node))[0] for node in nodes] == [200, 200]
        assert took


async def test_a_migration_of_a_table_in_use_gives_up_before_it_holds_everybody_up(bank: Bank) -> None:
    """Somebody reads a table at length, as pg_dump does: ALTER TABLE waits for it, and every approval for ALTER."""
    async with bank.two_nodes() as nodes, working(bank, *nodes) as took:
        async with reading_at_length(bank):
            with pytest.raises(SchemaBusy, match="in use"):
                await migrate(bank.database, migrations=[*known_migrations(), BUSY])
        before = len(took)
        await asyncio.sleep(1)
        assert len(took) > before
        assert max(took) < 5
        assert [(await bank.readiness(node))[0] for node in nodes] == [200, 200]


@asynccontextmanager
async def reading_at_length(bank: Bank) -> AsyncIterator[None]:
    """A transaction that has read the actions and goes on."""
    async with bank.database.transaction() as connection:
        await connection.fetch("SELECT COUNT(*) FROM actions")
        yield


async def test_the_command_says_to_try_again_and_by_what_code(bank: Bank, postgresql_server: PostgresqlServer) -> None:
    url = await postgresql_server.make_empty_database()
    other = await asyncpg.connect(url)
    await other.execute("CREATE TABLE migrations (name TEXT PRIMARY KEY, digest TEXT NOT NULL)")
    async with other.transaction():
        await other.execute("LOCK TABLE migrations IN EXCLUSIVE MODE")
        code, said = await bank.run("migrate", DATABASE__URL=url)
    assert (code, "[schema_busy]" in said, "try again" in said) == (75, True, True)
    assert "Traceback" not in said
    assert (await bank.run("migrate", DATABASE__URL=url))[0] == 0
    await other.close()
    await postgresql_server.drop(url)
