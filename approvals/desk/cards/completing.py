"""What the facts of a card operation take from the book when it is opened: holder, card, fee, and the new card's id.

An adviser acts on their own portfolio alone; anything else is not told apart from what does not exist (RULES 26).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from approvals.credentials.card import is_over
from approvals.credentials.card_refusals import CardNotLocked, CardOrderOpen
from approvals.credentials.tariff import fee_for
from approvals.errors import Forbidden, NotFound
from approvals.model.card import Card, CardKind, CardStatus
from approvals.model.card_order import OrderReason
from approvals.model.ids import ActionKind, CardId, UserId
from approvals.model.json import Facts
from approvals.model.money import DECIMALS, in_main_unit
from approvals.model.paris import day_in_paris
from approvals.model.person import Subscription, SubscriptionKind, User
from approvals.operations.card_order import CARD_ORDER
from approvals.operations.card_replacement import CARD_REPLACEMENT
from approvals.operations.card_unlock import CARD_UNLOCK
from approvals.ports.book import Ledger
from approvals.ports.cards import CardOrderFilter
from approvals.ports.world import Ids

_MOST_ORDERS: Final = 100  # of one person, in a lifetime of cards


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAct:
    """What an adviser asks for: `initiator` of `subscription`, which is the house's own for an adviser's act."""

    kind: ActionKind
    facts: Facts
    subscription: Subscription
    initiator: UserId
    now: datetime


_Completer: TypeAlias = Callable[[Ledger, Ids, CardAct], Awaitable[Facts]]


async def complete(ledger: Ledger, ids: Ids, act: CardAct) -> Facts:
    """Return the facts with what only the book knows; those of other operations as they are.

    Raises Forbidden for who is no adviser, NotFound outside their portfolio, CardOrderOpen, CardNotLocked, FeeUnknown.
    """
    completer = _COMPLETERS.get(act.kind)
    if completer is None:
        return act.facts
    if act.subscription.kind is not SubscriptionKind.HOUSE:
        raise Forbidden("advisers of the bank alone do this")
    return await completer(ledger, ids, act)


async def _first_card(ledger: Ledger, ids: Ids, act: CardAct) -> Facts:
    facts = act.facts
    user = await ledger.people.user_named(str(facts["client"]), str(facts["user"]))
    await _require_in_portfolio(ledger, act, user)
    if user is None:
        raise NotFound("no such person")
    kind = CardKind(str(facts["card_kind"]))
    await _require_none(ledger, user.id, kind)
    fee = await _fee(ledger, OrderReason.FIRST, kind, act.now)
    return {**facts, "holder": user.id, "card": ids.make("crd"), "fee": fee}


async def _new_card(ledger: Ledger, ids: Ids, act: CardAct) -> Facts:
    card = await ledger.cards.load(CardId(str(act.facts["replaces"])))
    known = await _known(ledger, act, card)
    if card is None:
        raise NotFound("no such card")
    if await ledger.card_orders.replacing(card.id) is not None:
        raise CardOrderOpen("the card that takes over from this one is ordered already")
    fee = await _fee(ledger, OrderReason(str(act.facts["reason"])), card.kind, act.now)
    return {**act.facts, **known, "card": ids.make("crd"), "fee": fee}


async def _locked_card(ledger: Ledger, ids: Ids, act: CardAct) -> Facts:
    del ids
    card = await ledger.cards.load(CardId(str(act.facts["card"])))
    known = await _known(ledger, act, card)
    if card is None or card.status is not CardStatus.LOCKED:
        raise CardNotLocked("the card is not locked by wrong codes")
    return {**act.facts, **known}


_COMPLETERS: Final[Mapping[ActionKind, _Completer]] = {
    CARD_ORDER: _first_card,
    CARD_REPLACEMENT: _new_card,
    CARD_UNLOCK: _locked_card,
}


async def _known(ledger: Ledger, act: CardAct, card: Card | None) -> Facts:
    """Return whose card it is and which, as the second adviser reads it."""
    user = await ledger.people.user(card.user_id) if card else None
    company = await _require_in_portfolio(ledger, act, user)
    if card is None or user is None:
        raise NotFound("no such card")
    return {
        "holder": user.id,
        "client": company.client_identifier,
        "user": user.number,
        "card_kind": card.kind.value,
        "last4": card.last4,
    }


async def _require_in_portfolio(ledger: Ledger, act: CardAct, user: User | None) -> Subscription:
    company = await ledger.people.subscription(user.subscription_id) if user else None
    if company is None or company.adviser_id != act.initiator:
        raise NotFound("nobody of your portfolio")
    return company


async def _require_none(ledger: Ledger, user_id: UserId, kind: CardKind) -> None:
    """A person has one card of a kind: the next one replaces it."""
    held = [card for card in await ledger.cards.of_users([user_id]) if card.kind is kind and not is_over(card)]
    wanted = CardOrderFilter(user_id=user_id, kind=kind, is_produced=False)
    if held or (await ledger.card_orders.browse(wanted, None, _MOST_ORDERS)).items:
        raise CardOrderOpen("the person has such a card, or one is on order: replace it")


async def _fee(ledger: Ledger, reason: OrderReason, kind: CardKind, now: datetime) -> Facts:
    price = fee_for(await ledger.fees.all(), reason, kind, day_in_paris(now))
    return {"amount": str(in_main_unit(price.amount, DECIMALS[price.currency])), "currency": price.currency}
