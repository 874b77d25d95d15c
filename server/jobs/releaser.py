"""Sends releases to the bank's core as they fall due: at the bell after a commit, and by the clock.

One dispatcher takes what is due in one statement, as many as there is room for, and sends each in a task of its own: a
slow answer holds up nobody else. A lost ring costs time, never a release: the rows are the truth, and the lease of
a node that died runs out.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol

from approvals.delivery import Outcome
from approvals.desk.deliveries import DeliveryDesk
from approvals.model.action import ActionStatus
from approvals.model.audit import AuditEntry
from approvals.model.release import DeliveryStatus, Release
from approvals.ports.world import Clock

log = logging.getLogger(__name__)

_LONGEST_REST: Final = 30.0  # seconds; another node's release is found this late at most
_SHORTEST_REST: Final = 0.05
_AFTER_FAILURE: Final = 1.0
_APPROVED: Final = f"action_{ActionStatus.APPROVED}"


class Sender(Protocol):
    """Makes one attempt to bring a release to the core; a failure is an outcome."""

    async def send(self, release: Release) -> Outcome: ...


class Bell:
    """Wakes the dispatcher when a release is written; the book tells it what was committed (`SqlBook`'s watch)."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def watch(self, entries: Sequence[AuditEntry]) -> None:
        if any(entry.code == _APPROVED for entry in entries):
            self.ring()

    def ring(self) -> None:
        self._rung.set()

    async def heard(self) -> None:
        await self._rung.wait()
        self._rung.clear()


class Releaser:
    """The dispatcher; `at_once` deliveries are under way at most."""

    def __init__(
        self,
        *,
        desk: DeliveryDesk,
        sender: Sender,
        clock: Clock,
        bell: Bell,
        draw_jitter: Callable[[], float],
        at_once: int = 32,
    ) -> None:
        """`draw_jitter` returns a number in [0, 1)."""
        self._desk = desk
        self._sender = sender
        self._clock = clock
        self._bell = bell
        self._draw_jitter = draw_jitter
        self._at_once = at_once
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver for ever; whatever goes wrong is logged and tried again."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                try:
                    await self._turn(tasks)
                except Exception:
                    log.exception("releaser failed, going on")
                    await asyncio.sleep(_AFTER_FAILURE)

    async def _turn(self, tasks: asyncio.TaskGroup) -> None:
        if len(self._under_way) >= self._at_once:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        room = self._at_once - len(self._under_way)
        taken = await self._desk.claim(room)
        for release in taken:
            delivery = tasks.create_task(self._deliver(release))
            self._under_way.add(delivery)
            delivery.add_done_callback(self._under_way.discard)
        if len(taken) < room:  # nothing else was due: whatever came meanwhile has rung
            await self._rest(await self._desk.next_due())

    async def _deliver(self, release: Release) -> None:
        try:
            outcome = await self._sender.send(release)
            recorded = await self._desk.record(release, outcome, self._draw_jitter())
        except Exception:
            log.exception("delivery not recorded, due again when its lease ends", extra={"release": release.id})
            return
        if recorded.status is DeliveryStatus.DUE:
            self._bell.ring()  # it is due again, perhaps sooner than what the dispatcher rests for
        log.info(
            "release attempted",
            extra={
                "release": release.id,
                "action": release.action_id,
                "status": recorded.status,
                "attempts": recorded.attempts,
                "error": recorded.last_error,
            },
        )

    async def _rest(self, due: datetime | None) -> None:
        seconds = (due - self._clock.now()).total_seconds() if due else _LONGEST_REST
        with suppress(TimeoutError):
            async with asyncio.timeout(min(max(seconds, _SHORTEST_REST), _LONGEST_REST)):
                await self._bell.heard()
