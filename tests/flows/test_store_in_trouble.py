"""Two nodes on a PostgreSQL that cannot be written for a while: nothing is lost, spent or released twice.

The server is this file's own: it is turned read-only, runs out of disk, and dies of it.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from approvals.model.ids import ActionId
from approvals.model.json import Json
from tests.channels.stream import Enrolled
from tests.flows.devices import connected, verdict
from tests.flows.nodes import Bank, Node
from tests.flows.nodes import bank as open_bank
from tests.flows.small_disk import SmallDisk, small_disk
from tests.house import mine
from tests.postgresql import PostgresqlServer, running_server
from tests.server.outside.receiver import Receiver, answer, receiving

REFUSED = (503, "store_unavailable")


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk(64) as mounted:
        yield mounted


@pytest.fixture
def own_server(disk: SmallDisk) -> Iterator[PostgresqlServer]:
    del disk  # unmounted after the server is stopped
    with running_server() as server:
        yield server


@pytest.fixture
async def core() -> AsyncIterator[Receiver]:
    async with receiving(answer(204)) as receiver:
        yield receiver


@asynccontextmanager
async def two_nodes(server: PostgresqlServer, home: Path, core: Receiver) -> AsyncIterator[tuple[Bank, Node, Node]]:
    """A bank on this server, which releases to this core."""
    async with open_bank(server, home) as bank, bank.two_nodes(CORE__WEBHOOK=core.url) as (first, second):
        yield bank, first, second


def code_of(reply: tuple[int, Mapping[str, Json]]) -> tuple[int, str | None]:
    """Status and, of a refusal, its stable code."""
    status, said = reply
    return status, str(said["code"]) if "code" in said else None


def releases(core: Receiver) -> Counter[str]:
    """By action: how many releases the core was sent, each counted once however often it was sent."""
    sent = {(headers["webhook-id"], str(json.loads(body)["data"]["action"])) for headers, body in core.received}
    return Counter(action for _, action in sent)


async def released(bank: Bank, node: Node, action_ids: list[ActionId]) -> None:
    """Wait until the core has them all; fail after forty seconds: a lease, and some."""
    async with asyncio.timeout(40):
        for action_id in action_ids:
            while await bank.status_of(node, action_id) != "released":
                await asyncio.sleep(0.1)


async def until_ready(bank: Bank, *nodes: Node) -> None:
    async with asyncio.timeout(20):
        for node in nodes:
            while (await bank.readiness(node))[0] != 200:
                await asyncio.sleep(0.1)


async def attempts_left(bank: Bank, device: Enrolled, action_id: ActionId) -> tuple[int, int]:
    """What is left of the challenge's attempts, and of the card's."""
    challenge = mine(await bank.house.sheet(action_id), device.person)
    card = await bank.house.card(device.person)
    return challenge.attempts_left, card.attempts_left


async def test_a_read_only_store_refuses_spends_nothing_and_goes_on_by_itself(
    own_server: PostgresqlServer, tmp_path: Path, core: Receiver
) -> None:
    async with two_nodes(own_server, tmp_path, core) as (bank, first, second):
        device = await bank.sign_in(first, await bank.device(bank.anne))
        action_id = await bank.hold(first)
        before = await attempts_left(bank, device, action_id)
        frame = await bank.answer_of(bank.anne, action_id)
        proof = frame["proof"]
        assert isinstance(proof, dict)
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
