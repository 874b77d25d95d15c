"""The bridge's end of the stream (docs/stream.md): greets with its key, acknowledges, comes back when it is cut off.

What an event means it leaves to who is woken by it. Nothing of a signature goes over it.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from approvals.credentials.device import STREAM
from card_bridge.link.identity import Paired, sign
from card_bridge.link.pinning import require_pinned, tls
from card_bridge.link.refusals import ClosedForGood

log: Final = logging.getLogger(__name__)

_PROTOCOL: Final = Subprotocol("contreseing.v1")
_RANDOM: Final = random.SystemRandom()
_SHORTEST, _LONGEST = 1.0, 60.0  # seconds between connections
_PING_SECONDS: Final = 20.0  # a network that changed is noticed within two of them
_LOOK_SECONDS: Final = 2.0
_SLEPT_SECONDS: Final = 5.0
_FOR_GOOD: Final = frozenset({1000, *range(4000, 4100)})
"""Closings after which a device does not come back by itself (docs/stream.md)."""


class Cursor(msgspec.Struct):
    """How far the bridge has read of which store."""

    epoch: str | None = None
    s: int = 0


class _Frame(msgspec.Struct, tag_field="type"):
    """One frame that comes; unknown members and unknown frames are left aside."""


class _Challenge(_Frame, tag="challenge"):
    nonce: str


class _Welcome(_Frame, tag="welcome"):
    epoch: str


class _Synced(_Frame, tag="synced"):
    pass


class _Event(_Frame, tag="event"):
    s: int
    kind: str


class _Reset(_Frame, tag="reset"):
    epoch: str
    head: int


class _Drain(_Frame, tag="drain"):
    after_ms: int


_Taken: TypeAlias = _Challenge | _Welcome | _Synced | _Event | _Reset | _Drain
_DECODER: Final[msgspec.json.Decoder[_Taken]] = msgspec.json.Decoder(_Taken)


def time_suspended() -> float:
    """Return the seconds this machine has slept since it was started."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()


class Stream:
    """One connection at a time, for ever; `wake` is called with the kind of each event, and with "synced"."""

    def __init__(
        self, paired: Paired, file: Path, wake: Callable[[str], None], suspended: Callable[[], float] = time_suspended
    ) -> None:
        """`file` keeps how far was read."""
        self._paired = paired
        self._file = file
        self._wake = wake
        self._suspended = suspended
        self._cursor = _read_cursor(file)
        self._failures = 0
        self._pause: float | None = None
        self._connection: ClientConnection | None = None
        self._awoken = asyncio.Event()

    async def run(self) -> NoReturn:
        """Raises ClosedForGood, ServerChanged."""
        watching = asyncio.create_task(self._notice_sleep())
        try:
            while True:
                with suppress(OSError, InvalidHandshake, TimeoutError):
                    await self._connect()
                self._failures += 1
                await self._rest()
        finally:
            watching.cancel()

    async def _rest(self) -> None:
        """Full jitter, so that a herd does not come back as one; or as long as the server said; or until waking up."""
        longest = min(_SHORTEST * 2**self._failures, _LONGEST)
        pause = _RANDOM.uniform(_SHORTEST, longest) if self._pause is None else self._pause
        self._pause = None
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._awoken.wait()
        self._awoken.clear()

    async def _notice_sleep(self) -> None:
        """A connection that slept is dead, whatever it says: the server gave it up long ago."""
        slept = self._suspended()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if self._suspended() - slept >= _SLEPT_SECONDS:
                slept = self._suspended()
                self._awoken.set()
                if self._connection is not None:
                    self._connection.transport.abort()

    async def _connect(self) -> None:
        address = self._paired.address
        async with connect(
            f"{address.replace('http', 'ws', 1)}/v1/stream",
            ssl=tls(address, self._paired.pin),
            subprotocols=[_PROTOCOL],
            compression=None,
            proxy=None,
            ping_interval=_PING_SECONDS,
            ping_timeout=_PING_SECONDS,
        ) as connection:
            require_pinned(connection.transport.get_extra_info("ssl_object"), self._paired.pin)
            self._connection = connection
            try:
                with suppress(ConnectionClosed):
                    async for text in connection:
                        await self._take(connection, text)
            finally:
                self._connection = None
        log.info("stream closed", extra={"close_code": connection.close_code})
        if connection.close_code in _FOR_GOOD:
            raise ClosedForGood

    async def _take(self, connection: ClientConnection, text: str | bytes) -> None:
        try:
            frame: _Taken = _DECODER.decode(text)
        except msgspec.DecodeError:
            return  # one of a later version, or none this bridge needs
        match frame:
            case _Challenge(nonce=nonce):
                await connection.send(self._hello(nonce))
            case _Welcome(epoch=epoch):
                self._cursor.epoch = epoch
            case _Reset(epoch=epoch, head=head):
                self._move(epoch, head)
            case _Event(s=s, kind=kind):
                self._move(self._cursor.epoch, s)
                await connection.send(_written({"type": "ack", "s": s}))
                self._wake(kind)
            case _Synced():
                self._failures = 0
                self._wake("synced")
            case _Drain(after_ms=after_ms):
                self._pause = after_ms / 1000

    def _hello(self, nonce: str) -> str:
        return _written(
            {
                "type": "hello",
                "v": 1,
                "device": self._paired.device,
                "tab": "bridge",
                "token": self._paired.token,
                "signature": sign(self._paired, STREAM, nonce),
                "epoch": self._cursor.epoch,
                "after": self._cursor.s,
            }
        )

    def _move(self, epoch: str | None, s: int) -> None:
        self._cursor = Cursor(epoch=epoch, s=s)
        self._file.write_bytes(msgspec.json.encode(self._cursor))


def _read_cursor(file: Path) -> Cursor:
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(file.read_bytes(), type=Cursor)
    return Cursor()


def _written(frame: dict[str, object]) -> str:
    return msgspec.json.encode(frame).decode()
