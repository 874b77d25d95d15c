"""A code for a card that takes none leaves its own line in the audit; the caller's transaction wrote nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from approvals.credentials.card_refusals import CardNotUsable
from approvals.model.audit import AuditEntry
from approvals.model.ids import CardId
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock


@asynccontextmanager
async def refusals_noted(book: Book, clock: Clock) -> AsyncIterator[None]:
    """Note a refusal and let it go on: `code_for_replaced_card` and the like (RULES 10)."""
    try:
        yield
    except CardNotUsable as refusal:
        if refusal.card_id is not None:
            card_id, code = refusal.card_id, f"code_for_{refusal.status}_card"
            await book.transaction(lambda ledger: _note(ledger, clock, card_id, code))
        raise


async def _note(ledger: Ledger, clock: Clock, card_id: CardId, code: str) -> None:
    card = await ledger.cards.load(card_id)
    actor = f"user:{card.user_id}" if card else "unknown"
    await ledger.audit.append([AuditEntry(code=code, actor=actor, at=clock.now(), value={"card": card_id})])
