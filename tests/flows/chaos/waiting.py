"""Waiting for what others do."""

import asyncio
from collections.abc import Callable
from typing import Final

BREATH: Final = 0.1  # seconds between two looks


async def until(is_so: Callable[[], bool]) -> None:
    """Look again and again; how long at most is the caller's to say."""
    while True:
        if is_so():
            return
        await asyncio.sleep(BREATH)
