"""Reads inbox heads again, to make up for lost hints: every 30 to 60 s, and at once when hints flow again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

log = logging.getLogger(__name__)

_AFTER_FAILURE: Final = 1.0  # seconds; a database that is away is not asked as fast as hints come and go


class HeadReader:
    """One loop, for ever."""

    def __init__(
        self, *, reread: Callable[[], Awaitable[None]], nudge: asyncio.Event, draw_pause: Callable[[], float]
    ) -> None:
        """`nudge` is set when hints may have been lost; `draw_pause` returns the seconds until the next reading."""
        self._reread = reread
        self._nudge = nudge
        self._draw_pause = draw_pause

    async def run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._draw_pause()):
                    await self._nudge.wait()
            self._nudge.clear()
            await self._turn()

    async def _turn(self) -> None:
        try:
            await self._reread()
        except Exception:
            log.exception("heads were not read again, going on")
            self._nudge.set()
            await asyncio.sleep(_AFTER_FAILURE)
