"""The stream's upgrade, carried on by `channels.websocket`, and the tickets browsers show on it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from msgspec import Struct

from approvals.desk.presence import Presence
from channels.views.times import milliseconds
from server.http.desks import Desks
from server.http.forms import TicketContent
from server.http.gates import GuestWatching
from server.http.intake import NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row, Visit

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


async def give_ticket(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    ticket = await desks.ways_in.tickets.give(call.caller)
    return Reply(body=TicketContent(ticket=ticket.text, expires=milliseconds(ticket.expires_at)))


ROWS: tuple[Row, ...] = (
    Upgrade(),
    Route(
        method="POST",
        path="/v1/stream/tickets",
        summary="Get a ticket for one's login, for `hello` or `auth` on the stream: good once, for 30 seconds",
        who=GuestWatching(),
        intake=NoBody(),
        query=NoQuery,
        handler=give_ticket,
        gives=Gives(status=201, struct=TicketContent),
    ),
)
