"""Carries preparations on: at the nudge of one begun here, and by the clock for those of nodes that died.

The rows are the truth: a node that stops in the middle loses one batch, which the next one asks again.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from approvals.desk.preparations import PreparationDesk
from approvals.model.audit import AuditEntry
from approvals.ports.world import Clock

log = logging.getLogger(__name__)

_LONGEST_REST: Final = 30.0  # seconds; another node's preparation is found this late at most
_SHORTEST_REST: Final = 0.05
_AFTER_FAILURE: Final = 1.0
_BEGUN: Final = "preparation_begun"


class Nudge:
    """Wakes the verifier for a preparation begun; the book tells it what was committed (`SqlBook`'s watch)."""

    def __init__(self) -> None:
        self._given = asyncio.Event()

    def watch(self, entries: Sequence[AuditEntry]) -> None:
        if any(entry.code == _BEGUN for entry in entries):
            self._given.set()

    async def felt(self) -> None:
        await self._given.wait()
        self._given.clear()


class Verifier:
    """One loop a node: preparations take turns, a batch each."""

    def __init__(self, *, desk: PreparationDesk, clock: Clock, nudge: Nudge, is_off: Callable[[], bool]) -> None:
        """`is_off` says that this node's clock is wrong: it then opens nothing (RULES 4)."""
        self._desk = desk
        self._clock = clock
        self._nudge = nudge
        self._is_off = is_off

    async def run(self) -> None:
        """Go on for ever; whatever goes wrong is logged and tried again."""
        while True:
            try:
                if self._is_off():
                    await asyncio.sleep(_AFTER_FAILURE)
                elif not await self._desk.advance():
                    await self._rest(await self._desk.next_due())
            except Exception:
                log.exception("verifier failed, going on")
                await asyncio.sleep(_AFTER_FAILURE)

    async def _rest(self, due: datetime | None) -> None:
        seconds = (due - self._clock.now()).total_seconds() if due else _LONGEST_REST
        with suppress(TimeoutError):
            async with asyncio.timeout(min(max(seconds, _SHORTEST_REST), _LONGEST_REST)):
                await self._nudge.felt()
