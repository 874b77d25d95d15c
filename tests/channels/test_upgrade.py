"""Before the socket exists, and what ends it: the door, the limits, peers that are rude, slow or gone."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import aiohttp
import pytest
from websockets.exceptions import ConnectionClosed

from channels.frames.closing import CloseCode
from channels.hub.door import DoorRates
from channels.hub.hub import Drainage
from channels.session.bucket import Rate
from channels.websocket.socket import Patience
from tests.channels.stream import PAGE, Enrolled, Phone, Served, StreamingHouse, Ways, enrol, serving

AT_ONCE = Drainage(pause=timedelta(), grace=timedelta(milliseconds=200))
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Protocol": "contreseing.v1",
}


async def refused(served: Served, **headers: str) -> tuple[int, str | None, str]:
    """Ask for an upgrade that is not given: status, Retry-After, code of the problem."""
    asked = {**UPGRADE, **{name.replace("_", "-"): value for name, value in headers.items()}}
    address = f"http://127.0.0.1:{served.port}/v1/stream"
    async with aiohttp.ClientSession() as client, client.get(address, headers=asked) as reply:
        assert reply.content_type == "application/problem+json"
        problem = await reply.json(content_type=None)
        return reply.status, reply.headers.get("Retry-After"), str(problem["code"])


async def flood(send: Callable[[], Awaitable[object]]) -> None:
    """Send far more frames than are taken at once, until the socket is closed."""
    with suppress(ConnectionClosed):
        for _ in range(100):
            await send()


# --- the door ----------------------------------------------------------------------------------------------


async def test_a_page_that_is_not_ours_is_refused_at_the_upgrade(served: Served) -> None:
    assert await refused(served, Origin="https://evil.test") == (403, None, "origin_refused")


async def test_our_own_page_may_open_a_stream(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne, Origin=PAGE) as phone:
        assert (await phone.receive())["type"] == "challenge"


async def test_another_subprotocol_is_refused(served: Served) -> None:
    assert await refused(served, Sec_WebSocket_Protocol="chat") == (400, None, "stream_upgrade_invalid")


async def test_a_plain_request_is_no_upgrade(served: Served) -> None:
    assert await refused(served, Upgrade="h2c") == (400, None, "stream_upgrade_invalid")


async def test_an_address_that_comes_too_often_is_told_when_to_come_back(house: StreamingHouse) -> None:
    rates = DoorRates(address=Rate(burst=0, per_second=0.1))
    async with serving(house, Ways(rates=rates)) as served:
        assert await refused(served) == (429, "10", "too_many_connections")


async def test_a_busy_node_says_503(house: StreamingHouse) -> None:
    rates = DoorRates(node=Rate(burst=0, per_second=0.5))
    async with serving(house, Ways(rates=rates)) as served:
        assert await refused(served) == (503, "2", "too_many_connections")


async def test_a_draining_server_says_when_to_come_back_and_takes_nobody_in(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        drained = asyncio.create_task(served.hub.drain(AT_ONCE))
        assert (await phone.receive_until("drain"))[-1]["after_ms"] == 30_000
        assert await phone.close_code() == CloseCode.DRAINING
        await drained
    assert await refused(served) == (503, "30", "too_many_connections")


# --- rude peers --------------------------------------------------------------------------------------------


async def test_a_frame_over_sixteen_kibibytes_is_closed(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        await phone.socket.send("x" * (16 * 1024 + 1))
        assert await phone.close_code() == 1009


async def test_a_frame_of_sixteen_kibibytes_is_read(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        await phone.socket.send('{"type":"ping","s":0}'.ljust(16 * 1024))
        assert (await phone.receive_until("pong"))[-1]["type"] == "pong"


@pytest.mark.parametrize("sent", [b"\x00\x01", "hello", '{"type":"bye"}'])
async def test_what_is_no_hello_is_closed_with_4000(served: Served, anne: Enrolled, sent: str | bytes) -> None:
    async with served.phone(anne) as phone:
        await phone.receive()
        await phone.socket.send(sent)
        assert await phone.close_code() == CloseCode.BAD_PROTOCOL


async def test_a_peer_that_says_nothing_is_closed_after_ten_seconds(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.receive()
        served.house.clock.advance(seconds=10)
        served.tick()
        assert await phone.close_code() == CloseCode.HELLO_TOO_LATE


async def test_a_flood_is_closed_with_4103(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        await flood(partial(phone.socket.send, '{"type":"ack","s":0}'))
        assert await phone.close_code() == CloseCode.TOO_MANY_FRAMES


async def test_a_flood_of_pings_is_a_flood(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        await flood(phone.socket.ping)
        assert await phone.close_code() == CloseCode.TOO_MANY_FRAMES


async def test_a_peer_that_vanishes_is_forgotten(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        phone.socket.transport.abort()
        await served.left_with(0)


# --- peers that do not answer ------------------------------------------------------------------------------


async def test_a_peer_is_pinged_every_thirty_seconds_and_stays(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        for _ in range(4):
            served.house.clock.advance(seconds=30)
            served.tick()
            await phone.send({"type": "ping", "s": 0})
            await phone.receive_until("pong")
        assert served.hub.count == 1


async def test_a_half_open_peer_is_closed_with_4107_and_let_go(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        phone.socket.transport.pause_reading()
        served.house.clock.advance(seconds=30)
        served.tick()
        await asyncio.sleep(0.05)
        served.house.clock.advance(seconds=15)
        served.tick()
        await served.left_with(0)
        phone.socket.transport.resume_reading()
        assert await phone.close_code() == CloseCode.NO_PONG


async def fill(served: Served, phone: Phone, actions: int = 80) -> None:
    """Give a phone that reads nothing more than the buffers hold: some 3 KiB an action."""
    phone.socket.transport.pause_reading()
    for _ in range(actions):
        await served.house.hold()


async def test_a_peer_that_reads_nothing_is_let_go_and_holds_up_nobody(house: StreamingHouse) -> None:
    anne, bruno, _ = await house.found()
    slow, quick = await enrol(house, anne), await enrol(house, bruno)
    async with (
        serving(house, Ways(send_buffer=8 * 1024)) as served,
        served.phone(slow, receive_buffer=4 * 1024) as stuck,
        served.phone(quick) as well,
    ):
        await stuck.greet_signed_in()
        await well.greet_signed_in()
        await fill(served, stuck)
        numbers = [(await well.receive_until("event"))[-1]["s"] for _ in range(80)]
        assert numbers == list(range(2, 82))
        await served.left_with(1)
        stuck.socket.transport.resume_reading()
        assert await stuck.close_code() in {1006, CloseCode.TOO_SLOW}


async def test_a_peer_that_reads_slowly_hears_everything_in_order(house: StreamingHouse) -> None:
    anne = await enrol(house, (await house.found())[0])
    ways = Ways(send_buffer=8 * 1024, patience=Patience(send=30))
    async with serving(house, ways) as served, served.phone(anne, receive_buffer=4 * 1024) as slow:
        for _ in range(45):
            await house.hold()
        challenge = await slow.receive()
        await slow.hello(str(challenge["nonce"]), login=anne.login_token)
        await slow.receive_until("welcome")
        await fill(served, slow, actions=5)
        slow.socket.transport.resume_reading()
        numbers = [(await slow.receive_until("event"))[-1]["s"] for _ in range(51)]
        assert numbers == list(range(1, 52))


async def test_a_peer_that_reads_again_in_time_learns_that_it_was_too_slow(house: StreamingHouse) -> None:
    anne = await enrol(house, (await house.found())[0])
    ways = Ways(send_buffer=8 * 1024, patience=Patience(send=0.2, goodbye=5))
    async with serving(house, ways) as served, served.phone(anne, receive_buffer=4 * 1024) as stuck:
        await stuck.greet_signed_in()
        await fill(served, stuck)
        await asyncio.sleep(0.4)
        stuck.socket.transport.resume_reading()
        with pytest.raises(ConnectionClosed):
            await stuck.receive_until("drain")
        assert await stuck.close_code() == CloseCode.TOO_SLOW


async def test_a_peer_that_reads_nothing_is_let_go_when_the_house_closes_it(house: StreamingHouse) -> None:
    anne = await enrol(house, (await house.found())[0])
    ways = Ways(send_buffer=8 * 1024, patience=Patience(send=60, goodbye=0.2))
    async with serving(house, ways) as served, served.phone(anne, receive_buffer=4 * 1024) as stuck:
        await stuck.greet_signed_in()
        await fill(served, stuck)
        served.hub.close_device(anne.person.user.id, anne.device_id)
        await served.left_with(0)
        stuck.socket.transport.resume_reading()
        assert await stuck.close_code() == 1006


async def test_a_peer_that_sends_too_much_and_reads_nothing_is_let_go(house: StreamingHouse) -> None:
    anne = await enrol(house, (await house.found())[0])
    ways = Ways(send_buffer=8 * 1024, patience=Patience(send=0.2, goodbye=0.2))
    async with serving(house, ways) as served, served.phone(anne, receive_buffer=4 * 1024) as stuck:
        await stuck.greet_signed_in()
        await fill(served, stuck)
        await stuck.socket.send("x" * 20_000)
        await served.left_with(0)
        stuck.socket.transport.resume_reading()
        assert await stuck.close_code() in {1006, CloseCode.TOO_SLOW}


async def test_a_peer_that_leaves_without_reading_is_not_waited_for(house: StreamingHouse) -> None:
    anne = await enrol(house, (await house.found())[0])
    async with serving(house, Ways(send_buffer=4 * 1024)) as served, served.phone(anne, receive_buffer=2048) as stuck:
        await stuck.greet_signed_in()
        await fill(served, stuck, actions=18)
        leaving = asyncio.create_task(stuck.socket.close())
        await served.left_with(0)
        await asyncio.sleep(0.5)
        stuck.socket.transport.resume_reading()
        async with asyncio.timeout(3):
            await leaving
        assert stuck.socket.close_code == 1006
