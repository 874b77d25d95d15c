"""A card reported lost, stolen, broken or blocked: out of use at once, on one person's word (RULES 8).

A card bridge reports what the chip said. Taking access away needs no second adviser; giving it back does.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from approvals.credentials import card as life
from approvals.credentials import device as device_rules
from approvals.credentials.card_choice import choose
from approvals.desk.bridges import BridgeClaim, find_claimed_bridge
from approvals.desk.cards.held import HeldCard
from approvals.desk.in_charge import is_in_charge
from approvals.desk.presence import Presence, require_presence
from approvals.errors import NotFound
from approvals.model.api_key import ApiKey
from approvals.model.audit import AuditEntry
from approvals.model.card import Card, Trouble
from approvals.model.device import Device
from approvals.model.ids import CardId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.paris import day_in_paris
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock

Reporter: TypeAlias = Presence | ApiKey
"""The holder, their adviser, or the bank's core for somebody on the telephone."""


class CardReportDesk:
    """Takes cards out of use."""

    def __init__(self, *, book: Book, clock: Clock, announcer: Announcer, origin: str) -> None:
        """`origin` is what devices sign for."""
        self._book = book
        self._origin = origin
        self._clock = clock
        self._announcer = announcer

    async def report(self, reporter: Reporter, card_id: CardId, trouble: Trouble) -> None:
        """Take a card out of use; twice is once. Raises NotFound for a card that is not the reporter's to report."""

        async def work(ledger: Ledger) -> Mapping[UserId, int]:
            now = self._clock.now()
            card = await _reportable(ledger, reporter, card_id, now)
            _, heads = await _take_out_of_use(ledger, card, trouble, _actor(reporter), now)
            return heads

        await self._announcer.announce(await self._book.transaction(work))

    async def report_blocked(self, claim: BridgeClaim, named: str) -> HeldCard:
        """A card bridge met a chip that is blocked; `named` is the card's id or last 4 digits. Twice is once.

        Raises NotFound for a card that is not the bridge's person's, BridgeNeeded, DeviceSignatureRefused,
        CardChoiceNeeded.
        """

        async def work(ledger: Ledger) -> tuple[Card, Mapping[UserId, int]]:
            now = self._clock.now()
            purpose = f"{device_rules.CARD_BLOCKED} {named}"
            bridge = await find_claimed_bridge(ledger, claim, purpose, self._origin, now)
            card = await _meant(ledger, bridge, named, now)
            return await _take_out_of_use(ledger, card, Trouble.BLOCKED, f"device:{bridge.id}", now)

        card, heads = await self._book.transaction(work)
        await self._announcer.announce(heads)
        return HeldCard(id=card.id, kind=card.kind, card=card, order=None)


async def _take_out_of_use(
    ledger: Ledger, card: Card, trouble: Trouble, actor: str, now: datetime
) -> tuple[Card, Mapping[UserId, int]]:
    """Return the card as it is now, and the heads to announce; twice is once."""
    moved = life.step(card, trouble)
    if moved == card:
        return card, {}
    await ledger.cards.save(moved)
    value = {"card": card.id, "trouble": trouble.value, "was": card.status.value}
    await ledger.audit.append([AuditEntry(code="card_reported", actor=actor, at=now, value=value)])
    kind = EventKind.CARD_BLOCKED if trouble is Trouble.BLOCKED else EventKind.CARD_REPORTED
    return moved, await ledger.inboxes.append([News(user_id=card.user_id, kind=kind)], now)


async def _meant(ledger: Ledger, bridge: Device, named: str, now: datetime) -> Card:
    own = await ledger.cards.of_users([bridge.user_id])
    holder = await ledger.people.user(bridge.user_id)
    meant = [card for card in own if named in {card.id, card.last4}]
    if holder is None or not meant:
        raise NotFound("no such card of yours")
    return choose(meant, None, holder.language, day_in_paris(now))


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
