"""A card reported lost, stolen, broken or blocked: out of use at once, on one person's word (RULES 8).

Taking access away needs no second adviser; giving it back does.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from approvals.credentials import card as life
from approvals.desk.in_charge import is_in_charge
from approvals.desk.presence import Presence, require_presence
from approvals.errors import NotFound
from approvals.model.api_key import ApiKey
from approvals.model.audit import AuditEntry
from approvals.model.card import Card, Trouble
from approvals.model.ids import CardId, UserId
from approvals.model.inbox import EventKind, News
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock

Reporter: TypeAlias = Presence | ApiKey
"""The holder, their adviser, or the bank's core for somebody on the telephone."""


class CardReportDesk:
    """Takes cards out of use."""

    def __init__(self, *, book: Book, clock: Clock, announcer: Announcer) -> None:
        self._book = book
        self._clock = clock
        self._announcer = announcer

    async def report(self, reporter: Reporter, card_id: CardId, trouble: Trouble) -> None:
        """Take a card out of use; twice is once. Raises NotFound for a card that is not the reporter's to report."""

        async def work(ledger: Ledger) -> Mapping[UserId, int]:
            now = self._clock.now()
            card = await _reportable(ledger, reporter, card_id, now)
            moved = life.step(card, trouble)
            if moved == card:
                return {}
            await ledger.cards.save(moved)
            value = {"card": card_id, "trouble": trouble.value, "was": card.status.value}
            await ledger.audit.append([AuditEntry(code="card_reported", actor=_actor(reporter), at=now, value=value)])
            return await ledger.inboxes.append([News(user_id=card.user_id, kind=EventKind.CARD_REPORTED)], now)

        await self._announcer.announce(await self._book.transaction(work))


async def _reportable(ledger: Ledger, reporter: Reporter, card_id: CardId, now: datetime) -> Card:
    card = await ledger.cards.load(card_id)
    if isinstance(reporter, ApiKey):
        if card is None:
            raise NotFound("no such card")
        return card
    presence = await require_presence(ledger, reporter.login.id, now)
    if card is None or not await is_in_charge(ledger, presence, card.user_id):
        raise NotFound("no such card of yours")
    return card


def _actor(reporter: Reporter) -> str:
    return f"api_key:{reporter.id}" if isinstance(reporter, ApiKey) else f"user:{reporter.user.id}"
