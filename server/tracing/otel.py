"""Spans by OpenTelemetry, sent in batches by a thread of its own: a collector that is away costs no request."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from server.tracing.spans import Attributes, Note

_LAST_SPANS: Final = 3.0  # seconds for what is left when the process stops


class OtelTracer:
    """Satisfies `spans.Tracer`."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("contreseing")

    @contextmanager
    def span(self, name: str, attributes: Attributes) -> Iterator[Note]:
        # The driver would write down an error's text, which may quote what a caller sent.
        with self._tracer.start_as_current_span(
            name, attributes=dict(attributes), record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield lambda known: span.set_attributes(dict(known))
            except BaseException as error:
                span.set_attribute("error.type", type(error).__qualname__)
                raise


@asynccontextmanager
async def otel_tracer(endpoint: str) -> AsyncIterator[OtelTracer]:
    """Send spans to this collector (OTLP over HTTP) meanwhile, and the last of them at the end."""
    provider = TracerProvider(
        resource=Resource.create({"service.name": "contreseing", "service.version": version("contreseing")})
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=_LAST_SPANS)))
    try:
        yield OtelTracer(provider)
    finally:
        await asyncio.to_thread(provider.shutdown)
