"""Counts, sums and digests of what a file brings in, by creditor, in memory that does not grow with its orders."""

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

import msgspec

from approvals.errors import AmountNotSignable
from approvals.model.collection import CollectionGroup, Crediting, Creditor
from approvals.model.money import DECIMALS, in_main_unit
from approvals.remittance.refusals import TooManyGroups
from approvals.remittance.totals import MOST_SIGNABLE

Line: TypeAlias = Sequence[str | int]
"""One order as it goes into the digest: an RFC 8785 array (docs/remittance.md)."""

_MOST_DATES: Final = 3660  # ten years of days: what no file of honest due dates comes near


class CreditorTotals:
    """One creditor, account and currency of the file while its orders go by."""

    def __init__(self, index: int, creditor: Creditor, currency: str, crediting: Crediting | None) -> None:
        self.currency = currency
        self.total = 0
        self._index = index
        self._creditor = creditor
        self._crediting = crediting
        self._count = 0
        self._dates: set[date] = set()
        self._blocks: list[str] = []
        self._digest = hashlib.sha256()

    def begin_block(self, block: str) -> None:
        self._blocks.append(block)

    def add(self, line: Line, amount: int, due: date) -> None:
        """Raises AmountNotSignable (RULES 17)."""
        self._count += 1
        self.total += amount
        self._dates.add(due)
        self._digest.update(msgspec.json.encode(line) + b"\n")
        if self.total > MOST_SIGNABLE or len(self._dates) > _MOST_DATES:
            raise AmountNotSignable("the total of one account has more than 12 digits, or too many due dates")

    def group(self) -> CollectionGroup:
        return CollectionGroup(
            index=self._index,
            creditor=self._creditor,
            currency=self.currency,
            blocks=tuple(self._blocks),
            count=self._count,
            total=self.total,
            due_dates=tuple(sorted(self._dates)),
            crediting=self._crediting,
            digest=self._digest.hexdigest(),
        )


class Creditors:
    """The groups of one file, in order of appearance."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._groups: dict[tuple[Creditor, str, Crediting | None], CreditorTotals] = {}

    def of(self, creditor: Creditor, currency: str, crediting: Crediting | None = None) -> CreditorTotals:
        """Raises TooManyGroups."""
        key = creditor, currency, crediting
        if key not in self._groups:
            if len(self._groups) == self._most:
                raise TooManyGroups(f"more than {self._most} creditor accounts and currencies")
            self._groups[key] = CreditorTotals(len(self._groups), creditor, currency, crediting)
        return self._groups[key]

    @property
    def control_sum(self) -> Decimal:
        """The plain sum of all amounts, whatever their currencies: what GrpHdr/CtrlSum states. Exact."""
        totals = (in_main_unit(group.total, DECIMALS[group.currency]) for group in self._groups.values())
        return sum(totals, Decimal(0))

    def all(self) -> tuple[CollectionGroup, ...]:
        return tuple(group.group() for group in self._groups.values())
