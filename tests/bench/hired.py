"""The load generator as its employer sees it: a process that takes a job and brings a result."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from tests.bench.jobs import Failed, Job, JobFailed, Result

_ROOT: Final = Path(__file__).parents[2]
_GOODBYE: Final = 20.0  # seconds
_PATIENCE: Final = 900.0  # seconds for one job
Wanted = TypeVar("Wanted", bound=Result)


class Generator:
    """Gives jobs, one at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def do(self, job: Job, wanted: type[Wanted]) -> Wanted:
        """Raises JobFailed with the generator's reason."""
        reader, writer = self._process.stdout, self._process.stdin
        if reader is None or writer is None:
            raise JobFailed("the load generator cannot be talked to")
        writer.write(msgspec.json.encode(job) + b"\n")
        async with asyncio.timeout(_PATIENCE):
            line = await reader.readline()
        if not line:
            raise JobFailed("the load generator ended")
        result = msgspec.json.decode(line, type=Result)
        if isinstance(result, Failed):
            raise JobFailed(result.reason)
        return msgspec.convert(result, wanted)


@asynccontextmanager
async def generator(bank: Path) -> AsyncIterator[Generator]:
    """Start one for the bank described in a file; it ends with its input."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.generator", str(bank), stdin=PIPE, stdout=PIPE, cwd=_ROOT
    )
    try:
        yield Generator(process)
    finally:
        await _let_go(process)


async def _let_go(process: Process) -> None:
    """End its input and wait: it keeps the cards' counters for the next one."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_GOODBYE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
