"""One aiohttp WebSocket, patient within limits: every send is bounded in time, and what the peer has not taken in size.

aiohttp's own heartbeat ends with `transport.close()`, which waits for a peer that stopped reading to read; here the
end of patience is `transport.abort()` (CHANNELS, "Staying alive"). It is brought by a timer, never by cancelling the
send: aiohttp's waiting sends share one future, and one that is cancelled breaks all the others.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from aiohttp import WSMessage, WSMsgType, web

from channels.frames.closing import CloseCode

SUBPROTOCOL: Final = "contreseing.v1"
MOST_UNSENT: Final = 64 * 1024
"""Bytes the peer has not taken; over it, a send waits until they are a quarter of it."""
_CLOSE_WITH_CODE: Final = b"\x88\x02"
"""A close frame with two bytes of payload, unmasked (RFC 6455 section 5.5.1)."""


class PeerTooSlow(Exception):
    """The peer did not take a frame in time; it is being let go."""


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
        self._is_given_up = False
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
        """Say goodbye, wait for the peer's, and let go; a peer that was given up is being let go already."""
        if not self._is_given_up:
            self._let_go_soon()
            await self._response.close(code=code, message=code.name.lower().encode())

    def abort(self) -> None:
        """Let go of the connection, whatever is unsent."""
        self._transport.abort()

    def finish(self) -> None:
        """Nothing more is read: give the last frame its time to leave, then let go."""
        self._let_go_soon()

    async def _send(self, payload: bytes, kind: WSMsgType) -> None:
        if not self._is_given_up:
            limit = asyncio.get_running_loop().call_later(self._patience.send, self._give_up)
            try:
                await self._response.send_frame(payload, kind)
            finally:
                limit.cancel()
        if self._is_given_up:
            raise PeerTooSlow

    def _give_up(self) -> None:
        """Tell the peer why behind all that it has not read, give it a moment to read it, and let go."""
        self._is_given_up = True
        self._transport.write(_CLOSE_WITH_CODE + CloseCode.TOO_SLOW.to_bytes(2))
        self._let_go_soon()

    def _let_go_soon(self) -> None:
        asyncio.get_running_loop().call_later(self._patience.goodbye, self._transport.abort)
