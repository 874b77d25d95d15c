"""Several transactions in one: those that wait while a group is under way share the next BEGIN and COMMIT.

Members of a group ask their statements together: when each of them waits, what they ask is sent grouped by its text.
What returns nothing is kept, and written at the end, joined (`writes.py`). Two members never concern the same company
(`of`), so none could have seen what another wrote, and a group is SERIALIZABLE as a whole. A member that fails before
it wrote anything leaves alone; any other failure undoes the group, and `store.book` runs each of them again.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

from approvals.errors import StaleVersion, StoreUnavailable
from approvals.store.database.connection import Connection, Line, Row, Value, refuse_nul
from approvals.store.database.questions import Answer, Question, answer_all, ask, unanswered
from approvals.store.database.writes import JoinedWrites, Write, join_writes, tables_of

_LARGEST: Final = 64


@dataclass(slots=True, eq=False)
class Member:
    """One transaction of a group, as the store sees it: satisfies Connection."""

    of: str
    group: "asyncio.Future[_Group]"
    kept: list[Write] = field(default_factory=list)
    has_written: bool = False
    _written: set[str] = field(default_factory=set)
    _read: dict[tuple[str, Sequence[Value]], Sequence[Row]] = field(default_factory=dict)

    async def fetch(self, sql: str, *values: Value) -> Sequence[Row]:
        """Ask; what this transaction wrote to the tables concerned is written first.

        The same question twice is asked once: nobody but this transaction can have changed the answer.
        """
        refuse_nul(values)
        asked = (sql, values)
        if asked in self._read:
            return self._read[asked]
        if not self._written.isdisjoint(tables_of(sql)):
            await self._write_kept()
        rows = await self._group.ask(sql, values)
        if _only_reads(sql):
            self._read[asked] = rows
        else:
            self.has_written = True
            self._forget(tables_of(sql))
        return rows

    async def execute(self, sql: str, *values: Value) -> None:
        self._keep(sql, values)

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        for row in rows:
            self._keep(sql, row)

    async def change(self, sql: str, *values: Value, stale: str) -> None:
        self._keep(sql, values, stale)

    async def clock(self) -> datetime | None:
        rows = await self._group.ask("SELECT clock_timestamp() AS now", ())
        now = rows[0]["now"]
        return now if isinstance(now, datetime) else None

    @property
    def _group(self) -> "_Group":
        return self.group.result()

    def _keep(self, sql: str, values: Sequence[Value], stale: str | None = None) -> None:
        refuse_nul(values)
        self._written |= tables_of(sql)
        self._forget(tables_of(sql))
        self.kept.append(Write(sql=sql, values=values, stale=stale))

    def _forget(self, written: frozenset[str]) -> None:
        """Ask again what these tables may now answer otherwise."""
        for asked in [asked for asked in self._read if not written.isdisjoint(tables_of(asked[0]))]:
            del self._read[asked]

    async def _write_kept(self) -> None:
        self.has_written = True
        self._written.clear()
        kept, self.kept = self.kept, []
        for joined in join_writes(kept):
            (row,) = await self._group.ask(joined.sql, joined.values)
            joined.require_found(row)


class _Group:
    """The members of one transaction, from BEGIN to COMMIT."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members
        self._loop = asyncio.get_running_loop()
        self.outcome: asyncio.Future[None] = self._loop.create_future()
        self._at_work = len(members)
        self._asked: list[Question] = []
        self._under_way: list[Question] = []
        self._is_spoilt = False
        self._all_wait = asyncio.Event()

    def ask(self, sql: str, values: Sequence[Value]) -> Answer:
        if self.outcome.done():
            raise StaleVersion("the group was undone")
        question = ask(sql, values, self._loop)
        self._asked.append(question)
        self._look()
        return question.answer

    def leave(self, member: Member, *, is_done: bool) -> None:
        """A member has asked its last: done, or failed and no longer to be written."""
        if not is_done:
            member.kept.clear()
            self._is_spoilt = self._is_spoilt or member.has_written
        self._at_work -= 1
        self._look()

    async def run(self, line: Line) -> None:
        """Answer until all are done, then write. Raises StaleVersion when the group cannot be committed."""
        for member in self.members:
            if member.group.cancelled():
                self._at_work -= 1
            else:
                member.group.set_result(self)
        while self._at_work:
            await self._all_wait.wait()
            self._all_wait.clear()
            self._under_way, self._asked = self._asked, []
            await answer_all(line, self._under_way)
        if self._is_spoilt:
            raise StaleVersion("another member of the group failed")
        await _write(line, [member.kept for member in self.members])

    def fail(self, error: Exception) -> None:
        """Let every member, at work or done, know that nothing is written."""
        for member in self.members:
            if not member.group.done():
                member.group.set_exception(_told(error))
        for question in unanswered([*self._under_way, *self._asked]):
            question.answer.set_exception(_told(error))
        self.outcome.set_exception(_told(error))
        self.outcome.exception()  # seen: a group whose members all left has nobody else to look

    def _look(self) -> None:
        if len(self._asked) >= self._at_work:  # more, when one that asked was cancelled
            self._all_wait.set()


class GroupCommit:
    """Lets transactions wait for a group, and carries the groups out one after the other."""

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[Line]]) -> None:
        """`begin` opens a transaction and commits it when it is left without an exception."""
        self._begin = begin
        self._waiting: list[Member] = []
        self._under_way: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(self, of: str) -> AsyncIterator[Connection]:
        """Take part in the next group that has no other transaction `of` the same."""
        member = Member(of, asyncio.get_running_loop().create_future())
        self._waiting.append(member)
        self._go_on()
        try:
            group = await member.group
        except asyncio.CancelledError:
            self._give_up(member)
            raise
        try:
            yield member
        except BaseException:
            group.leave(member, is_done=False)
            raise
        group.leave(member, is_done=True)
        await asyncio.shield(group.outcome)

    async def close(self) -> None:
        if self._under_way is not None:
            await asyncio.wait({self._under_way})

    def _go_on(self) -> None:
        if self._under_way is None and self._waiting:
            # Nobody's own task: it commits for all its members, whichever of them is cancelled.
            self._under_way = asyncio.get_running_loop().create_task(self._carry_out(), name="group commit")

    async def _carry_out(self) -> None:
        try:
            await asyncio.sleep(0)  # those that are ready to come, come along
            while self._waiting:
                await self._commit(_Group(self._next_members()))
        finally:
            self._under_way = None

    async def _commit(self, group: _Group) -> None:
        try:
            async with self._begin() as line:
                await group.run(line)
        except Exception as error:  # noqa: BLE001  # told to each member, whose book decides
            group.fail(error)
        except BaseException:
            group.fail(StoreUnavailable("the node is stopping"))
            raise
        else:
            group.outcome.set_result(None)

    def _next_members(self) -> list[Member]:
        """Take those that have waited longest, one `of` each."""
        chosen: dict[str, Member] = {}
        for member in self._waiting:
            if len(chosen) < _LARGEST:
                chosen.setdefault(member.of, member)
        taken = set(chosen.values())
        self._waiting = [member for member in self._waiting if member not in taken]
        return list(chosen.values())

    def _give_up(self, member: Member) -> None:
        """A transaction was cancelled before it began, or right as it began."""
        if member in self._waiting:
            self._waiting.remove(member)
        elif member.group.done() and not member.group.cancelled() and member.group.exception() is None:
            member.group.result().leave(member, is_done=False)


async def _write(line: Line, kept: Sequence[Sequence[Write]]) -> None:
    """Write what each kept, in its own order; what several write with the same text goes together."""
    queues = [deque(join_writes(writes)) for writes in kept]
    while any(queues):
        sql = next(queue[0].sql for queue in queues if queue)
        same = list(_take(queues, sql))
        answers = await line.fetch_each(sql, [joined.values for joined in same])
        for joined, (row,) in zip(same, answers, strict=True):
            joined.require_found(row)


def _take(queues: Iterable[deque[JoinedWrites]], sql: str) -> Iterator[JoinedWrites]:
    for queue in queues:
        while queue and queue[0].sql == sql:
            yield queue.popleft()


def _told(error: Exception) -> Exception:
    """Return an exception of its own for one member: what is not the store's own trouble is looked for again alone."""
    if isinstance(error, StoreUnavailable):
        return type(error)(str(error))
    told = StaleVersion("the group was undone")
    told.__cause__ = error
    return told


@lru_cache(maxsize=2048)
def _only_reads(sql: str) -> bool:
    return sql.lstrip()[:6].upper() == "SELECT"
