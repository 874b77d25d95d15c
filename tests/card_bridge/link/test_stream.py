"""The bridge's end of the stream, against a server that speaks it; which server it is, is `test_pinning`'s."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve

from approvals.credentials.device import STREAM, require_signature, signed_bytes
from card_bridge.link.identity import Paired, new_identity, public_point
from card_bridge.link.pinning import Pin
from card_bridge.link.refusals import ClosedForGood
from card_bridge.link.stream import Stream
from server.http.binary import decoded

Frame = dict[str, object]


class Conversation:
    """A server that greets every connection, and does with it what the test says."""

    def __init__(self, then: Callable[["Conversation", ServerConnection], Awaitable[None]]) -> None:
        self._then = then
        self.hellos: list[Frame] = []
        self.acked: list[object] = []

    async def attend(self, socket: ServerConnection) -> None:
        await socket.send(json.dumps({"type": "challenge", "nonce": f"n{len(self.hellos)}"}))
        self.hellos.append(json.loads(await socket.recv()))
        await socket.send(json.dumps({"type": "welcome", "epoch": "e1", "level": "device_bound"}))
        await self._then(self, socket)

    async def event(self, socket: ServerConnection, s: int, kind: str) -> None:
        await socket.send(json.dumps({"type": "event", "s": s, "kind": kind, "words": "…"}))
        self.acked.append(json.loads(await socket.recv())["s"])


@asynccontextmanager
async def talking(conversation: Conversation) -> AsyncIterator[Paired]:
    async with serve(conversation.attend, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield new_identity(f"http://127.0.0.1:{port}", Pin())


async def synced(socket: ServerConnection) -> None:
    await socket.send(json.dumps({"type": "synced", "s": 0}))


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(stream: Stream) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(stream.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_it_greets_by_its_key_acknowledges_and_wakes(tmp_path: Path) -> None:
    async def then(conversation: Conversation, socket: ServerConnection) -> None:
        await socket.send('{"type": "a frame of a later version"}')
        await conversation.event(socket, 7, "handover_asked")
        await synced(socket)
        await socket.wait_closed()

    conversation, woken = Conversation(then), list[str]()
    async with talking(conversation) as paired, listening(Stream(paired, tmp_path / "read.json", woken.append)):
        await until(lambda: "synced" in woken)
    (hello,) = conversation.hellos
    signed = signed_bytes(STREAM, paired.address, "n0", paired.device)
    require_signature(decoded(public_point(paired)), decoded(str(hello["signature"])), signed)
    assert (hello["epoch"], hello["after"], conversation.acked) == (None, 0, [7])
    assert woken == ["handover_asked", "synced"]


async def test_it_comes_back_and_goes_on_where_it_was_even_as_another_process(tmp_path: Path) -> None:
    async def then(conversation: Conversation, socket: ServerConnection) -> None:
        await synced(socket)
        await conversation.event(socket, len(conversation.hellos), "action_ended")
        await socket.close(1012)

    conversation = Conversation(then)
    async with talking(conversation) as paired:
        async with listening(Stream(paired, tmp_path / "read.json", lambda _kind: None)):
            await until(lambda: len(conversation.acked) >= 2)
        async with listening(Stream(paired, tmp_path / "read.json", lambda _kind: None)):
            await until(lambda: len(conversation.acked) >= 3)
    assert [(hello["epoch"], hello["after"]) for hello in conversation.hellos] == [(None, 0), ("e1", 1), ("e1", 2)]


async def test_a_reset_moves_it_to_the_new_head(tmp_path: Path) -> None:
    async def then(conversation: Conversation, socket: ServerConnection) -> None:
        if len(conversation.hellos) == 1:
            await socket.send(json.dumps({"type": "reset", "reason": "epoch", "epoch": "e2", "head": 40}))
        await synced(socket)
        await socket.close(1012)

    conversation = Conversation(then)
    async with talking(conversation) as paired, listening(Stream(paired, tmp_path / "read.json", lambda _kind: None)):
        await until(lambda: len(conversation.hellos) >= 2)
    assert (conversation.hellos[1]["epoch"], conversation.hellos[1]["after"]) == ("e2", 40)


@pytest.mark.parametrize("code", [4000, 4001, 4002, 4003, 4004, 4099, 1000])
async def test_a_bridge_that_is_not_wanted_stays_away(tmp_path: Path, code: int) -> None:
    async def then(_conversation: Conversation, socket: ServerConnection) -> None:
        await socket.close(code)

    async with talking(Conversation(then)) as paired:
        async with asyncio.timeout(10):
            with pytest.raises(ClosedForGood):
                await Stream(paired, tmp_path / "read.json", lambda _kind: None).run()


async def test_a_server_that_drains_is_come_back_to_after_its_own_delay(tmp_path: Path) -> None:
    came = list[float]()

    async def then(_conversation: Conversation, socket: ServerConnection) -> None:
        came.append(asyncio.get_running_loop().time())
        await socket.send(json.dumps({"type": "drain", "after_ms": 300}))
        await socket.close(4200)

    async with (
        talking(Conversation(then)) as paired,
        listening(Stream(paired, tmp_path / "read.json", lambda _kind: None)),
    ):
        await until(lambda: len(came) >= 2)
    assert 0.3 <= came[1] - came[0] < 1.0


async def test_a_machine_that_slept_leaves_the_dead_connection_and_comes_back_at_once(tmp_path: Path) -> None:
    slept = 0.0

    async def then(_conversation: Conversation, socket: ServerConnection) -> None:
        await synced(socket)
        await socket.wait_closed()

    conversation = Conversation(then)
    async with (
        talking(conversation) as paired,
        listening(Stream(paired, tmp_path / "read.json", lambda _kind: None, lambda: slept)),
    ):
        await until(lambda: len(conversation.hellos) == 1)
        slept = 3600.0
        await until(lambda: len(conversation.hellos) == 2)
