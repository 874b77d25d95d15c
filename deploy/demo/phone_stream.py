"""The phone's end of the stream (docs/stream.md): greets with its key, acknowledges, comes back when it is cut off."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from approvals.credentials.device import STREAM
from channels.frames import from_device, from_server
from deploy.demo.phone_identity import PhoneIdentity

log: Final = logging.getLogger(__name__)

_PROTOCOL: Final = Subprotocol("contreseing.v1")
_DECODER: Final = msgspec.json.Decoder(from_server.FromServer)
_RANDOM: Final = random.SystemRandom()
_LONGEST_PAUSE: Final = 60.0  # seconds
_FOR_GOOD: Final = frozenset({1000, *range(4000, 4100)})
"""Closings after which a device does not come back by itself."""


class ClosedForGood(Exception):
    """The server will not have this phone any more; the text names the closing's code."""


class PhoneStream:
    """One connection at a time; `login` is the token of whoever is signed in, None while nobody is."""

    def __init__(self, server: str, identity: PhoneIdentity, watch: Callable[[str], None]) -> None:
        """`watch` is shown every frame that comes, as it came."""
        self._watch = watch
        self._url = f"{server.replace('http', 'ws', 1)}/v1/stream"
        self._identity = identity
        self._connection: ClientConnection | None = None
        self._epoch: str | None = None
        self._read_up_to = 0
        self._failures = 0
        self.login: str | None = None

    async def listen(self, take: Callable[[from_server.FromServer], Awaitable[None]]) -> None:
        """Hand over every frame, for ever, with full jitter between connections. Raises ClosedForGood."""
        while True:
            with suppress(OSError, InvalidHandshake):
                close_code = await self._connect(take)
                if close_code in _FOR_GOOD:
                    raise ClosedForGood(f"closed for good: {close_code}")
            self._failures += 1
            await asyncio.sleep(_RANDOM.uniform(0, min(2**self._failures, _LONGEST_PAUSE)))

    async def _connect(self, take: Callable[[from_server.FromServer], Awaitable[None]]) -> int | None:
        """Hand over the frames of one connection; return why it was closed."""
        async with connect(
            self._url, subprotocols=[_PROTOCOL], compression=None, proxy=None, ping_interval=None
        ) as connection:
            self._connection = connection
            with suppress(ConnectionClosed):
                async for text in connection:
                    await self._read(text, take)
            self._connection = None
            return connection.close_code

    async def send(self, frame: from_device.FromDevice) -> None:
        """Send now; while the phone is cut off there is nobody to send to, and what was typed is typed again."""
        if self._connection is not None:
            with suppress(ConnectionClosed):
                await self._connection.send(msgspec.json.encode(frame).decode())

    async def _read(self, text: str | bytes, take: Callable[[from_server.FromServer], Awaitable[None]]) -> None:
        self._watch(str(text))
        try:
            frame = _DECODER.decode(text)
        except msgspec.ValidationError:
            log.warning("a frame this phone does not know was left aside")
            return
        match frame:
            case from_server.Challenge():
                await self._greet(frame.nonce)
            case from_server.Welcome():
                self._epoch = frame.epoch
            case from_server.Synced():
                self._failures = 0
            case from_server.Reset():
                self._epoch, self._read_up_to = frame.epoch, frame.head
            case from_server.Event():
                self._read_up_to = frame.s
                await self.send(from_device.Ack(s=frame.s))
            case _:
                pass
        await take(frame)

    async def _greet(self, nonce: str) -> None:
        await self.send(
            from_device.Hello(
                v=from_device.VERSION,
                device=self._identity.device,
                tab="phone",
                token=self._identity.token,
                signature=self._identity.sign(STREAM, nonce),
                epoch=self._epoch,
                after=self._read_up_to,
                login=self.login,
            )
        )
