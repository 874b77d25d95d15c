"""Who looks on: figures always, spans where the settings name a collector. Wraps the ports both are taken at."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp.typedefs import Middleware

from approvals.model.push import PushChannel
from approvals.ports.world import ProofChecker
from channels.push.outcomes import PushSender
from server.jobs.releaser import Sender
from server.metrics.edges import CountingChecker, CountingPush, CountingSender
from server.metrics.figures import Figures
from server.settings import TelemetrySettings
from server.tracing.spans import Tracer, TracingChecker, TracingSender, tracing_middleware


@dataclass(frozen=True, slots=True, kw_only=True)
class Observing:
    """One a process. `tracer` is None where nothing is traced."""

    figures: Figures
    tracer: Tracer | None

    def checker(self, checker: ProofChecker) -> ProofChecker:
        counting = CountingChecker(checker, self.figures)
        return counting if self.tracer is None else TracingChecker(counting, self.tracer)

    def sender(self, sender: Sender) -> Sender:
        counting = CountingSender(sender, self.figures)
        return counting if self.tracer is None else TracingSender(counting, self.tracer)

    def push(self, channel: PushChannel, sender: PushSender) -> PushSender:
        return CountingPush(channel, sender, self.figures)

    def middlewares(self) -> Sequence[Middleware]:
        """To be put before all others: they see the answer that leaves."""
        return () if self.tracer is None else (tracing_middleware(self.tracer),)


@asynccontextmanager
async def open_observing(telemetry: TelemetrySettings) -> AsyncIterator[Observing]:
    """Observe meanwhile; with a collector in the settings, OpenTelemetry must be installed (`settings_check`)."""
    figures = Figures()
    if telemetry.otlp_endpoint is None:
        yield Observing(figures=figures, tracer=None)
        return
    from server.tracing.otel import otel_tracer  # noqa: PLC0415  # an extra: it may not be installed

    async with otel_tracer(telemetry.otlp_endpoint) as tracer:
        yield Observing(figures=figures, tracer=tracer)
