"""A device on the stream: greets with its key, hands over events and results, comes back when it is cut off."""

import asyncio
import base64
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import aiohttp
import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from approvals.credentials.device import STREAM, signed_bytes
from channels.frames import from_device, from_server
from tests.bench.residents import Resident

_DECODER: Final = msgspec.json.Decoder(from_server.FromServer)
_ENCODER: Final = msgspec.json.Encoder()
_RANDOM: Final = random.SystemRandom()
_LONGEST_PAUSE: Final = 60.0  # seconds (CHANNELS, "Herd")
_NEVER: Final = float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How a device reaches the server; `key` is the one key of every device: the server's work is the same."""

    server: str
    session: aiohttp.ClientSession
    key: ec.EllipticCurvePrivateKey


class Device:
    """One device's stream. `refused` counts the upgrades turned away, `synced_at` is monotonic seconds."""

    def __init__(
        self,
        who: Resident,
        line: Line,
        take: Callable[[from_server.FromServer], None],
        *,
        login: str | None = None,
    ) -> None:
        self._who = who
        self._line = line
        self._take = take
        self._login = login
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._epoch: str | None = None
        self._failures = 0
        self.read_up_to = 0
        self.refused = 0
        self.synced_at = _NEVER

    async def stay(self) -> None:
        """Connect, and come back with full jitter and no sooner than told, until cancelled."""
        while True:
            told_to_wait = await self._connect()
            self.synced_at = _NEVER
            self._failures += 1
            await asyncio.sleep(told_to_wait + _RANDOM.uniform(0, min(2**self._failures, _LONGEST_PAUSE)))

    async def send(self, frame: from_device.FromDevice) -> None:
        """Raises ConnectionError while the device is cut off."""
        if self._socket is None:
            raise ConnectionError("this device is not connected")
        await self._socket.send_str(_ENCODER.encode(frame).decode())

    async def _connect(self) -> float:
        """Read one connection to its end; return how long the server asked to be left alone, in seconds."""
        try:
            async with self._line.session.ws_connect(
                f"{self._line.server}/v1/stream", protocols=["contreseing.v1"], compress=0
            ) as socket:
                self._socket = socket
                async for message in socket:
                    await self._read(_DECODER.decode(message.data))
        except aiohttp.WSServerHandshakeError as refusal:
            self.refused += 1
            return float(refusal.headers.get("Retry-After", 0)) if refusal.headers else 0.0
        except (aiohttp.ClientError, OSError):
            pass
        finally:
            self._socket = None
        return 0.0

    async def _read(self, frame: from_server.FromServer) -> None:
        match frame:
            case from_server.Challenge():
                await self.send(self._hello(frame.nonce))
            case from_server.Welcome():
                self._epoch = frame.epoch
            case from_server.Reset():
                self._epoch, self.read_up_to = frame.epoch, frame.head
            case from_server.Synced():
                self._failures, self.synced_at = 0, time.monotonic()
            case from_server.Event():
                self.read_up_to = frame.s
            case _:
                pass
        self._take(frame)

    def _hello(self, nonce: str) -> from_device.Hello:
        signed = signed_bytes(STREAM, self._line.server, nonce, self._who.device_id)
        r, s = decode_dss_signature(self._line.key.sign(signed, ec.ECDSA(hashes.SHA256())))
        signature = base64.urlsafe_b64encode(r.to_bytes(32) + s.to_bytes(32)).rstrip(b"=").decode()
        return from_device.Hello(
            v=from_device.VERSION,
            device=self._who.device_id,
            tab="bench",
            token=self._who.device_token,
            signature=signature,
            epoch=self._epoch,
            after=self.read_up_to,
            login=self._login,
        )
