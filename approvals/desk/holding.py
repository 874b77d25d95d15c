"""Holding what was asked: opened at once, or prepared first where its payees are to be verified (RULES 21).

A file is known by its message: the same twice is refused while the first is prepared, pending, approved or released
(RULES 19). Who asks, and what is read from them, is the callers' own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from approvals.desk.opening import Opened, Opening, Order
from approvals.errors import DuplicateRemittance, UnregisteredPayees
from approvals.model.action import Action, Bundle
from approvals.model.audit import AuditEntry
from approvals.model.draft import Draft
from approvals.model.ids import BundleId, PreparationId
from approvals.model.preparation import FileMessage, Preparation
from approvals.operations.verification import KEY, opted_out, orders_to_verify
from approvals.ports.book import Ledger
from approvals.ports.world import Ids

Held: TypeAlias = Opened | Preparation


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be held: the drafts of one request, and the message of its file, where it is one."""

    order: Order
    drafts: Sequence[Draft]
    message: FileMessage | None = None

    @property
    def orders(self) -> int:
        """How many orders' payees would be asked about."""
        return sum(orders_to_verify(draft.kind, draft.facts) for draft in self.drafts)


class Holding:
    """Decides between the two, inside the caller's transaction."""

    def __init__(self, *, ids: Ids, opening: Opening, verifies: bool) -> None:
        """`verifies` says whether anybody answers about payees at all."""
        self._ids = ids
        self._opening = opening
        self._verifies = verifies

    async def hold(self, ledger: Ledger, wanted: Wanted, now: datetime) -> Held:
        """Open the actions, or begin a preparation where a check is due.

        Raises DuplicateRemittance, UnregisteredPayees and everything `Opening.open` raises, in either case.
        """
        await _require_not_prepared(ledger, wanted)
        if not self._verifies or not wanted.orders:
            return await self.open(ledger, wanted, now)
        wanted = await _without_what_was_renounced(ledger, wanted)
        if any(KEY in draft.facts for draft in wanted.drafts):
            return await self.open(ledger, wanted, now)
        return await self._prepare(ledger, wanted, now)

    async def open(self, ledger: Ledger, wanted: Wanted, now: datetime) -> Opened:
        """Open the actions. Raises as `hold` does."""
        drafts = wanted.drafts
        await _require_not_alive(ledger, wanted)
        if wanted.message is not None:
            bundle = self._bundle(wanted.order, wanted.message, now)
            await ledger.actions.add_bundle(bundle)
            drafts = [replace(draft, bundle_id=bundle.id) for draft in drafts]
        opened = await self._opening.open(ledger, wanted.order, drafts, now)
        _require_registered(opened.actions)
        return opened

    async def rehearse(self, ledger: Ledger, wanted: Wanted, now: datetime) -> None:
        """Write nothing. Raises as `hold` does now."""
        await _require_not_prepared(ledger, wanted)
        await self._rehearse(ledger, wanted, now)

    async def _rehearse(self, ledger: Ledger, wanted: Wanted, now: datetime) -> None:
        await _require_not_alive(ledger, wanted)
        _require_registered(await self._opening.rehearse(ledger, wanted.order, wanted.drafts, now))

    async def _prepare(self, ledger: Ledger, wanted: Wanted, now: datetime) -> Preparation:
        """What could not be opened is told at once, not when the last payee's bank has answered."""
        await self._rehearse(ledger, wanted, now)
        order = wanted.order
        preparation = Preparation(
            id=PreparationId(self._ids.make("prp")),
            subscription_id=order.subscription.id,
            opened_by=order.opener,
            initiator=order.initiator,
            reference=order.reference,
            drafts=tuple(wanted.drafts),
            message=wanted.message,
            total=wanted.orders,
            created_at=now,
            next_at=now,
        )
        await ledger.preparations.add(preparation)
        await ledger.audit.append([entry_of(preparation, "preparation_begun", order.opener, now)])
        return preparation

    def _bundle(self, order: Order, message: FileMessage, now: datetime) -> Bundle:
        return Bundle(
            id=BundleId(self._ids.make("bnd")),
            subscription_id=order.subscription.id,
            upload_id=message.upload_id,
            initiating_party=message.initiating_party,
            message_id=message.message_id,
            created_at=now,
        )


def entry_of(preparation: Preparation, code: str, actor: str, now: datetime) -> AuditEntry:
    """Return the audit's line; it names no payee."""
    return AuditEntry(
        code=code, actor=actor, at=now, value={"preparation": preparation.id, "orders": preparation.total}
    )


async def _without_what_was_renounced(ledger: Ledger, wanted: Wanted) -> Wanted:
    """A company may renounce the check of packages of orders, never of a single one."""
    if wanted.message is None or wanted.orders == 1:
        return wanted
    since = await ledger.preparations.opted_out(wanted.order.subscription.id)
    if since is None:
        return wanted
    drafts = [
        replace(draft, facts={**draft.facts, KEY: opted_out(since)})
        if orders_to_verify(draft.kind, draft.facts)
        else draft
        for draft in wanted.drafts
    ]
    return replace(wanted, drafts=drafts)


async def _require_not_prepared(ledger: Ledger, wanted: Wanted) -> None:
    company, message = wanted.order.subscription.id, wanted.message
    if message and await ledger.preparations.live_message(company, message.initiating_party, message.message_id):
        raise DuplicateRemittance("this message was already sent, and its payees are being verified")


async def _require_not_alive(ledger: Ledger, wanted: Wanted) -> None:
    company, message = wanted.order.subscription.id, wanted.message
    if message and await ledger.actions.live_bundle(company, message.initiating_party, message.message_id) is not None:
        raise DuplicateRemittance("this message was already sent, and is pending, approved or released")


def _require_registered(actions: Sequence[Action]) -> None:
    """Raise UnregisteredPayees where a policy takes registered beneficiaries only; nothing is then kept."""
    for action in actions:
        if action.facts.get("unregistered") and not action.policy.unregistered_payees:
            raise UnregisteredPayees(f"{action.facts['unregistered']} payees are not registered beneficiaries")
