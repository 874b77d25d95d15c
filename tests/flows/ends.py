"""What became of an action: as the bank's core, a person and an operator see it."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from approvals.model.ids import ActionId
from approvals.model.json import Json
from tests.channels.stream import Enrolled
from tests.flows.nodes import Bank, Node
from tests.house import mine
from tests.server.outside.receiver import Receiver


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
    for action_id in action_ids:

        async def is_released(action_id: ActionId = action_id) -> bool:
            return await bank.status_of(node, action_id) == "released"

        await _until(is_released, 40)


async def until_ready(bank: Bank, *nodes: Node) -> None:
    for node in nodes:

        async def is_ready(node: Node = node) -> bool:
            return (await bank.readiness(node))[0] == 200

        await _until(is_ready, 20)


async def _until(is_so: Callable[[], Awaitable[bool]], seconds: int) -> None:
    for _ in range(seconds * 10):
        if await is_so():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"it was not so after {seconds} s")


async def attempts_left(bank: Bank, device: Enrolled, action_id: ActionId) -> tuple[int, int]:
    """What is left of the challenge's attempts, and of the card's."""
    challenge = mine(await bank.house.sheet(action_id), device.person)
    card = await bank.house.card(device.person)
    return challenge.attempts_left, card.attempts_left


async def proof_of(bank: Bank, device: Enrolled, action_id: ActionId) -> Mapping[str, Json]:
    """The code the reader shows now."""
    proof = (await bank.answer_of(device.person, action_id))["proof"]
    assert isinstance(proof, dict)
    return proof
