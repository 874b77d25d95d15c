"""Two nodes on a PostgreSQL that cannot be written for a while: nothing is lost, spent or released twice.

The server is this file's own: it is turned read-only, runs out of disk, and dies of it.
"""

import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from approvals.model.ids import ActionId
from tests.channels.stream import Enrolled
from tests.flows.devices import connected, verdict
from tests.flows.ends import attempts_left, code_of, proof_of, released, releases, until_ready
from tests.flows.nodes import Bank, Node
from tests.flows.nodes import bank as open_bank
from tests.flows.small_disk import SmallDisk, small_disk
from tests.postgresql import PostgresqlServer, give, running_server
from tests.server.outside.receiver import Receiver

REFUSED = (503, "store_unavailable")
ENOUGH = 10
MOST = 300
LARGE = "CREATE TABLE large AS SELECT repeat('x', 1000) FROM generate_series(1, 100000)"
"""More log than the disk has room for, segments made in advance included."""


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk(64) as mounted:
        yield mounted


@pytest.fixture
def own_server(disk: SmallDisk) -> Iterator[PostgresqlServer]:
    del disk  # unmounted after the server is stopped
    with running_server() as server:
        yield server


@asynccontextmanager
async def two_nodes(server: PostgresqlServer, home: Path, core: Receiver) -> AsyncIterator[tuple[Bank, Node, Node]]:
    """A bank on this server, which releases to this core."""
    async with open_bank(server, home) as bank, bank.two_nodes(CORE__WEBHOOK=core.url) as (first, second):
        yield bank, first, second


async def asked_until_refused(bank: Bank, *nodes: Node) -> list[ActionId]:
    """The core opens actions until some are refused, and a few more; return those that were acknowledged.

    What still finds room in pages there are is taken; whatever else is refused, and nothing fails in another way.
    """
    opened, refused = [], 0
    for _ in range(MOST):
        for node in nodes:
            status, said = await bank.try_to_hold(node)
            if status == 201:
                opened.append(ActionId(str(said["id"])))
            else:
                assert code_of((status, said)) == REFUSED
                refused += 1
        if refused >= ENOUGH:
            return opened
    raise AssertionError("the disk was never full")


async def signed(bank: Bank, node: Node, device: Enrolled, action_ids: list[ActionId]) -> None:
    """The person signs them all with fresh codes, and each is accepted."""
    for action_id in action_ids:
        status, said = await bank.sign(node, device, action_id, await proof_of(bank, device, action_id))
        assert (status, said.get("answer")) == (200, "accepted")


async def known_actions(bank: Bank) -> set[str]:
    async with bank.database.reading() as connection:
        return {str(row["id"]) for row in await connection.fetch("SELECT id FROM actions")}


async def test_a_read_only_store_refuses_spends_nothing_and_goes_on_by_itself(
    own_server: PostgresqlServer, tmp_path: Path, core: Receiver
) -> None:
    async with two_nodes(own_server, tmp_path, core) as (bank, first, second):
        device = await bank.sign_in(first, await bank.device(bank.anne))
        action_id = await bank.hold(first)
        before = await attempts_left(bank, device, action_id)
        frame = await bank.answer_of(bank.anne, action_id)
        proof = await proof_of(bank, device, action_id)
        async with connected(bank, second) as stream:
            await own_server.configure("default_transaction_read_only", "on")
            for node in (first, second):
                assert code_of(await bank.try_to_hold(node)) == REFUSED
                assert code_of(await bank.sign(node, device, action_id, proof)) == REFUSED
                status, reason = await bank.readiness(node)
                assert (status, "no writes" in reason) == (503, True)
                assert await bank.status_of(node, action_id) == "pending"
            await stream.send(frame)
            refusal = (await stream.receive_until("result"))[-1]["error"]
            assert isinstance(refusal, dict)
            assert refusal["code"] == "store_unavailable"
            assert await attempts_left(bank, device, action_id) == before
            await own_server.configure("default_transaction_read_only", "off")
            await until_ready(bank, first, second)
            await stream.send(frame)
            assert (await verdict(stream))["answer"] == "accepted"
        await released(bank, second, [action_id])
        assert releases(core) == {action_id: 1}


async def put_tables_on(disk: SmallDisk, server: PostgresqlServer) -> None:
    """Every table made from now on lies on this disk."""
    folder = disk.folder / "tables"
    folder.mkdir()
    give(folder)
    await server.command(f"CREATE TABLESPACE small LOCATION '{folder}'")
    await server.configure("default_tablespace", "small")


async def test_tables_on_a_full_disk_take_no_more_and_lose_nothing(
    own_server: PostgresqlServer, disk: SmallDisk, tmp_path: Path, core: Receiver
) -> None:
    await put_tables_on(disk, own_server)
    async with two_nodes(own_server, tmp_path, core) as (bank, first, second):
        device = await bank.sign_in(first, await bank.device(bank.anne))
        opened = [await bank.hold(first)]
        disk.fill()
        opened += await asked_until_refused(bank, first, second)
        assert await known_actions(bank) == set(opened)
        proof = await proof_of(bank, device, opened[0])
        assert code_of(await bank.sign(first, device, opened[0], proof)) in {REFUSED, (200, None)}
        disk.free()
        opened.append(await bank.hold(second))
        await signed(bank, second, device, opened[1:])
        status, said = await bank.sign(second, device, opened[0], await proof_of(bank, device, opened[0]))
        assert said.get("answer") == "accepted" or said.get("code") == "challenge_closed", (status, said)
        await released(bank, first, opened)
        assert releases(core) == Counter(opened)


def put_log_on(disk: SmallDisk, server: PostgresqlServer) -> None:
    """The write-ahead log lies on this disk from now on."""
    server.stop()
    log = server.home / "cluster" / "pg_wal"
    moved = Path(shutil.move(log, disk.folder / "log"))
    for path in (moved, *moved.rglob("*")):
        give(path)
    log.symlink_to(moved)
    server.start()


async def test_a_server_that_dies_of_a_full_log_comes_back_with_all_that_was_acknowledged(
    own_server: PostgresqlServer, disk: SmallDisk, tmp_path: Path, core: Receiver
) -> None:
    put_log_on(disk, own_server)
    async with two_nodes(own_server, tmp_path, core) as (bank, first, second):
        device = await bank.sign_in(first, await bank.device(bank.anne))
        opened = [await bank.hold(first)]
        disk.fill()
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await own_server.command(LARGE)
        assert await asked_until_refused(bank, first, second) == []
        assert [(await bank.readiness(node))[0] for node in (first, second)] == [503, 503]
        disk.free()
        start_unless_running(own_server)
        await until_ready(bank, first, second)
        opened.append(await bank.hold(second))
        await signed(bank, first, device, opened)
        await released(bank, second, opened)
        assert releases(core) == Counter(opened)
        assert set(opened) <= await known_actions(bank)


def start_unless_running(server: PostgresqlServer) -> None:
    """What the operator does: PostgreSQL gives up by itself when it cannot even recover."""
    if not (server.home / "cluster" / "postmaster.pid").exists():
        server.start()
