"""The tariff: what a card costs, by the reason it is made for."""

from dataclasses import dataclass
from datetime import date

from approvals.model.card import CardKind
from approvals.model.card_order import OrderReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """`amount` in minor units of `currency`, from `valid_from` (a day, Europe/Paris) until a later row takes over."""

    reason: OrderReason
    kind: CardKind
    amount: int
    currency: str
    valid_from: date
