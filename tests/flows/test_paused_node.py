"""A node stopped in the middle of its work (SIGSTOP) while the other goes on, and let go much later.

Short in the suite; `CONTRESEING_TEST_PAUSE=60 .venv/bin/pytest tests/flows/test_paused_node.py` pauses for a minute.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from tests.channels.stream import Enrolled
from tests.flows.chaos.commits import Commit, CommitWatch
from tests.flows.chaos.keeping import database_name
from tests.flows.chaos.link import Link, to_socket
from tests.flows.devices import close_code, connected, event, linked, until_linked
from tests.flows.ends import attempts_left, code_of, proof_of, released, releases, until_ready
from tests.flows.nodes import Bank, Node
from tests.postgresql import PostgresqlServer
from tests.redis_server import RedisServer
from tests.server.outside.receiver import Receiver

PAUSE = float(os.environ.get("CONTRESEING_TEST_PAUSE", "8"))  # seconds; longer than a check may take
LEASE = 30.0  # seconds a delivery is a node's own
CHECK_LIMIT = 2
LATE = {"proof_not_checked"} if PAUSE < 15 else {"proof_not_checked", "store_unavailable"}
"""What the node let go says: after 15 s it may no longer know whether its own commit went through."""


@dataclass(slots=True)
class Brake:
    """Stops its node right after one step is durable and before the node knows."""

    node: Node | None = None
    armed: Commit | None = None
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    def committed(self, commit: Commit) -> None:
        if self.node is not None and commit is self.armed:
            self.armed = None
            self.node.pause()
            self.stopped.set()


@dataclass(frozen=True, slots=True)
class Nodes:
    """One that can be stopped, one that goes on."""

    brake: Brake
    paused: Node
    other: Node


@asynccontextmanager
async def nodes(bank: Bank, server: PostgresqlServer, redis: RedisServer, core: Receiver) -> AsyncIterator[Nodes]:
    settings = {**linked(redis), "CORE__WEBHOOK": core.url, "APPROVALS__CHECK_LIMIT": str(CHECK_LIMIT)}
    brake = Brake()
    async with Link.running(to_socket(f"{server.home}/.s.PGSQL.5432"), lambda: CommitWatch(brake.committed)) as link:
        url = f"postgresql://postgres@127.0.0.1:{link.port}/{database_name(bank)}?sslmode=disable"
        async with AsyncExitStack() as stack:
            first, second = bank.node(**settings, DATABASE__URL=url), bank.node(**settings)
            paused, other = await asyncio.gather(*map(stack.enter_async_context, (first, second)))
            brake.node = paused
            await until_linked(paused, other)
            yield Nodes(brake, paused, other)


async def test_a_code_under_check_at_a_paused_node_costs_nothing_and_counts_no_more(
    bank: Bank, postgresql_server: PostgresqlServer, redis: RedisServer, core: Receiver
) -> None:
    async with nodes(bank, postgresql_server, redis, core) as these:
        phone = await bank.device(bank.anne)
        device = await bank.sign_in(these.other, await bank.device(bank.anne))
        action_id = await bank.hold(these.other)
        before = await attempts_left(bank, device, action_id)
        async with connected(bank, these.paused, phone) as old:
            these.brake.armed = Commit.OFFERED
            proof = await proof_of(bank, device, action_id)
            late = asyncio.create_task(bank.sign(these.paused, device, action_id, proof))
            await these.brake.stopped.wait()
            assert await attempts_left(bank, device, action_id) != before
            await asyncio.sleep(PAUSE)
            assert await attempts_left(bank, device, action_id) == before
            async with connected(bank, these.other, phone) as new:
                await sign_at(bank, these.other, device)
                await event(new, "action_ended")
                these.paused.go_on()
                status, code = code_of(await late)
                assert (status, code in LATE) == (503, True)
                assert await close_code(old) == 4004
        assert await attempts_left(bank, device, action_id) == before
        assert await bank.status_of(these.other, action_id) == "pending"
        status, said = await bank.sign(these.paused, device, action_id, await proof_of(bank, device, action_id))
        assert (status, said.get("answer")) == (200, "accepted")
        await released(bank, these.paused, [action_id])
        assert releases(core)[action_id] == 1


async def test_what_a_paused_node_was_to_deliver_goes_out_through_the_other_once(
    bank: Bank, postgresql_server: PostgresqlServer, redis: RedisServer, core: Receiver
) -> None:
    async with nodes(bank, postgresql_server, redis, core) as these:
        device = await bank.sign_in(these.other, await bank.device(bank.anne))
        action_id = await bank.hold(these.other)
        these.brake.armed = Commit.CLAIMED
        proof = await proof_of(bank, device, action_id)
        await bank.sign(these.paused, device, action_id, proof)
        await these.brake.stopped.wait()
        await asyncio.sleep(PAUSE)
        await leases_ended(bank)
        await sign_at(bank, these.other, device)
        await released(bank, these.other, [action_id])
        delivered = await delivery(bank, action_id)
        these.paused.go_on()
        await until_ready(bank, these.paused)
        await sign_at(bank, these.paused, device)
        assert await delivery(bank, action_id) == delivered
        assert releases(core)[action_id] == 1


async def sign_at(bank: Bank, node: Node, device: Enrolled) -> None:
    """An ordinary approval through this node, from the opening to the release."""
    action_id = await bank.hold(node)
    status, said = await bank.sign(node, device, action_id, await proof_of(bank, device, action_id))
    assert (status, said.get("answer")) == (200, "accepted")
    await released(bank, node, [action_id])


async def leases_ended(bank: Bank) -> None:
    """Let a pause shorter than a lease pass for a longer one."""
    if PAUSE < LEASE:
        async with bank.database.transaction() as connection:
            await connection.execute("UPDATE releases SET next_at = 0 WHERE status = $1", "due")


async def delivery(bank: Bank, action_id: str) -> tuple[object, ...]:
    async with bank.database.reading() as connection:
        (row,) = await connection.fetch("SELECT * FROM releases WHERE action_id = $1", action_id)
    return row["status"], row["attempts"], row["version"], row["settled_at"]
