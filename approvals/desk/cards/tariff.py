"""The tariff: what a card costs, kept by operators, frozen into the facts of each order."""

from collections.abc import Sequence

from approvals.errors import InvalidRequest
from approvals.model.audit import AuditEntry
from approvals.model.fee import Fee
from approvals.model.money import DECIMALS
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock


class TariffDesk:
    """Shows and sets fees."""

    def __init__(self, *, book: Book, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    async def all(self) -> Sequence[Fee]:
        """By kind, reason, then day; rows that no longer count included."""
        return await self._book.reading(lambda ledger: ledger.fees.all())

    async def put(self, fee: Fee) -> None:
        """Set a fee from a day on. Raises InvalidRequest for an amount below zero or a currency there is not."""
        if fee.price.amount < 0:
            raise InvalidRequest("amount: a fee is not below zero", field="amount")
        if fee.price.currency not in DECIMALS:
            raise InvalidRequest("currency: not an ISO 4217 currency", field="currency")

        async def work(ledger: Ledger) -> None:
            await ledger.fees.put(fee)
            value = {
                "reason": fee.reason.value,
                "kind": fee.kind.value,
                "amount": fee.price.amount,
                "currency": fee.price.currency,
                "valid_from": fee.valid_from.isoformat(),
            }
            entry = AuditEntry(code="fee_set", actor="operator", at=self._clock.now(), value=value)
            await ledger.audit.append([entry])

        await self._book.transaction(work)
