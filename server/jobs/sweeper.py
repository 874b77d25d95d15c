"""Housekeeping every few seconds: what is overdue ends, what nobody needs goes. What each chore does is its desk's.

A chore does a bounded piece of work a round, so that none holds up the others; one that fails is logged and has its
turn again in the next round.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeAlias

log = logging.getLogger(__name__)

Chore: TypeAlias = Callable[[], Awaitable[object]]


class Sweeper:
    """Runs the chores one after the other, for ever."""

    def __init__(self, chores: Mapping[str, Chore], *, every: timedelta) -> None:
        """`chores` by the name the log calls them; `every` is the pause between two rounds."""
        self._chores = chores
        self._every = every

    async def run(self) -> None:
        while True:
            for name, chore in self._chores.items():
                await _do(name, chore)
            await asyncio.sleep(self._every.total_seconds())


async def _do(name: str, chore: Chore) -> None:
    try:
        await chore()
    except Exception:
        log.exception("chore failed", extra={"chore": name})
