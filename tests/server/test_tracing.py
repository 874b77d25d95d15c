"""Spans of one approval, on OpenTelemetry's own exporter in memory; and one that really leaves, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from approvals.delivery import Outcome, Undecided
from approvals.model.ids import ActionId, ReleaseId
from approvals.model.reader import CODE_KEY
from approvals.model.release import DeliveryStatus, Release
from approvals.store.book import SqlBook
from server.tracing.otel import OtelTracer, otel_tracer
from server.tracing.spans import TracingChecker, TracingSender, tracing_middleware
from tests.fakes import START
from tests.house import House
from tests.joined_desks import Parts

RELEASE = Release(
    id=ReleaseId("rel_1"),
    action_id=ActionId("act_1"),
    body=b"",
    status=DeliveryStatus.DUE,
    created_at=START,
    next_at=START,
)


class Collected:
    """A tracer whose spans stay here."""

    def __init__(self) -> None:
        self._kept = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self._kept))
        self.tracer = OtelTracer(provider)

    def spans(self) -> dict[str, ReadableSpan]:
        return {span.name: span for span in self._kept.get_finished_spans()}


@pytest.fixture
def collected() -> Collected:
    return Collected()


@pytest.fixture
async def origin(collected: Collected) -> AsyncIterator[str]:
    """A small server that is traced; what it serves breaks, or opens a span of its own."""

    async def fine(_request: web.Request) -> web.Response:
        with collected.tracer.span("inside", {}):
            return web.Response(text="ok")

    async def broken(_request: web.Request) -> web.Response:
        raise ValueError("a code: 12345678")

    application = web.Application(middlewares=[tracing_middleware(collected.tracer)])
    application.router.add_get("/v1/actions/{action}", fine)
    application.router.add_get("/broken", broken)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_request_is_a_span_by_its_route_and_what_it_does_is_inside(collected: Collected, origin: str) -> None:
    async with ClientSession() as session, session.get(f"{origin}/v1/actions/act_secret?name=Martin") as response:
        assert response.status == 200
    spans = collected.spans()
    outer, inner = spans["GET /v1/actions/{action}"], spans["inside"]
    assert dict(outer.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/v1/actions/{action}",
        "http.response.status_code": 200,
    }
    assert inner.parent is not None
    assert inner.parent == outer.get_span_context()


async def test_an_error_is_told_by_its_class_alone(collected: Collected, origin: str) -> None:
    async with ClientSession() as session, session.get(f"{origin}/broken") as response:
        assert response.status == 500
    span = collected.spans()["GET /broken"]
    assert (span.attributes or {})["error.type"] == "ValueError"
    assert "12345678" not in span.to_json()


async def test_upgrades_are_not_traced(collected: Collected, origin: str) -> None:
    async with ClientSession() as session:
        await session.get(f"{origin}/v1/actions/x", headers={"Upgrade": "WebSocket", "Connection": "Upgrade"})
    assert set(collected.spans()) == {"inside"}


async def test_a_checked_answer_is_a_span_without_the_code(collected: Collected, book: SqlBook, tmp_path: Path) -> None:
    house = House(Parts(book=book, folder=tmp_path))
    anne, _, _ = await house.found()
    proof = anne.wrong()
    await TracingChecker(house.checker, collected.tracer).check_cap(anne.card, CODE_KEY, proof)
    span = collected.spans()["check answer"]
    assert dict(span.attributes or {}) == {
        "contreseing.means": "cap",
        "contreseing.card": anne.card.id,
        "contreseing.right": False,
    }
    assert proof.code not in span.to_json()


class SilentCore:
    """The Sender port: no answer in time."""

    async def send(self, release: Release) -> Outcome:
        del release
        return Undecided("timeout")


async def test_a_delivery_is_a_span_with_its_outcome(collected: Collected) -> None:
    await TracingSender(SilentCore(), collected.tracer).send(RELEASE)
    assert dict(collected.spans()["deliver release"].attributes or {}) == {
        "contreseing.release": "rel_1",
        "contreseing.action": "act_1",
        "contreseing.outcome": "undecided",
    }


async def test_spans_leave_for_the_collector_before_the_process_does() -> None:
    received: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        received.append(await request.read())
        return web.Response(content_type="application/x-protobuf")

    application = web.Application()
    application.router.add_post("/v1/traces", take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with otel_tracer(f"http://127.0.0.1:{runner.addresses[0][1]}/v1/traces") as tracer:
        with tracer.span("deliver release", {"contreseing.release": "rel_1"}):
            await asyncio.sleep(0)
    await runner.cleanup()
    assert len(received) == 1
