"""The door of the stream: who may upgrade, and how often, before any socket exists."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import msgspec
from aiohttp import web
from typing_extensions import override

from channels.frames.content import Problem
from channels.frames.from_device import MOST_BYTES_IN
from channels.hub.door import Door
from channels.websocket.connection import Connection
from channels.websocket.parts import StreamParts
from channels.websocket.socket import SUBPROTOCOL, Socket


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """`origins` are the web pages that may open a stream; a device without a browser names none.

    `address_of` tells who calls, behind the proxies the house trusts.
    """

    door: Door
    origins: Collection[str]
    address_of: Callable[[web.Request], str]


class _Stream(web.WebSocketResponse):
    """The stream as the body of its answer: it runs once the handlers have returned.

    Ten frames of handlers waiting for each of ten thousand idle sockets to end are a fifth of what a socket weighs.
    """

    connection: Connection | None = None

    @override
    async def write_eof(self) -> None:  # type: ignore[override]  # as aiohttp's own: no more data is given
        if self.connection is not None:
            await self.connection.run()
        await super().write_eof()


class StreamEndpoint:
    """GET /v1/stream."""

    def __init__(self, parts: StreamParts, entrance: Entrance) -> None:
        self._parts = parts
        self._entrance = entrance

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Upgrade, with the connection as the answer's body; or say as problem+json why not."""
        refusal = self._turn_away(request)
        if refusal is not None:
            return refusal
        response = _Stream(
            protocols=(SUBPROTOCOL,),
            compress=False,  # permessage-deflate costs 90 KiB a socket
            autoping=False,  # pongs are the session's to see, pings its to count
            max_msg_size=MOST_BYTES_IN + 1,  # aiohttp refuses the size it is given
            timeout=self._parts.patience.goodbye,
            writer_limit=0,  # every send looks whether the peer takes it
        )
        if response.can_prepare(request).protocol != SUBPROTOCOL:
            return _problem(400, "stream_upgrade_invalid", f"upgrade to a WebSocket with subprotocol {SUBPROTOCOL}")
        await response.prepare(request)
        if request.transport is not None:
            response.connection = Connection(self._parts, Socket(response, request.transport, self._parts.patience))
            response.headers.clear()  # they were sent
        return response

    def _turn_away(self, request: web.Request) -> web.Response | None:
        origin = request.headers.get("Origin")
        if origin is not None and origin not in self._entrance.origins:
            return _problem(403, "origin_refused", "this page may not open a stream")
        if self._parts.hub.is_draining:
            return _later(503, 30)
        turned_away = self._entrance.door.enter(self._entrance.address_of(request), self._parts.clock.now())
        return None if turned_away is None else _later(turned_away.status, turned_away.retry_after)


def _later(status: int, seconds: int) -> web.Response:
    detail = f"too many connections at once: come back in {seconds} s"
    response = _problem(status, "too_many_connections", detail, retry_after=seconds)
    response.headers["Retry-After"] = str(seconds)
    return response


def _problem(status: int, code: str, detail: str, *, retry_after: int | None = None) -> web.Response:
    problem = Problem(
        type=f"urn:contreseing:problem:{code}",
        title="The stream was not opened",
        status=status,
        detail=detail,
        code=code,
        retry_after=retry_after,
    )
    return web.Response(status=status, body=msgspec.json.encode(problem), content_type="application/problem+json")
