"""One aiohttp WebSocket, patient within limits: every send is bounded in time, and what the peer has not taken in size.

aiohttp's own heartbeat ends with `transport.close()`, which waits for a peer that stopped reading to read; here the
end of patience is `transport.abort()` (CHANNELS, "Staying alive").
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from aiohttp import WSMessage, WSMsgType, web

from channels.frames.closing import CloseCode

SUBPROTOCOL: Final = "contreseing.v1"
MOST_UNSENT: Final = 64 * 1024
"""Bytes the peer has not taken; over it, a send waits until they are a quarter of it."""


class PeerTooSlow(Exception):
    """The peer did not take a frame in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a send may wait, and how long a closing socket for the peer's own goodbye, in seconds."""

    send: float = 10.0
    goodbye: float = 2.0


class Socket:
    """Sends in order, closes in time. Sending raises PeerTooSlow, and ConnectionError when the peer is gone."""

    def __init__(self, response: web.WebSocketResponse, transport: asyncio.Transport, patience: Patience) -> None:
        self._response = response
        self._transport = transport
        self._patience = patience
        self._turn = asyncio.Lock()  # aiohttp's waiting sends share one future: one that gives up would end the others
        transport.set_write_buffer_limits(high=MOST_UNSENT)

    async def receive(self) -> WSMessage:
        return await self._response.receive()

    async def send_text(self, text: bytes) -> None:
        await self._send(text, WSMsgType.TEXT)

    async def ping(self) -> None:
        await self._send(b"", WSMsgType.PING)

    async def pong(self, payload: bytes) -> None:
        await self._send(payload, WSMsgType.PONG)

    async def close(self, code: CloseCode) -> None:
        """Say goodbye, wait for the peer's, and let go; at once when a send is stuck before it."""
        if not self._turn.locked():
            await self._say_goodbye(code)
        self.abort()

    def abort(self) -> None:
        """Let go of the connection, whatever is unsent."""
        self._transport.abort()

    def let_go_soon(self) -> None:
        """The peer left, or broke the protocol: give the last frame its time to leave, then let go."""
        asyncio.get_running_loop().call_later(self._patience.goodbye, self._transport.abort)

    async def _send(self, payload: bytes, kind: WSMsgType) -> None:
        try:
            async with asyncio.timeout(self._patience.send), self._turn:
                await self._response.send_frame(payload, kind)
        except TimeoutError:
            raise PeerTooSlow from None

    async def _say_goodbye(self, code: CloseCode) -> None:
        try:
            async with asyncio.timeout(self._patience.goodbye):
                await self._response.close(code=code, message=code.name.lower().encode())
        except TimeoutError:
            return
