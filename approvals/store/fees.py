"""The tariff of cards."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from approvals.model.card import CardKind
from approvals.model.card_order import OrderReason
from approvals.model.fee import Fee
from approvals.model.money import Money
from approvals.store.columns import number, text
from approvals.store.database import Connection, Row


class SqlFees:
    """Satisfies `ports.cards.Fees`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _PUT: Final = """
        INSERT INTO fees (reason, kind, valid_from, amount, currency) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (reason, kind, valid_from) DO UPDATE SET amount = excluded.amount, currency = excluded.currency
    """

    async def put(self, fee: Fee) -> None:
        """Write a row; the same reason, kind and day is the same row."""
        await self._connection.execute(
            self._PUT, fee.reason, fee.kind, fee.valid_from.isoformat(), fee.price.amount, fee.price.currency
        )

    _ALL: Final = "SELECT * FROM fees"

    async def all(self) -> Sequence[Fee]:
        """By kind, reason, then day."""
        rows = await self._connection.fetch(self._ALL)
        return sorted(map(_fee, rows), key=lambda fee: (fee.kind, fee.reason, fee.valid_from))


def _fee(row: Row) -> Fee:
    return Fee(
        reason=OrderReason(text(row, "reason")),
        kind=CardKind(text(row, "kind")),
        price=Money(amount=number(row, "amount"), currency=text(row, "currency")),
        valid_from=date.fromisoformat(text(row, "valid_from")),
    )
