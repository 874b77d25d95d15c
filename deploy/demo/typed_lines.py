"""Lines typed into a process, without holding up what else it does."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

_CHUNK: Final = 4096


async def typed_lines() -> AsyncIterator[str]:
    """Yield each line typed, trimmed, until the input ends.

    A thread reads, because a terminal made non-blocking for the loop would be so for what is printed too; it reads the
    bare descriptor, because a lock of Python's own, held while it waits, would not let the process end.
    """
    typed = asyncio.StreamReader()
    arguments = (asyncio.get_running_loop(), typed, sys.stdin.fileno())
    threading.Thread(target=_read, args=arguments, daemon=True).start()
    while line := await typed.readline():
        yield line.decode(errors="replace").strip()


def _read(loop: asyncio.AbstractEventLoop, typed: asyncio.StreamReader, descriptor: int) -> None:
    with suppress(RuntimeError):  # the loop ended first: nobody waits for what is typed
        while chunk := os.read(descriptor, _CHUNK):
            loop.call_soon_threadsafe(typed.feed_data, chunk)
        loop.call_soon_threadsafe(typed.feed_eof)
