"""Values of the audit that are past their time, or that a person asks to have erased: value and salt go, the row stays.

Only sealed rows are looked at, by their leaf and a bounded piece at a time. Each piece erased has a row of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from approvals.errors import NotFound, StaleVersion
from approvals.evidence.audit_check import ERASED
from approvals.evidence.retention import Keeping, is_held_by_law
from approvals.model.audit import AuditEntry, Retention
from approvals.model.ids import AuditId, UserId
from approvals.model.json import Facts
from approvals.ports.book import Book, Ledger
from approvals.ports.sealing import HeldValue
from approvals.ports.world import Clock

_LEAVES_AT_ONCE: Final = 500
_CONVERSATIONS_AT_ONCE: Final = 50

Chosen = Callable[[HeldValue], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What a request came to: values erased now, and those of the person that the law still holds."""

    erased: int
    held: int


class RetentionDesk:
    """Erases."""

    def __init__(self, *, book: Book, clock: Clock, keeping: Keeping) -> None:
        self._book = book
        self._clock = clock
        self._keeping = keeping

    async def sweep(self) -> int:
        """Look at the next piece of the audit and erase what is past its time; begin anew behind the end.

        Returns how many values were erased. Nothing goes while a restore is unfinished.
        """
        if await self._book.reading(lambda ledger: ledger.house.restoring()) is not None:
            return 0
        await self._sweep_conversations()
        walked, size = await self._book.reading(lambda ledger: ledger.audit_values.walked()), await self._size()
        start, now = walked if walked < size else 0, self._clock.now()
        page = await self._held(start, size)
        past = [value for value in page if self._is_past(value, now)]
        await self._erase(past, actor="system", why={"reason": "retention"})
        await self._book.statement(lambda ledger: ledger.audit_values.walk(start + _LEAVES_AT_ONCE))
        return len(past)

    async def _sweep_conversations(self) -> None:
        before = self._clock.now() - self._keeping.periods[Retention.CHAT]
        await self._book.transaction(lambda ledger: ledger.conversations.sweep(before, _CONVERSATIONS_AT_ONCE))

    async def erase(self, user_id: UserId, reference: str) -> Erased:
        """Erase what the law lets go of a person's values; `reference` is the request's in the bank's own register.

        Raises NotFound.
        """
        if await self._book.reading(lambda ledger: ledger.people.user(user_id)) is None:
            raise NotFound("no such user")
        now, actor = self._clock.now(), f"user:{user_id}"
        erased = held = 0
        start, size = 0, await self._size()
        why: Facts = {"reason": "request", "reference": reference, "user": user_id}
        while start < size:
            page = await self._held(start, size)
            own = [value for value in page if value.line.row.actor == actor]
            lawful = [value for value in own if not is_held_by_law(value.line.row) or self._is_past(value, now)]
            await self._erase(lawful, actor="operator", why=why)
            erased += len(lawful)
            held += len(own) - len(lawful)
            start += _LEAVES_AT_ONCE
        return Erased(erased=erased, held=held)

    async def end_relation(self, client_identifier: str, at: datetime) -> None:
        """Write down since when a company is no customer any more. Raises NotFound."""

        async def work(ledger: Ledger) -> None:
            subscription = await ledger.people.subscription_named(client_identifier)
            if subscription is None:
                raise NotFound("no subscription has this client identifier")
            await ledger.audit_values.end_relation(subscription.id, at)
            value: Facts = {"subscription": subscription.id, "on": f"{at:%Y-%m-%d}"}
            entry = AuditEntry(code="relation_ended", actor="operator", at=self._clock.now(), value=value)
            await ledger.audit.append([entry])

        await self._book.transaction(work)

    async def _erase(self, values: Sequence[HeldValue], *, actor: str, why: Facts) -> None:
        """Erase these, with the row that says why. Raises StoreUnavailable when another node erases some of them."""
        rows: list[AuditId] = [value.line.row.id for value in values]
        value: Facts = {**why, "count": len(rows)}
        entry = AuditEntry(code=ERASED, actor=actor, at=self._clock.now(), value=value, retention=Retention.EVIDENCE)

        async def work(ledger: Ledger) -> None:
            (by,) = await ledger.audit.append([entry])
            if await ledger.audit_values.erase(rows, by) != len(rows):
                raise StaleVersion("another node erased some of these")

        if rows:
            await self._book.transaction(work)

    async def _held(self, start: int, size: int) -> Sequence[HeldValue]:
        limit = min(_LEAVES_AT_ONCE, size - start)
        return await self._book.reading(lambda ledger: ledger.audit_values.held(start, limit))

    async def _size(self) -> int:
        return await self._book.reading(_sealed)

    def _is_past(self, value: HeldValue, now: datetime) -> bool:
        of_company = value.subscription_id is not None
        return self._keeping.is_past(value.line.row, value.relation_ended_at, now, of_company=of_company)


async def _sealed(ledger: Ledger) -> int:
    """How many leaves are under a head."""
    head = await ledger.audit_tree.last_head()
    return 0 if head is None else head.signed.head.size
