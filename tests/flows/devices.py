"""Anne's devices on one node or another, and what they hear there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.channels.stream import Enrolled, Frame, Phone
from tests.flows.nodes import Bank, Node, phone
from tests.redis_server import RedisServer

PROMPT = 3.0
"""Seconds within which a hint arrives; heads are read again so seldom in these tests that nothing else would do it."""


def linked(redis: RedisServer, *, reread_every: int = 60) -> dict[str, str]:
    """Settings of nodes that tell each other over this Redis."""
    return {"FANOUT__REDIS_URL": redis.url, "FANOUT__REREAD_EVERY": str(reread_every)}


@asynccontextmanager
async def connected(
    bank: Bank, node: Node, device: Enrolled | None = None, *, tab: str = "main"
) -> AsyncIterator[Phone]:
    """A device of Anne's, signed in, synced and live on this node."""
    signed_in = await bank.sign_in(node, device or await bank.device(bank.anne))
    async with phone(node, signed_in, bank.house.terms.origin) as opened:
        await opened.greet_signed_in(tab=tab)
        yield opened


async def event(device: Phone, kind: str) -> Frame:
    """Return the next event of this kind, within the time a hint takes."""
    async with asyncio.timeout(PROMPT):
        while (frame := await device.receive())["type"] != "event" or frame["kind"] != kind:
            pass
    return frame


async def verdict(device: Phone) -> Frame:
    """Return what the desk made of the device's answer."""
    answered = (await device.receive_until("result"))[-1]["answered"]
    assert isinstance(answered, dict)
    return answered


async def close_code(device: Phone) -> int | None:
    async with asyncio.timeout(PROMPT):
        return await device.close_code()


async def until_linked(*nodes: Node, times: int = 1) -> None:
    """Wait until every node has subscribed so often; fail after ten seconds."""
    for _ in range(1000):
        if all(subscriptions(node) >= times for node in nodes):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("a node is not subscribed")


def subscriptions(node: Node) -> int:
    return sum(line["message"] == "fan-out subscribed" for line in node.lines())
