"""What the makers of cards report: made, sent, come back; the PIN's letter mailed, come back (RTS 2018/389 art. 25).

A card's number is sealed before anything else is done with it, and is in no error, audit line or log.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from approvals.cap.profile import CapProfile, profile_for
from approvals.credentials import card as life
from approvals.credentials.card import CardEvent
from approvals.credentials.card_order import (
    Holder,
    PinReport,
    Produced,
    make_card,
    report_pin,
    require_holder,
)
from approvals.credentials.card_refusals import CardReportForeign, CardReportOutOfOrder
from approvals.errors import InvalidRequest, NotFound
from approvals.model.api_key import ApiKey
from approvals.model.audit import AuditEntry
from approvals.model.card_order import CardOrder
from approvals.model.ids import CardId, ProfileId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.page import Page
from approvals.model.pan import is_pan
from approvals.model.paris import day_in_paris
from approvals.ports.book import Book, Ledger
from approvals.ports.cards import CardOrderFilter
from approvals.ports.world import Announcer, Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCard:
    """A card as its manufacturer made it; `expires_on` is its last good day."""

    profile_id: ProfileId
    issuer_key_id: str
    issuer_key_version: int
    pan: str = field(repr=False)
    psn: str
    expires_on: date


class CardReport(StrEnum):
    """What a manufacturer reports of a card it has made."""

    SENT = "sent"
    RETURNED = "returned"


_EVENTS = {CardReport.SENT: CardEvent.SENT, CardReport.RETURNED: CardEvent.RETURNED}


class CardMakingDesk:
    """Notes what makers report, each on what was ordered of them."""

    def __init__(
        self,
        *,
        book: Book,
        clock: Clock,
        announcer: Announcer,
        profiles: Sequence[CapProfile],
        seal_pan: Callable[[CardId, str], bytes],
    ) -> None:
        """`seal_pan` seals a card number for the store; nothing else ever holds it."""
        self._book = book
        self._clock = clock
        self._announcer = announcer
        self._profiles = profiles
        self._seal_pan = seal_pan

    async def browse(self, wanted: CardOrderFilter, after: str | None, limit: int) -> Page[CardOrder]:
        """Newest first."""
        return await self._book.reading(lambda ledger: ledger.card_orders.browse(wanted, after, limit))

    async def made(self, maker: ApiKey, card_id: CardId, holder: Holder, made: MadeCard) -> None:
        """Take in the card made for an order.

        Raises NotFound, CardReportForeign, CardReportRepeated, CapProfileUnknown, InvalidRequest by field.
        """
        produced = self._produced(card_id, made)

        async def work(ledger: Ledger) -> None:
            now = self._clock.now()
            order = await _order_of(ledger, card_id, holder)
            card = make_card(order, produced, day_in_paris(now))
            await ledger.cards.add(card)
            await ledger.card_orders.save(replace(order, produced_at=now))
            await _note(ledger, maker, "card_produced", order, now)

        await self._book.transaction(work)

    async def report(self, maker: ApiKey, card_id: CardId, holder: Holder, report: CardReport) -> None:
        """Note that a card was sent, or came back. Raises NotFound and the refusals of reports."""

        async def work(ledger: Ledger) -> Mapping[UserId, int]:
            now = self._clock.now()
            order = await _order_of(ledger, card_id, holder)
            card = await ledger.cards.load(card_id)
            if card is None:
                raise CardReportOutOfOrder("the card was not reported produced yet")
            await ledger.cards.save(life.step(card, _EVENTS[report]))
            await _note(ledger, maker, f"card_{report}", order, now)
            news = [News(user_id=order.user_id, kind=EventKind.CARD_SENT)] if report is CardReport.SENT else []
            return await ledger.inboxes.append(news, now)

        await self._announcer.announce(await self._book.transaction(work))

    async def report_pin(self, printer: ApiKey, card_id: CardId, holder: Holder, report: PinReport) -> None:
        """Note where the PIN's letter is. Raises NotFound and the refusals of reports."""

        async def work(ledger: Ledger) -> None:
            order = await _order_of(ledger, card_id, holder)
            await ledger.card_orders.save(report_pin(order, report))
            await _note(ledger, printer, report.value, order, self._clock.now())

        await self._book.transaction(work)

    def _produced(self, card_id: CardId, made: MadeCard) -> Produced:
        """Check what can be checked of a card by itself, and seal its number."""
        if not is_pan(made.pan):
            raise InvalidRequest("pan: not a card number", field="pan")
        if profile_for(made.pan, self._profiles).id != made.profile_id:
            raise InvalidRequest("profile: the card's number belongs to another profile", field="profile")
        if made.expires_on < day_in_paris(self._clock.now()):
            raise InvalidRequest("expires: the card has expired already", field="expires")
        return Produced(
            profile_id=made.profile_id,
            issuer_key_id=made.issuer_key_id,
            issuer_key_version=made.issuer_key_version,
            pan_sealed=self._seal_pan(card_id, made.pan),
            last4=made.pan[-4:],
            psn=made.psn,
            expires_on=made.expires_on,
        )


async def _order_of(ledger: Ledger, card_id: CardId, holder: Holder) -> CardOrder:
    """Return the order a maker reports on. Raises CardReportForeign for a card that was never ordered here."""
    order = await ledger.card_orders.load(card_id)
    if order is None and await ledger.cards.load(card_id) is not None:
        raise CardReportForeign("this card was not ordered here")
    if order is None:
        raise NotFound("no such order")
    require_holder(order, holder)
    return order


async def _note(ledger: Ledger, maker: ApiKey, code: str, order: CardOrder, now: datetime) -> None:
    actor, value = f"api_key:{maker.id}", {"card": order.card_id}
    await ledger.audit.append([AuditEntry(code=code, actor=actor, at=now, value=value)])
