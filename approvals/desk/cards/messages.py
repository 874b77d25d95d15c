"""Orders on their way to the makers of cards: taken under a lease, recorded with what came of each attempt.

One outbox at a time: nothing here ever holds both makers' messages (RTS 2018/389 art. 25).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from approvals import delivery
from approvals.delivery import Outcome, Patience
from approvals.errors import NotFound, StaleVersion
from approvals.model.audit import AuditEntry
from approvals.model.card_order import CardMessage, Maker
from approvals.model.ids import MessageId
from approvals.model.release import DeliveryStatus
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock

_LEASE: Final = timedelta(seconds=30)  # longer than any attempt takes


class CardMessageDesk:
    """Hands out what is due to one maker, and takes back what came of it."""

    def __init__(self, *, book: Book, clock: Clock, patience: Patience) -> None:
        self._book = book
        self._clock = clock
        self._patience = patience

    async def claim(self, maker: Maker) -> CardMessage | None:
        """Take one due message for oneself; None when there is none."""
        now = self._clock.now()
        return await self._book.statement(lambda ledger: ledger.outboxes.claim(maker, now, now + _LEASE))

    async def record(self, maker: Maker, message: CardMessage, outcome: Outcome, jitter: float) -> CardMessage:
        """Write one attempt; where another node was faster, its record stands. `jitter` in [0, 1) spreads the next."""

        async def work(ledger: Ledger) -> CardMessage:
            now = self._clock.now()
            recorded = delivery.record(message, outcome, self._patience, jitter, now)
            if not await ledger.outboxes.save(maker, recorded):
                return await _load(ledger, maker, message.id)
            if recorded.status is not DeliveryStatus.DUE:
                await ledger.audit.append([_entry(maker, recorded, f"card_message_{recorded.status}", "system", now)])
            return recorded

        return await self._book.transaction(work)

    async def resend(self, maker: Maker, message_id: MessageId) -> CardMessage:
        """Make a given-up message due again; any other is returned as it is. Raises NotFound."""

        async def work(ledger: Ledger) -> CardMessage:
            now = self._clock.now()
            message = await _load(ledger, maker, message_id)
            revived = delivery.revive(message, now)
            if revived is message:
                return message
            if not await ledger.outboxes.save(maker, revived):
                raise StaleVersion("the message moved meanwhile")
            await ledger.audit.append([_entry(maker, revived, "card_message_resent", "operator", now)])
            return revived

        return await self._book.transaction(work)

    async def listed(self, maker: Maker, status: DeliveryStatus, limit: int) -> Sequence[CardMessage]:
        """Oldest first."""
        return await self._book.reading(lambda ledger: ledger.outboxes.listed(maker, status, limit))


async def _load(ledger: Ledger, maker: Maker, message_id: MessageId) -> CardMessage:
    message = await ledger.outboxes.load(maker, message_id)
    if message is None:
        raise NotFound("no such message to this maker")
    return message


def _entry(maker: Maker, message: CardMessage, code: str, actor: str, now: datetime) -> AuditEntry:
    value = {
        "message": message.id,
        "maker": maker.value,
        "card": message.card_id,
        "attempts": message.attempts,
        "error": message.last_error,
    }
    return AuditEntry(code=code, actor=actor, at=now, value=value)
