"""The order of a card, and what its two makers are told and report back (RTS 2018/389 art. 25). Pure.

Card and PIN never share a message, an outbox or a report: the manufacturer learns nothing of the PIN's letter, the PIN
printer no card number and nothing of where the card goes. Neither is sent a name or an address: both know the holder by
client identifier and user number, and ask the bank's own files. A professional bank card is made by the card service
by its own ways (RULES 8): its order is a row to be read, and no message.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

import msgspec

from approvals.credentials.card import next_day
from approvals.credentials.card_refusals import CardReportForeign, CardReportOutOfOrder, CardReportRepeated
from approvals.credentials.counters import CARD_ATTEMPTS
from approvals.model.card import Card, CardKind, CardStatus
from approvals.model.card_order import CardMessage, CardOrder, Maker, PinLetter
from approvals.model.ids import MessageId, ProfileId
from approvals.model.json import Facts
from approvals.model.release import DeliveryStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whom a maker says a card is of: what keeps two people's cards from being mixed up."""

    client_identifier: str
    user_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """The card as it was made; its number is sealed before it comes here."""

    profile_id: ProfileId
    issuer_key_id: str
    issuer_key_version: int
    pan_sealed: bytes = field(repr=False)
    last4: str
    psn: str
    expires_on: date


class PinReport(StrEnum):
    """What the PIN printer reports."""

    MAILED = "pin_mailed"
    RETURNED = "pin_returned"


def require_holder(order: CardOrder, holder: Holder) -> None:
    """Raise CardReportForeign unless the maker means the person the card was ordered for."""
    if holder != Holder(client_identifier=order.client_identifier, user_number=order.user_number):
        raise CardReportForeign("this card was ordered for somebody else")


def make_card(order: CardOrder, produced: Produced, today: date) -> Card:
    """Return the card that was made for an order. Raises CardReportRepeated once there is one."""
    if order.produced_at is not None:
        raise CardReportRepeated("the card was reported produced before")
    return Card(
        id=order.card_id,
        user_id=order.user_id,
        kind=order.kind,
        profile_id=produced.profile_id,
        issuer_key_id=produced.issuer_key_id,
        issuer_key_version=produced.issuer_key_version,
        pan_sealed=produced.pan_sealed,
        last4=produced.last4,
        psn=produced.psn,
        status=CardStatus.PRODUCED,
        last_atc=0,
        attempts_left=CARD_ATTEMPTS,
        activated=False,
        expires_on=produced.expires_on,
        due_on=next_day(produced.expires_on, today),
    )


def report_pin(order: CardOrder, report: PinReport) -> CardOrder:
    """Note where the PIN's letter is. Raises CardReportRepeated, CardReportOutOfOrder."""
    reached = PinLetter.MAILED if report is PinReport.MAILED else PinLetter.RETURNED
    if order.pin_letter is reached:
        raise CardReportRepeated(f"the PIN's letter was reported {reached} before")
    if reached is PinLetter.RETURNED and order.pin_letter is PinLetter.ORDERED:
        raise CardReportOutOfOrder("only a letter that was mailed comes back")
    return replace(order, pin_letter=reached)


def messages(order: CardOrder, now: datetime) -> Mapping[Maker, CardMessage]:
    """Return what each maker is sent: two messages under two ids that show nothing of each other."""
    if order.kind is CardKind.PROFESSIONAL:
        return {}
    holder: Facts = {"client_identifier": order.client_identifier, "user_number": order.user_number}
    card: Facts = {
        "order": "card",
        "card": order.card_id,
        "kind": order.kind.value,
        "holder": holder,
        "delivery": order.delivery.value,
    }
    pin: Facts = {"order": "pin_letter", "card": order.card_id, "holder": holder}
    return {
        Maker.MANUFACTURER: _message(Maker.MANUFACTURER, order, card, now),
        Maker.PIN_PRINTER: _message(Maker.PIN_PRINTER, order, pin, now),
    }


def _message(maker: Maker, order: CardOrder, content: Facts, now: datetime) -> CardMessage:
    digest = hashlib.sha256(f"{maker}:{order.card_id}".encode()).hexdigest()
    return CardMessage(
        id=MessageId(f"msg_{digest[:32]}"),
        card_id=order.card_id,
        body=msgspec.json.encode(content),
        status=DeliveryStatus.DUE,
        created_at=now,
        next_at=now,
    )
