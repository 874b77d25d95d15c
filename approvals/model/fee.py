"""The tariff: what a card costs, by the reason it is made for."""

from dataclasses import dataclass
from datetime import date

from approvals.model.card import CardKind
from approvals.model.card_order import OrderReason
from approvals.model.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """`price` from `valid_from` (a day, Europe/Paris) until a later row takes over."""

    reason: OrderReason
    kind: CardKind
    price: Money
    valid_from: date
