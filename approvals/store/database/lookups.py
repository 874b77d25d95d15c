"""Small reads by key, sent together: those asked while a round is under way go in the next, each text once.

Each sees what is committed when it runs, as if it had been sent alone.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from approvals.errors import StoreUnavailable
from approvals.store.database.connection import Connection, Line, Row, Value, refuse_nul
from approvals.store.database.questions import Answer, Question, answer_all, ask, unanswered


class Lookups:
    """Gathers what is asked while a round is under way, and carries the rounds out one after the other."""

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[Line]]) -> None:
        """`begin` borrows a connection that only reads."""
        self._begin = begin
        self._asked: list[Question] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._under_way: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        yield _Lookup(self)

    def ask(self, sql: str, values: Sequence[Value]) -> Answer:
        self._loop = self._loop or asyncio.get_running_loop()
        question = ask(sql, values, self._loop)
        self._asked.append(question)
        if self._under_way is None:
            # Nobody's own task: it reads for all who asked, whichever of them is cancelled.
            self._under_way = self._loop.create_task(self._go_on(), name="lookups")
        return question.answer

    async def _go_on(self) -> None:
        try:
            while self._asked:
                asked, self._asked = self._asked, []
                await self._round(asked)
        finally:
            self._under_way = None

    async def _round(self, asked: Sequence[Question]) -> None:
        try:
            async with self._begin() as line:
                await answer_all(line, asked)
        except StoreUnavailable as error:
            for question in unanswered(asked):
                question.answer.set_exception(StoreUnavailable(str(error)))
        except Exception as error:  # noqa: BLE001  # told to the one that asked for it
            await self._find_culprit(unanswered(asked), error)

    async def _find_culprit(self, asked: Sequence[Question], error: Exception) -> None:
        """Let only the question that cannot be answered fail."""
        if len(asked) == 1:
            asked[0].answer.set_exception(error)
            return
        for question in asked:
            await self._round([question])


class _Lookup:
    """Satisfies Connection; the database refuses whatever writes."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    async def fetch(self, sql: str, *values: Value) -> Sequence[Row]:
        refuse_nul(values)
        return await self._lookups.ask(sql, values)

    async def execute(self, sql: str, *values: Value) -> None:
        await self.fetch(sql, *values)

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        for row in rows:
            await self.fetch(sql, *row)

    async def change(self, sql: str, *values: Value, stale: str) -> None:
        del stale
        await self.fetch(sql, *values)

    async def clock(self) -> datetime | None:
        (row,) = await self.fetch("SELECT clock_timestamp() AS now")
        now = row["now"]
        return now if isinstance(now, datetime) else None
