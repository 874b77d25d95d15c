"""The stream's upgrade: described here, carried on by `channels.websocket`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from msgspec import Struct

from server.http.desks import Desks
from server.http.routes import Gives, NoQuery, Row, Visit

_PROBLEMS: Final = (
    (400, "stream_upgrade_invalid"),
    (403, "origin_refused"),
    (429, "too_many_connections"),
    (503, "too_many_connections"),
)
_SWITCHES: Final = Gives(status=101, media_types=())


@dataclass(frozen=True, slots=True)
class Upgrade:
    """GET /v1/stream. Who comes is asked on the open connection, in the first frames (CHANNELS)."""

    method: str = "GET"
    path: str = "/v1/stream"
    summary: str = "Open the stream: WebSocket, subprotocol `contreseing.v1`, frames as /asyncapi.json says"
    schemes: Sequence[str] = ()
    media_types: Sequence[str] = ()
    body: type[Struct] | None = None
    parameters: type[Struct] = NoQuery
    gives: Gives = _SWITCHES
    problems: Collection[tuple[int, str]] = _PROBLEMS
    is_idempotent: bool = False

    async def serve(self, desks: Desks, visit: Visit) -> web.StreamResponse:
        return await desks.stream(visit.request)


ROWS: tuple[Row, ...] = (Upgrade(),)
