"""Sends releases to the bank's core as they fall due: at the bell after a commit, and by the clock.

Several workers run the same loop, so that one slow answer holds up nobody else. A lost ring costs time, never a
release: the rows are the truth, and the lease of a worker that died runs out.
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
from approvals.model.release import Release
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
    """Wakes one resting worker for each release written; the book tells it what was committed (`SqlBook`'s watch)."""

    def __init__(self) -> None:
        self._rung = asyncio.Semaphore(0)

    def watch(self, entries: Sequence[AuditEntry]) -> None:
        for entry in entries:
            if entry.code == _APPROVED:
                self._rung.release()

    async def heard(self) -> None:
        await self._rung.acquire()


class Releaser:
    """One worker's loop; start it as many times as deliveries may be under way at once."""

    def __init__(
        self,
        *,
        desk: DeliveryDesk,
        sender: Sender,
        clock: Clock,
        bell: Bell,
        draw_jitter: Callable[[], float],
    ) -> None:
        """`draw_jitter` returns a number in [0, 1)."""
        self._desk = desk
        self._sender = sender
        self._clock = clock
        self._bell = bell
        self._draw_jitter = draw_jitter

    async def run(self) -> None:
        """Deliver for ever; whatever goes wrong is logged and tried again."""
        while True:
            try:
                await self._turn()
            except Exception:
                log.exception("releaser failed, going on")
                await asyncio.sleep(_AFTER_FAILURE)

    async def _turn(self) -> None:
        taken = await self._desk.claim(1)
        for release in taken:
            await self._deliver(release)
        if not taken:
            await self._rest(await self._desk.next_due())

    async def _deliver(self, release: Release) -> None:
        outcome = await self._sender.send(release)
        recorded = await self._desk.record(release, outcome, self._draw_jitter())
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
