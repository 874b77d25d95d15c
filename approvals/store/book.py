"""The Book on a database: runs a piece of work in one transaction, again when another writer won.

The nouns of its Ledger stand one a file beside this one; what counts as a conflict is the database's to say.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from typing import Final, TypeAlias, TypeVar

from approvals.errors import StaleVersion, StoreUnavailable
from approvals.model.audit import AuditEntry
from approvals.model.ids import SubscriptionId
from approvals.ports.book import Ledger
from approvals.store.database import Connection, Database
from approvals.store.database.patience import pauses
from approvals.store.ledger import SqlLedger

Result = TypeVar("Result")
Watch: TypeAlias = Callable[[Sequence[AuditEntry]], None]
"""Told what the audit of a transaction was told, once it is committed: for counting, and nothing that may fail."""

_TRIES: Final = 20
_TRIES_TOGETHER: Final = 2
_FIRST_PAUSE: Final = 0.004
_LONGEST_PAUSE: Final = 0.25

_inside: ContextVar[bool] = ContextVar("inside a transaction", default=False)


class SqlBook:
    """Satisfies `ports.book.Book`. A transaction inside another is refused: it would wait for itself."""

    def __init__(self, database: Database, watches: Sequence[Watch] = ()) -> None:
        self._database = database
        self._watches = watches

    async def transaction(
        self, work: Callable[[Ledger], Awaitable[Result]], *, of: SubscriptionId | None = None
    ) -> Result:
        """Commit what the work wrote, or nothing; run it again when somebody else wrote first.

        Work that concerns one company (`of`) and awaits nothing but its ledger may share a transaction with the work
        of other companies; when it loses more than once, it goes on alone.

        Raises StoreUnavailable when it still loses after every try, and RuntimeError inside another transaction.
        """

        async def noted(ledger: SqlLedger) -> tuple[Result, Sequence[AuditEntry]]:
            return await work(ledger), ledger.audit.appended

        together = iter((of,) * _TRIES_TOGETHER)
        result, appended = await _until_it_wins(lambda: self._database.transaction(next(together, None)), noted)
        for watch in self._watches:
            watch(appended)
        return result

    async def statement(self, work: Callable[[Ledger], Awaitable[Result]]) -> Result:
        """Run work of one statement, which is a transaction by itself. Raises RuntimeError at a second."""
        return await _until_it_wins(self._database.statement, work)

    async def lookup(self, work: Callable[[Ledger], Awaitable[Result]]) -> Result:
        """Run small reads by key, which may be sent together with those of others."""
        return await _until_it_wins(self._database.lookup, work)

    async def reading(self, work: Callable[[Ledger], Awaitable[Result]]) -> Result:
        """Run work that only reads; each statement sees what is committed then."""
        return await _until_it_wins(self._database.reading, work)


async def _until_it_wins(
    begin: Callable[[], AbstractAsyncContextManager[Connection]],
    work: Callable[[SqlLedger], Awaitable[Result]],
) -> Result:
    try:
        return await _once(begin, work)
    except StaleVersion as error:
        lost = error
    for pause in pauses(_TRIES - 1, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE):
        await asyncio.sleep(pause)  # with no connection held
        try:
            return await _once(begin, work)
        except StaleVersion as error:
            lost = error
    raise StoreUnavailable("other writers won every time") from lost


async def _once(
    begin: Callable[[], AbstractAsyncContextManager[Connection]],
    work: Callable[[SqlLedger], Awaitable[Result]],
) -> Result:
    if _inside.get():
        raise RuntimeError("a transaction inside a transaction")
    token = _inside.set(True)
    try:
        async with begin() as connection:
            return await work(SqlLedger(connection))
    finally:
        _inside.reset(token)
