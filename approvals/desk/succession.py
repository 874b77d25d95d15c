"""A new card takes over: its first right code activates it, and the card it replaces ends (RULES 8)."""

from datetime import datetime

from approvals.credentials import card as life
from approvals.credentials.card import CardEvent
from approvals.model.audit import AuditEntry
from approvals.model.card import Card
from approvals.model.inbox import EventKind, News
from approvals.ports.book import Ledger


async def take_over(ledger: Ledger, before: Card, after: Card, now: datetime) -> tuple[News, ...]:
    """Note an activation and end the predecessor; nothing where the right code was not the first."""
    if before.activated or not after.activated:
        return ()
    actor = f"user:{after.user_id}"
    await ledger.audit.append([AuditEntry(code="card_activated", actor=actor, at=now, value={"card": after.id})])
    order = await ledger.card_orders.load(after.id)
    old = await ledger.cards.load(order.replaces) if order is not None and order.replaces is not None else None
    if old is not None:
        await _replace(ledger, old, after, now)
    return (News(user_id=after.user_id, kind=EventKind.CARD_ACTIVATED),)


async def _replace(ledger: Ledger, old: Card, by: Card, now: datetime) -> None:
    replaced = life.step(old, CardEvent.SUCCESSOR_ACTIVATED)
    if replaced == old:
        return
    await ledger.cards.save(replaced)
    value = {"card": old.id, "by": by.id}
    await ledger.audit.append([AuditEntry(code="card_replaced", actor=f"user:{by.user_id}", at=now, value=value)])
