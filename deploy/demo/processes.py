"""The demo's processes: started, read line by line, watched, and always ended."""

import asyncio
import re
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

_PATIENCE: Final = 20.0  # seconds for what one waits for to appear
_LAST_WORDS: Final = 5.0  # seconds to end by oneself


class WalkFailed(Exception):
    """Something did not happen as it should; the text says what."""


class Child:
    """A process whose screen is read and into which lines are typed."""

    def __init__(self, name: str, process: Process, show: Callable[[str, str], None]) -> None:
        self.name = name
        self._process = process
        self._show = show
        self._lines: list[str] = []
        self._read = 0
        self._grown = asyncio.Condition()

    async def type(self, line: str) -> None:
        """Type one line, as a person does."""
        if self._process.stdin is not None:
            self._process.stdin.write(f"{line}\n".encode())
            await self._process.stdin.drain()

    async def until(self, pattern: str) -> re.Match[str]:
        """Read on until a line holds the pattern, and return the match. Raises WalkFailed when none comes."""
        try:
            async with asyncio.timeout(_PATIENCE), self._grown:
                while True:
                    while self._read < len(self._lines):
                        self._read += 1
                        if found := re.search(pattern, self._lines[self._read - 1]):
                            return found
                    await self._grown.wait()
        except TimeoutError:
            shown = " / ".join(self._lines[-3:]) or "nothing"
            raise WalkFailed(f"the {self.name} never showed {pattern!r}; it last showed: {shown}") from None

    async def watch(self) -> None:
        """Keep and show every line, until the process ends: then raise WalkFailed, for it should not."""
        if self._process.stdout is not None:
            while line := await self._process.stdout.readline():
                await self._keep(line.decode(errors="replace").rstrip())
        raise WalkFailed(f"the {self.name} ended with code {await self._process.wait()}")

    async def end(self) -> None:
        """Ask it to end, and see that it does."""
        if self._process.returncode is None:
            self._process.terminate()
        try:
            async with asyncio.timeout(_LAST_WORDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def _keep(self, line: str) -> None:
        self._show(self.name, line)
        async with self._grown:
            self._lines.append(line)
            self._grown.notify_all()


async def start(
    name: str,
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    show: Callable[[str, str], None],
    log: Path,
) -> Child:
    """Start a process in a session of its own, so that Ctrl-C reaches the walk alone; errors go to `log`."""
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, stdin=PIPE, stdout=PIPE, stderr=errors, start_new_session=True
        )
    return Child(name, process, show)
