"""What the calendar does to cards: their holders are warned 60, 30 and 7 days ahead, then they expire (RULES 8)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from approvals.credentials.card import age
from approvals.model.audit import AuditEntry
from approvals.model.card import Card, CardStatus
from approvals.model.ids import CardId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.paris import day_in_paris
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock

_AT_ONCE: Final = 100


class CardAgeingDesk:
    """One bounded round at a time."""

    def __init__(self, *, book: Book, clock: Clock, announcer: Announcer) -> None:
        self._book = book
        self._clock = clock
        self._announcer = announcer

    async def sweep(self) -> int:
        """Look at the cards whose day has come (Europe/Paris); return how many."""
        today = day_in_paris(self._clock.now())
        due = await self._book.reading(lambda ledger: ledger.cards.due(today, _AT_ONCE))
        for card in due:
            await self._look_at(card.id, today)
        return len(due)

    async def _look_at(self, card_id: CardId, today: date) -> None:
        async def work(ledger: Ledger) -> Mapping[UserId, int]:
            card = await ledger.cards.load(card_id)
            if card is None or card.due_on is None or card.due_on > today:
                return {}  # another node was here
            return await _age(ledger, card, today, self._clock.now())

        await self._announcer.announce(await self._book.transaction(work))


async def _age(ledger: Ledger, card: Card, today: date, now: datetime) -> Mapping[UserId, int]:
    aged = age(card, today)
    await ledger.cards.save(aged.card)
    has_expired = aged.card.status is CardStatus.EXPIRED
    if not has_expired and not aged.is_warned:
        return {}
    kind = EventKind.CARD_EXPIRED if has_expired else EventKind.CARD_EXPIRES_SOON
    value = {"card": card.id, "expires_on": str(card.expires_on)}
    await ledger.audit.append([AuditEntry(code=kind.value, actor="system", at=now, value=value)])
    return await ledger.inboxes.append([News(user_id=card.user_id, kind=kind)], now)
