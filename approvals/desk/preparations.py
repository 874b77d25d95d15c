"""Preparations: payees asked about, a batch at a time, until the actions open with what was answered (RULES 21).

Each batch is claimed, asked with no transaction held, and recorded; a node that dies loses one batch, which the next
asks again. Nobody is told before the actions are there: a preparation is no action.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from approvals.desk.actions import ActionDesk, require_scope
from approvals.desk.holding import Holding, Wanted, entry_of
from approvals.desk.opening import Caller, Opened, Order, opener_of
from approvals.desk.presence import Presence
from approvals.errors import (
    ApprovalError,
    ClockOff,
    NotFound,
    PreparationClosed,
    RestoreUnfinished,
    SchemaUnknown,
    StaleVersion,
    StoreUnavailable,
)
from approvals.model.api_key import Scope
from approvals.model.draft import Draft
from approvals.model.ids import PreparationId
from approvals.model.preparation import Place, Preparation, PreparationStatus
from approvals.model.sheet import ActionSheet
from approvals.model.verification import NamedAccount, PayeeAnswer, PayeeVerdict
from approvals.operations.verification import KEY, MOST_LISTED, counted, orders_to_verify, payee_of, verified
from approvals.ports.book import Book, Ledger
from approvals.ports.verification import OrderedPayee, PayeeCheck
from approvals.ports.world import Clock

_BATCH: Final = 100
_LEASE: Final = timedelta(minutes=2)
"""Longer than a batch takes when every payee's bank lets its 5 s pass: who claimed it is then taken for dead."""


_PASSING: Final = (ClockOff, RestoreUnfinished, SchemaUnknown, StaleVersion, StoreUnavailable)
"""What says nothing about the request itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationSheet:
    """A preparation, and the actions it came to."""

    preparation: Preparation
    actions: Sequence[ActionSheet]


class PreparationDesk:
    """Shows, withdraws, carries on."""

    def __init__(self, *, book: Book, clock: Clock, actions: ActionDesk, holding: Holding, check: PayeeCheck) -> None:
        self._book = book
        self._clock = clock
        self._actions = actions
        self._holding = holding
        self._check = check

    async def show(self, caller: Caller, preparation_id: PreparationId) -> PreparationSheet:
        """Return how far it is; a person sees those they started. Raises Forbidden, NotFound."""
        require_scope(caller, Scope.READ)
        preparation = await self._book.reading(lambda ledger: ledger.preparations.load(preparation_id))
        if preparation is None or not _may_see(caller, preparation):
            raise NotFound("no such preparation")
        return await self.sheet(preparation)

    async def sheet(self, preparation: Preparation) -> PreparationSheet:
        return PreparationSheet(preparation=preparation, actions=await self._actions.sheets(preparation.actions))

    async def withdraw(self, caller: Caller, preparation_id: PreparationId) -> PreparationSheet:
        """Take back what one asked for; twice is once. Raises Forbidden, NotFound, PreparationClosed."""
        require_scope(caller, Scope.WITHDRAW_OWN)

        async def work(ledger: Ledger) -> Preparation:
            preparation = await ledger.preparations.load(preparation_id)
            if preparation is None or preparation.opened_by != opener_of(caller):
                raise NotFound("no such preparation of yours")
            if preparation.status is PreparationStatus.WITHDRAWN:
                return preparation
            if preparation.status is not PreparationStatus.CHECKING:
                raise PreparationClosed(preparation.status)
            return await self._end(ledger, preparation, PreparationStatus.WITHDRAWN, preparation.opened_by)

        return await self.sheet(await self._book.transaction(work))

    # --- carrying on --------------------------------------------------------------------------------------

    async def advance(self) -> bool:
        """Carry the preparation that waits longest on by one batch; False when none is due."""
        now = self._clock.now()
        preparation = await self._book.statement(lambda ledger: ledger.preparations.claim(now, now + _LEASE))
        if preparation is None:
            return False
        orders = await self._orders(preparation)
        if orders:
            await self._record(preparation, orders, await self._ask(preparation, orders))
        else:
            await self._open(preparation)
        return True

    async def next_due(self) -> datetime | None:
        return await self._book.reading(lambda ledger: ledger.preparations.next_due())

    async def _orders(self, preparation: Preparation) -> Sequence[OrderedPayee]:
        """Return the next batch: the file's next orders, or the one beneficiary."""
        message, place = preparation.message, preparation.place
        if message is None:
            payees = [payee_of(draft.facts) for draft in preparation.drafts]
            return [OrderedPayee(place=Place(group=0, position=1), payee=payee) for payee in payees[preparation.done :]]
        return await self._book.reading(lambda ledger: ledger.preparations.orders(message.upload_id, place, _BATCH))

    async def _ask(
        self, preparation: Preparation, orders: Sequence[OrderedPayee]
    ) -> Mapping[NamedAccount, PayeeVerdict]:
        """Each payee is asked about once, however many orders pay them."""
        payees = list(dict.fromkeys(order.payee for order in orders))
        known = await self._book.reading(lambda ledger: ledger.preparations.answered(preparation.id, payees))
        asked = [payee for payee in payees if payee not in known]
        async with asyncio.TaskGroup() as asking:
            answers = [asking.create_task(self._check.check(payee)) for payee in asked]
        return {**known, **{payee: answer.result() for payee, answer in zip(asked, answers, strict=True)}}

    async def _record(
        self, claimed: Preparation, orders: Sequence[OrderedPayee], answers: Mapping[NamedAccount, PayeeVerdict]
    ) -> None:
        """Write the batch; when the preparation was withdrawn meanwhile, nothing."""
        moved = replace(
            claimed,
            done=claimed.done + len(orders),
            place=orders[-1].place,
            counts=_counted(claimed, orders, answers),
            next_at=self._clock.now(),
        )
        first = {(order.place.group, order.payee): order for order in reversed(orders)}

        async def work(ledger: Ledger) -> None:
            if await ledger.preparations.save(moved):
                verdicts = {order: answers[order.payee] for order in first.values()}
                await ledger.preparations.record(claimed.id, verdicts)

        await self._book.transaction(work)

    async def _open(self, claimed: Preparation) -> None:
        """Open the actions with what was answered; what can no more be opened ends with the reason's code."""

        async def work(ledger: Ledger) -> Opened | None:
            if await _was_moved(ledger, claimed):
                return None
            opened = await self._holding.open(ledger, await _wanted(ledger, claimed), self._clock.now())
            ids = tuple(action.id for action in opened.actions)
            await self._end(ledger, replace(claimed, actions=ids), PreparationStatus.OPENED, "system")
            return opened

        try:
            opened = await self._book.transaction(work)
        except _PASSING:
            raise  # the lease runs out, and it is tried again
        except ApprovalError as error:
            await self._refuse(claimed, error.code)
        else:
            if opened is not None:
                await self._actions.tell(opened)

    async def _refuse(self, claimed: Preparation, code: str) -> None:
        async def work(ledger: Ledger) -> None:
            if not await _was_moved(ledger, claimed):
                await self._end(ledger, replace(claimed, refusal=code), PreparationStatus.REFUSED, "system")

        await self._book.transaction(work)

    async def _end(
        self, ledger: Ledger, preparation: Preparation, status: PreparationStatus, actor: str
    ) -> Preparation:
        """Raises StaleVersion when somebody else wrote first."""
        now = self._clock.now()
        ended = replace(preparation, status=status, ended_at=now)
        if not await ledger.preparations.save(ended):
            raise StaleVersion("the preparation was carried on meanwhile")
        await ledger.audit.append([entry_of(ended, f"preparation_{status}", actor, now)])
        return ended


async def _was_moved(ledger: Ledger, claimed: Preparation) -> bool:
    """Somebody withdrew it, or took its holder for dead."""
    current = await ledger.preparations.load(claimed.id)
    return current is None or current.version != claimed.version


def _may_see(caller: Caller, preparation: Preparation) -> bool:
    """The bank's own systems see all, a person what they started."""
    return not isinstance(caller, Presence) or caller.user.id == preparation.initiator


def _counted(
    claimed: Preparation, orders: Sequence[OrderedPayee], answers: Mapping[NamedAccount, PayeeVerdict]
) -> Mapping[int, Mapping[PayeeAnswer, int]]:
    """How often each answer came, by group: an order counts as its payee."""
    counts = {group: Counter(answered) for group, answered in claimed.counts.items()}
    for order in orders:
        counts.setdefault(order.place.group, Counter())[answers[order.payee].answer] += 1
    return counts


async def _wanted(ledger: Ledger, preparation: Preparation) -> Wanted:
    """What is opened now: the drafts as they came, each with what was answered."""
    subscription = await ledger.people.subscription(preparation.subscription_id)
    if subscription is None:
        raise LookupError("a preparation names a subscription the book does not hold")
    order = Order(
        opener=preparation.opened_by,
        subscription=subscription,
        initiator=preparation.initiator,
        reference=preparation.reference,
    )
    drafts = [await _with_answers(ledger, preparation, draft) for draft in preparation.drafts]
    return Wanted(order=order, drafts=drafts, message=preparation.message)


async def _with_answers(ledger: Ledger, preparation: Preparation, draft: Draft) -> Draft:
    if not orders_to_verify(draft.kind, draft.facts):
        return draft
    group = int(str(draft.facts.get("group", 0)))
    counts = preparation.counts.get(group, {})
    if draft.facts.get("salary"):
        return replace(draft, facts={**draft.facts, KEY: counted(counts)})
    findings = await ledger.preparations.findings(preparation.id, group, MOST_LISTED)
    return replace(draft, facts={**draft.facts, KEY: verified(counts, findings.listed, findings.unlisted)})
