"""A real server on a real socket, with the whole bank behind it, and devices that speak to it as anybody's would.

Every frame either end sends is checked against the published document. Time stands still until a test moves it.
"""

import asyncio
import base64
import json
import logging
import socket
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from aiohttp import web
from typing_extensions import override
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from approvals.checkers.cap import CapProfiles
from approvals.credentials.device import ENROLMENT, STREAM, signed_bytes
from approvals.desk.devices import EnrolmentRequest
from approvals.model.ids import DeviceId, UserId
from approvals.model.json import Json
from channels.fanout.local import LocalFanout
from channels.hub.door import Door, DoorRates
from channels.hub.hub import Hub
from channels.session.state import Pace
from channels.websocket.parts import Spawn, StreamDesks, StreamParts
from channels.websocket.socket import Patience
from channels.websocket.upgrade import Entrance, StreamEndpoint
from tests.channels.spec import check_from_device, check_from_server
from tests.fakes import Announcements
from tests.house import House, Person
from tests.joined_desks import Parts

QUIET = logging.getLogger("tests.phone")
QUIET.setLevel(logging.WARNING)  # at DEBUG the client writes down every frame, tokens included
PAGE = "https://app.bank.test"
Frame = Mapping[str, Json]


@dataclass
class LiveAnnouncements(Announcements):
    """Announces to the hub of the server, once there is one."""

    hub: Hub | None = None

    @override
    async def announce(self, heads: Mapping[UserId, int]) -> None:
        if self.hub is not None:
            await self.hub.announce(heads)


class StreamingHouse(House):
    """The bank, whose desks announce to live connections."""

    def __init__(self, parts: Parts) -> None:
        self.live = LiveAnnouncements()
        super().__init__(replace(parts, announcements=self.live))


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person's phone: its id, its token, and the login it was enrolled under."""

    person: Person
    device_id: DeviceId
    token: str
    login_token: str


async def enrol(house: House, person: Person) -> Enrolled:
    """Sign in with code and card, enrol the phone."""
    signed_in = await house.sign_in(person, with_card=True)
    nonce, _ = await house.devices.nonce()
    signature = person.sign(signed_bytes(ENROLMENT, house.terms.origin, nonce, ""))
    request = EnrolmentRequest(public_key=person.public_key(), name="Téléphone", nonce=nonce, signature=signature)
    enrolled = await house.devices.enrol(signed_in.login.id, request)
    return Enrolled(person, enrolled.device.id, enrolled.token, signed_in.token)


class Phone:
    """A device's end of one connection."""

    def __init__(self, socket: ClientConnection, enrolled: Enrolled, origin: str) -> None:
        self.socket = socket
        self._enrolled = enrolled
        self._origin = origin

    async def send(self, frame: Frame) -> None:
        text = json.dumps(frame)
        check_from_device(text)
        await self.socket.send(text)

    async def receive(self) -> Frame:
        """Return the next frame. Raises ConnectionClosed, and TimeoutError after five seconds."""
        async with asyncio.timeout(5):
            text = await self.socket.recv()
        check_from_server(text)
        frame: Frame = json.loads(text)
        return frame

    async def receive_until(self, kind: str) -> list[Frame]:
        """Return every frame up to the first of this type, that one last."""
        frames = [await self.receive()]
        while frames[-1]["type"] != kind:
            frames.append(await self.receive())
        return frames

    async def close_code(self) -> int | None:
        """Wait until the server closes; return its code."""
        async with asyncio.timeout(5):
            await self.socket.wait_closed()
        return self.socket.close_code

    async def hello(self, nonce: str, **changed: Json) -> None:
        signed = signed_bytes(STREAM, self._origin, nonce, self._enrolled.device_id)
        signature = base64.urlsafe_b64encode(self._enrolled.person.sign(signed)).rstrip(b"=").decode()
        hello: dict[str, Json] = {
            "type": "hello",
            "v": 1,
            "device": self._enrolled.device_id,
            "tab": "main",
            "token": self._enrolled.token,
            "signature": signature,
        }
        await self.send({**hello, **changed})

    async def greet(self, **changed: Json) -> list[Frame]:
        """Answer the challenge with a hello; return everything up to `synced`."""
        challenge = await self.receive()
        await self.hello(str(challenge["nonce"]), **changed)
        return await self.receive_until("synced")

    async def greet_signed_in(self, **changed: Json) -> list[Frame]:
        return await self.greet(login=self._enrolled.login_token, **changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The running stream."""

    house: StreamingHouse
    hub: Hub
    address: str
    port: int

    def tick(self) -> None:
        """What the server does every second."""
        self.hub.tick(self.house.clock.now())

    async def left_with(self, count: int) -> None:
        """Wait until no more sockets than that are open; fail after five seconds."""
        for _ in range(500):
            if self.hub.count <= count:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{self.hub.count} sockets are still open")

    @asynccontextmanager
    async def phone(
        self, enrolled: Enrolled, *, receive_buffer: int | None = None, **headers: str
    ) -> AsyncIterator[Phone]:
        """A connection that has heard nothing yet; it answers pings by itself, as any client does."""
        async with connect(
            self.address,
            sock=await _dial(self.port, receive_buffer),
            subprotocols=[Subprotocol("contreseing.v1")],
            ping_interval=None,
            logger=QUIET,
            additional_headers=headers,
        ) as connection:
            yield Phone(connection, enrolled, self.house.terms.origin)


_PACE = Pace()
_PATIENCE = Patience(send=0.5, goodbye=0.3)
_RATES = DoorRates()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How a test wants the server."""

    pace: Pace = _PACE
    patience: Patience = _PATIENCE
    rates: DoorRates = _RATES
    page: int = 50
    send_buffer: int | None = None  # bytes the kernel takes for a peer that reads nothing


@asynccontextmanager
async def serving(house: StreamingHouse, ways: Ways) -> AsyncIterator[Served]:
    """Serve the stream of a bank on a free port; every task that was spawned must have ended well."""
    tasks: set[asyncio.Task[None]] = set()

    def spawn(work: Coroutine[None, None, None]) -> None:
        tasks.add(asyncio.get_running_loop().create_task(work))

    hub = Hub(fanout=LocalFanout(), inboxes=house.inbox, spread=min)
    house.live.hub = hub
    endpoint = StreamEndpoint(_parts(house, hub, spawn, ways), _entrance(house, ways))
    app = web.Application()
    app.router.add_get("/v1/stream", endpoint.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.SockSite(runner, _listener(ways)).start()
    port = int(runner.addresses[0][1])
    try:
        yield Served(house=house, hub=hub, address=f"ws://127.0.0.1:{port}/v1/stream", port=port)
    finally:
        await runner.cleanup()
        await asyncio.gather(*tasks)


async def _dial(port: int, receive_buffer: int | None) -> socket.socket:
    caller = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    caller.settimeout(0)
    if receive_buffer is not None:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    await asyncio.get_running_loop().sock_connect(caller, ("127.0.0.1", port))
    return caller


def _listener(ways: Ways) -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0))
    if ways.send_buffer is not None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ways.send_buffer)
    return listener


def _parts(house: StreamingHouse, hub: Hub, spawn: Spawn, ways: Ways) -> StreamParts:
    return StreamParts(
        desks=StreamDesks(
            access=house.access,
            devices=house.devices,
            inboxes=house.inbox,
            cursors=house.cursors,
            answers=house.answers,
            tickets=house.ways_in.tickets,
            talk=house.conversations.talk,
        ),
        profiles=CapProfiles(house.profiles, b"linking secret of the tests"),
        hub=hub,
        clock=house.clock,
        ids=house.ids,
        spawn=spawn,
        request_secret=b"request secret of the tests",
        pace=ways.pace,
        patience=ways.patience,
        page=ways.page,
    )


def _entrance(house: StreamingHouse, ways: Ways) -> Entrance:
    return Entrance(
        door=Door(ways.rates, house.clock.now()),
        origins={PAGE},
        address_of=lambda request: request.remote or "",
    )
