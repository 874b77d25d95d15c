"""Keeps the one worker process: a question at a time, killed at its limit, and the next question finds a new one."""

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec

from approvals.certificates.refusals import Cause, RevocationUnavailable
from server.outside.revocation.messages import LENGTH, READY, Question, Verdict, framed

log = logging.getLogger(__name__)

_ROOT: Final = Path(__file__).parents[3]  # where the packages are, installed or not
_WORKER: Final = "server.outside.revocation.worker"
_START: Final = 30.0  # seconds; a busy machine imports slowly
_BROKEN: Final = (TimeoutError, OSError, asyncio.IncompleteReadError, msgspec.MsgspecError)


class Supervisor:
    """One a server process. `process_id` is None while no worker is there."""

    def __init__(self, *, limit: timedelta = timedelta(seconds=3)) -> None:
        """`limit` bounds one question."""
        self._limit = limit.total_seconds()
        self._turn = asyncio.Lock()
        self._process: Process | None = None

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Start the worker and wait until it takes questions."""
        async with self._turn:
            await self._at_work()

    async def ask(self, question: Question) -> Verdict:
        """Raises RevocationUnavailable (check_abandoned) where no verdict came in time; that worker is gone then."""
        async with self._turn:
            is_answered = False
            try:
                verdict = await self._answer(question)
                is_answered = True
            except _BROKEN as error:
                log.warning("a certificate's check was abandoned", extra={"error": type(error).__name__})
                raise RevocationUnavailable(Cause.CHECK_ABANDONED) from None
            finally:
                if not is_answered:  # cancelled too: its verdict would be taken for the next question's
                    await self._end()
        return verdict

    async def close(self) -> None:
        async with self._turn:
            await self._end()

    async def _answer(self, question: Question) -> Verdict:
        process = await self._at_work()
        async with asyncio.timeout(self._limit):
            assert process.stdin is not None  # noqa: S101  # a pipe, as it was asked for
            process.stdin.write(framed(msgspec.msgpack.encode(question)))
            await process.stdin.drain()
            return msgspec.msgpack.decode(await _message(process), type=Verdict)

    async def _at_work(self) -> Process:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", _WORKER),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                cwd=_ROOT,
                env={"PATH": os.defpath},  # nothing of the server's own reaches it
                start_new_session=True,
            )
            async with asyncio.timeout(_START):
                if await _message(self._process) != READY:
                    raise OSError("the worker does not speak")
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()


async def _message(process: Process) -> bytes:
    assert process.stdout is not None  # noqa: S101  # a pipe, as it was asked for
    length = int.from_bytes(await process.stdout.readexactly(LENGTH))
    return await process.stdout.readexactly(length)
