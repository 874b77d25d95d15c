"""How late the event loop is: what every person served by this process waits besides."""

import asyncio
from typing import Final

from prometheus_client import Histogram

_EVERY: Final = 0.25  # seconds


async def watch_loop(lag: Histogram) -> None:
    """Sleep over and over, and note how much later than asked the sleep ended."""
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        await asyncio.sleep(_EVERY)
        lag.observe(max(loop.time() - began - _EVERY, 0.0))
