"""A device on the stream: greets, reads, comes back when it is cut off, and keeps a journal of all it read."""

import asyncio
import base64
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import aiohttp
import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from approvals.credentials.device import STREAM, signed_bytes
from channels.frames import from_device, from_server
from channels.frames.content import ActionContent
from tests.flows.chaos.calling import PATIENCE
from tests.flows.chaos.journal import Connection, DeviceJournal, Heard
from tests.flows.chaos.town import Handset

_DECODER: Final = msgspec.json.Decoder(from_server.FromServer)
_ENCODER: Final = msgspec.json.Encoder()
_LONGEST_PAUSE: Final = 2.0  # seconds: a device backs off to a minute (CHANNELS), a test has less time
_PATIENT: Final = aiohttp.ClientWSTimeout(
    ws_receive=75.0
)  # seconds: the server pings every 30 s; a link that carries nothing is given up
_FORGETS: Final = 0.1  # of the connections say they know less than they do: what they have comes again


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How devices reach the bank: the nodes' doors, and what they sign with, for which origin."""

    doors: Sequence[str]
    origin: str
    key: ec.EllipticCurvePrivateKey


class Phone:
    """One device. `shown` hears of every action the device shows."""

    def __init__(
        self,
        handset: Handset,
        line: Line,
        session: aiohttp.ClientSession,
        shown: Callable[[ActionContent], None],
        chance: Random,
    ) -> None:
        self.journal = DeviceJournal(device=handset.device_id, user=handset.owner.user_id)
        self._handset = handset
        self._line = line
        self._session = session
        self._shown = shown
        self._chance = chance
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._epoch: str | None = None
        self._failures = 0
        self._results: dict[str, asyncio.Future[from_server.Result]] = {}
        self.read_up_to = 0
        self.is_synced = False

    async def stay(self) -> None:
        """Connect to either node, and come back with full jitter, until cancelled."""
        while True:
            await self._connect(self._line.doors[self._chance.randrange(len(self._line.doors))])
            self.is_synced = False
            self._failures += 1
            await asyncio.sleep(self._chance.uniform(0.05, min(2.0**self._failures, _LONGEST_PAUSE)))

    async def ask(self, frame: from_device.Answer | from_device.Refuse) -> from_server.Result | None:
        """Send a request; None when no result came over this connection."""
        if self._socket is None or not self.is_synced:
            return None
        result: asyncio.Future[from_server.Result] = asyncio.get_running_loop().create_future()
        self._results[frame.req] = result
        try:
            await self._send(self._socket, frame)
            async with asyncio.timeout(PATIENCE):
                return await result
        except (TimeoutError, aiohttp.ClientError, OSError):
            return None
        finally:
            self._results.pop(frame.req, None)

    async def _connect(self, door: str) -> None:
        """Read one connection to its end."""
        try:
            async with self._session.ws_connect(
                f"{door}/v1/stream", protocols=["contreseing.v1"], compress=0, timeout=_PATIENT
            ) as socket:
                async for message in socket:
                    await self._read(socket, _DECODER.decode(message.data))
        except (aiohttp.ClientError, OSError, TimeoutError):
            pass
        finally:
            self._socket = None

    async def _read(self, socket: aiohttp.ClientWebSocketResponse, frame: from_server.FromServer) -> None:
        match frame:
            case from_server.Challenge():
                await self._send(socket, self._hello(frame.nonce))
            case from_server.Welcome():
                self._epoch, self._socket = frame.epoch, socket
            case from_server.Reset():
                self.journal.resets += 1
            case from_server.Event():
                self._note(frame)
            case from_server.Synced():
                self.is_synced, self._failures = True, 0
                await self._send(socket, from_device.Ack(s=self.read_up_to))
            case from_server.Result():
                waiting = self._results.get(frame.req)
                if waiting is not None and not waiting.done():
                    waiting.set_result(frame)
            case _:
                pass

    def _note(self, event: from_server.Event) -> None:
        action = event.action
        self.journal.connections[-1].heard.append(
            Heard(
                at=time.time(),
                s=event.s,
                kind=event.kind,
                subject=event.id,
                status=action.status if action is not None else None,
                expires=action.expires / 1000 if action is not None else None,
            )
        )
        self.read_up_to = max(self.read_up_to, event.s)
        if action is not None:
            self._shown(action)

    def _hello(self, nonce: str) -> from_device.Hello:
        after = self.read_up_to
        if self._chance.random() < _FORGETS:
            after -= min(after, self._chance.randrange(5))
        self.journal.connections.append(Connection(after=after))
        device_id = self._handset.device_id
        signed = signed_bytes(STREAM, self._line.origin, nonce, device_id)
        r, s = decode_dss_signature(self._line.key.sign(signed, ec.ECDSA(hashes.SHA256())))
        return from_device.Hello(
            v=from_device.VERSION,
            device=device_id,
            tab="main",
            token=self._handset.token,
            signature=base64.urlsafe_b64encode(r.to_bytes(32) + s.to_bytes(32)).rstrip(b"=").decode(),
            epoch=self._epoch,
            after=after,
            login=self._handset.login_token,
        )

    @staticmethod
    async def _send(socket: aiohttp.ClientWebSocketResponse, frame: from_device.FromDevice) -> None:
        await socket.send_str(_ENCODER.encode(frame).decode())
