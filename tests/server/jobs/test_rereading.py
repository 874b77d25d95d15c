"""Heads are read again by the clock, on a nudge, and after a failure."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.jobs.rereading import HeadReader


class Readings:
    """Counts the readings; the first `failures` of them fail."""

    def __init__(self, failures: int = 0) -> None:
        self.count = 0
        self._failures = failures

    async def reread(self) -> None:
        self.count += 1
        if self.count <= self._failures:
            raise ConnectionError("the database is away")

    async def until(self, count: int) -> None:
        for _ in range(400):
            if self.count >= count:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"only {self.count} readings")


@asynccontextmanager
async def running(readings: Readings, pause: float) -> AsyncIterator[asyncio.Event]:
    nudge = asyncio.Event()
    reader = HeadReader(reread=readings.reread, nudge=nudge, draw_pause=lambda: pause)
    task = asyncio.create_task(reader.run())
    try:
        yield nudge
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_heads_are_read_as_often_as_the_pause_says() -> None:
    readings = Readings()
    async with running(readings, pause=0.02):
        await readings.until(3)


async def test_a_nudge_reads_at_once_and_once() -> None:
    readings = Readings()
    async with running(readings, pause=60) as nudge:
        await asyncio.sleep(0.05)
        assert readings.count == 0
        nudge.set()
        await readings.until(1)
        await asyncio.sleep(0.05)
        assert readings.count == 1


async def test_a_reading_that_failed_is_made_again_soon() -> None:
    readings = Readings(failures=1)
    async with running(readings, pause=60) as nudge:
        nudge.set()
        await readings.until(2)
