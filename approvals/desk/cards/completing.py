"""What the facts of a card operation take from the book when it is opened: the card, the fee, the new card's id.

Role and portfolio of the adviser are asked before, and whose card it is was found (`desk.adviser_acts`).
"""

from datetime import datetime
from typing import Final

from approvals.credentials.card import is_over
from approvals.credentials.card_refusals import CardNotLocked, CardOrderOpen
from approvals.credentials.tariff import fee_for
from approvals.desk.entitlements import Question
from approvals.errors import NotFound
from approvals.model.card import Card, CardKind, CardStatus
from approvals.model.card_order import OrderReason
from approvals.model.ids import CardId, UserId
from approvals.model.json import Facts
from approvals.model.money import DECIMALS, in_main_unit
from approvals.model.paris import day_in_paris
from approvals.ports.book import Ledger
from approvals.ports.cards import CardOrderFilter

_MOST_ORDERS: Final = 100  # of one person, in a lifetime of cards


async def complete_first_card(ledger: Ledger, question: Question) -> Facts:
    """Raise CardOrderOpen where the person has such a card, or one is on order; FeeUnknown."""
    facts = question.facts
    kind = CardKind(str(facts["card_kind"]))
    await _require_none(ledger, UserId(str(facts["person"])), kind)
    fee = await _fee(ledger, OrderReason.FIRST, kind, question.now)
    return {**facts, "card": question.ids.make("crd"), "fee": fee}


async def complete_new_card(ledger: Ledger, question: Question) -> Facts:
    """Raise NotFound for a card that is not this person's, CardOrderOpen where it is being replaced, FeeUnknown."""
    facts = question.facts
    card = await _theirs(ledger, question, str(facts["replaces"]))
    if await ledger.card_orders.replacing(card.id) is not None:
        raise CardOrderOpen("the card that takes over from this one is ordered already")
    fee = await _fee(ledger, OrderReason(str(facts["reason"])), card.kind, question.now)
    return {**facts, **_shown(card), "card": question.ids.make("crd"), "fee": fee}


async def complete_unlocking(ledger: Ledger, question: Question) -> Facts:
    """Raise NotFound for a card that is not this person's, CardNotLocked where there is nothing to unlock."""
    card = await _theirs(ledger, question, str(question.facts["card"]))
    if card.status is not CardStatus.LOCKED:
        raise CardNotLocked("the card is not locked by wrong codes")
    return {**question.facts, **_shown(card)}


async def _theirs(ledger: Ledger, question: Question, card_id: str) -> Card:
    card = await ledger.cards.load(CardId(card_id))
    if card is None or card.user_id != question.facts["person"]:
        raise NotFound("this person has no such card")
    return card


def _shown(card: Card) -> Facts:
    return {"card_kind": card.kind.value, "last4": card.last4}


async def _require_none(ledger: Ledger, user_id: UserId, kind: CardKind) -> None:
    """A person has one card of a kind: the next one replaces it."""
    held = [card for card in await ledger.cards.of_users([user_id]) if card.kind is kind and not is_over(card)]
    wanted = CardOrderFilter(user_id=user_id, kind=kind, is_produced=False)
    if held or (await ledger.card_orders.browse(wanted, None, _MOST_ORDERS)).items:
        raise CardOrderOpen("the person has such a card, or one is on order: replace it")


async def _fee(ledger: Ledger, reason: OrderReason, kind: CardKind, now: datetime) -> Facts:
    price = fee_for(await ledger.fees.all(), reason, kind, day_in_paris(now))
    return {"amount": str(in_main_unit(price.amount, DECIMALS[price.currency])), "currency": price.currency}
