"""Health, readiness and the public keys: open to all, with nothing to learn from."""

from approvals.errors import ClockOff
from server.http.desks import Desks
from server.http.forms import HealthContent
from server.http.gates import Anyone
from server.http.intake import NoBody
from server.http.refusals import NotReady
from server.http.replies import Document, Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row

_KEY_SET = "application/jwk-set+json"


async def say_live(_desks: Desks, _call: Call[None, None, NoQuery]) -> Reply:
    return Reply(body=HealthContent(status="ok"))


async def say_ready(desks: Desks, _call: Call[None, None, NoQuery]) -> Reply:
    await desks.health.require_ready()
    return Reply(body=HealthContent(status="ok"))


async def publish_keys(desks: Desks, _call: Call[None, None, NoQuery]) -> Document:
    return Document(media_type=_KEY_SET, content=desks.published_keys())


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/health/live",
        summary="The process answers",
        who=Anyone(),
        intake=NoBody(),
        query=NoQuery,
        handler=say_live,
        gives=Gives(status=200, struct=HealthContent),
    ),
    Route(
        method="GET",
        path="/health/ready",
        summary="The process can do its work: database, schema, clock, and not about to stop",
        who=Anyone(),
        intake=NoBody(),
        query=NoQuery,
        handler=say_ready,
        gives=Gives(status=200, struct=HealthContent),
        errors=(NotReady, ClockOff),
    ),
    Route(
        method="GET",
        path="/.well-known/jwks.json",
        summary="The public keys release tokens are checked with, old ones included (RFC 7517)",
        who=Anyone(),
        intake=NoBody(),
        query=NoQuery,
        handler=publish_keys,
        gives=Gives(status=200, media_types=(_KEY_SET,)),
    ),
)
