"""What is not counted but read, each time somebody asks: who is connected, what waits, how the fan-out is."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from approvals.desk.standing import Standing, read_standing
from approvals.errors import ApprovalError
from approvals.model.push import PushBacklog
from approvals.model.seal import Tail
from approvals.ports.book import Book
from approvals.ports.world import Clock
from approvals.store.database import Database
from channels.fanout.hints import Fanout
from channels.hub.hub import Hub
from server.clock import ClockGuard
from server.metrics.figures import Figures

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The parts of the house that are asked."""

    book: Book
    database: Database
    clock: Clock
    guard: ClockGuard
    hub: Hub
    fanout: Fanout


class Exposition:
    """Makes the text Prometheus reads."""

    def __init__(self, figures: Figures, watched: Watched) -> None:
        self._figures = figures
        self._watched = watched
        self._reading = _Reading(watched)
        figures.registry.register(self._reading)

    async def text(self) -> bytes:
        """Read what the database has to say, and write everything down; without a database, the rest."""
        try:
            self._reading.standing = await read_standing(self._watched.book)
        except ApprovalError as error:
            self._reading.standing = None
            log.warning("the metrics are without the database's", extra={"error": error.code})
        return generate_latest(self._figures.registry)


class _Reading(Collector):
    """Asks the house when the registry is collected."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self.standing: Standing | None = None

    @override
    def collect(self) -> Iterator[Metric]:
        yield from _stream(self._watched.hub)
        yield from _fanout(self._watched.fanout)
        use = self._watched.database.use()
        yield _gauge("pool_busy", "Database connections in a transaction", use.busy)
        yield _gauge("pool_most", "Database connections there may be", use.most)
        yield _gauge(
            "clock_off", "1 while this node's clock is off and it refuses to serve", self._watched.guard.is_off
        )
        if self.standing is not None:
            yield from _waiting(self.standing, self._watched.clock.now())
            yield from _push(self.standing.push, self._watched.clock.now())
            yield from _unsealed(self.standing.audit_tail, self._watched.clock.now())


def _stream(hub: Hub) -> Iterator[Metric]:
    lags = hub.lags()
    yield _gauge("sockets", "Live connections of devices", hub.count)
    yield _gauge("sockets_behind", "Live connections whose inbox has more than they were sent", len(lags))
    yield _gauge(
        "inbox_lag_events", "Events not yet sent to the live connection that is furthest behind", max(lags, default=0)
    )
    yield _gauge("draining", "1 once the node sends its devices elsewhere", hub.is_draining)


def _fanout(fanout: Fanout) -> Iterator[Metric]:
    figures = fanout.figures
    yield _gauge("fanout_connected", "1 while hints of other nodes come in", figures.is_connected)
    yield _counted("fanout_subscriptions", "Subscriptions, the first included", figures.subscriptions)
    yield _counted("fanout_sent", "Hints sent to other nodes", figures.sent)
    yield _counted("fanout_dropped", "Hints that could not be sent", figures.dropped)
    yield _counted("fanout_heard", "Hints heard from other nodes", figures.heard)
    yield _counted("fanout_ignored", "Messages on the channel that are no hints", figures.ignored)


def _waiting(standing: Standing, now: datetime) -> Iterator[Metric]:
    backlog = standing.backlog
    age = 0.0 if backlog.oldest is None else max((now - backlog.oldest).total_seconds(), 0.0)
    waiting = GaugeMetricFamily(
        "contreseing_actions_waiting", "Actions not at their end, in the book", labels=["status"]
    )
    waiting.add_metric(["pending"], standing.pending)
    waiting.add_metric(["approved"], standing.approved)
    yield waiting
    yield _gauge("outbox_due", "Releases still to be delivered, in the book", backlog.due)
    yield _gauge("outbox_retried", "Those of them that were tried before", backlog.retried)
    yield _gauge("outbox_oldest_seconds", "Age of the oldest of them", age)


def _push(backlog: PushBacklog, now: datetime) -> Iterator[Metric]:
    age = 0.0 if backlog.oldest is None else max((now - backlog.oldest).total_seconds(), 0.0)
    yield _gauge("push_behind", "Devices to be woken by push whose inbox has more than they were told", backlog.behind)
    yield _gauge("push_lag_seconds", "Age of the oldest event one of them was not told", age)


def _unsealed(tail: Tail, now: datetime) -> Iterator[Metric]:
    age = 0.0 if tail.oldest is None else max((now - tail.oldest).total_seconds(), 0.0)
    yield _gauge("audit_unsealed", "Rows of the audit under no head yet", tail.rows)
    yield _gauge("audit_unsealed_oldest_seconds", "Age of the oldest of them", age)
    yield _gauge("audit_heads_inside", "Heads of the audit that are in the database alone", tail.heads)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"contreseing_{name}", told, value=float(value))


def _counted(name: str, told: str, value: int) -> Metric:
    return CounterMetricFamily(f"contreseing_{name}", told, value=value)
