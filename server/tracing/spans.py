"""What is traced, and the ports that trace what passes through them."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final, Protocol, TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from approvals.delivery import Outcome
from approvals.model.card import Card
from approvals.model.proof import CapProof, Verdict
from approvals.model.reader import ReaderInput
from approvals.model.release import Release
from approvals.ports.world import ProofChecker
from server.jobs.releaser import Sender

Attributes: TypeAlias = Mapping[str, str | int | bool]
Note: TypeAlias = Callable[[Attributes], None]
"""Adds to a span what is known only at its end."""

_UPGRADE: Final = "websocket"


class Tracer(Protocol):
    """Opens spans; one opened inside another is its child."""

    def span(self, name: str, attributes: Attributes) -> AbstractContextManager[Note]: ...


class TracingChecker:
    """Satisfies `ports.world.ProofChecker`."""

    def __init__(self, checker: ProofChecker, tracer: Tracer) -> None:
        self._checker = checker
        self._tracer = tracer

    async def check_cap(self, card: Card, asked: ReaderInput, proof: CapProof) -> Verdict:
        return await self._traced(card, "check answer", lambda: self._checker.check_cap(card, asked, proof))

    async def check_resync(self, card: Card, first: CapProof, second: CapProof) -> Verdict:
        return await self._traced(card, "check resync", lambda: self._checker.check_resync(card, first, second))

    async def _traced(self, card: Card, name: str, check: Callable[[], Awaitable[Verdict]]) -> Verdict:
        with self._tracer.span(name, {"contreseing.means": "cap", "contreseing.card": card.id}) as note:
            verdict = await check()
            note({"contreseing.right": verdict.right})
            return verdict


class TracingSender:
    """Satisfies `jobs.releaser.Sender`."""

    def __init__(self, sender: Sender, tracer: Tracer) -> None:
        self._sender = sender
        self._tracer = tracer

    async def send(self, release: Release) -> Outcome:
        attributes = {"contreseing.release": release.id, "contreseing.action": release.action_id}
        with self._tracer.span("deliver release", attributes) as note:
            outcome = await self._sender.send(release)
            note({"contreseing.outcome": type(outcome).__name__.lower()})
            return outcome


def tracing_middleware(tracer: Tracer) -> Middleware:
    """Trace every request but upgrades, which last for hours; names as OpenTelemetry's HTTP conventions have them."""

    @web.middleware
    async def trace(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == _UPGRADE:
            return await handler(request)
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "none"
        attributes = {"http.request.method": request.method, "http.route": route}
        with tracer.span(f"{request.method} {route}", attributes) as note:
            response = await handler(request)
            note({"http.response.status_code": response.status})
            return response

    return trace
