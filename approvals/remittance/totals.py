"""Counts, sums and digests over many orders, in memory that does not grow with them."""

import hashlib
from decimal import Decimal
from typing import Final

import msgspec

from approvals.errors import AmountNotSignable
from approvals.model.iban import Iban
from approvals.model.money import DECIMALS, in_main_unit
from approvals.model.remittance import SALARY, Block, Group, PaymentOrder
from approvals.remittance.refusals import ControlSumMismatch, CountMismatch, TooManyGroups

MOST_SIGNABLE: Final = 10**12 - 1  # 12 digits of minor units: a card's amount, EMV tag 9F02 (RULES 17)


def canonical_line(order: PaymentOrder) -> bytes:
    """Return the order's line in the digest: an RFC 8785 array and a newline (docs/remittance.md).

    msgspec writes what RFC 8785 asks for here: the integers are far below 2^53, and the control characters it
    would escape in its own way are refused before (`checks.check_texts`).
    """
    line = (
        order.position,
        order.payment_information_id,
        order.end_to_end_id,
        order.name,
        order.iban,
        order.amount,
        order.currency,
    )
    return msgspec.json.encode(line) + b"\n"


class GroupTotals:
    """One (debtor account, currency) of the file while its orders go by. `index` counts groups from 0."""

    def __init__(self, index: int, debtor_iban: Iban, currency: str) -> None:
        self.index = index
        self.currency = currency
        self.count = 0
        self.total = 0
        self._debtor_iban = debtor_iban
        self._salaries = 0
        self._blocks: list[Block] = []
        self._digest = hashlib.sha256()

    def add(self, order: PaymentOrder) -> None:
        """Raises AmountNotSignable (RULES 17)."""
        self.count += 1
        self.total += order.amount
        self._salaries += order.category_purpose == SALARY
        self._digest.update(canonical_line(order))
        if self.total > MOST_SIGNABLE:
            raise AmountNotSignable("the total of one account and currency has more than 12 digits")

    def end_block(self, block: Block) -> None:
        self._blocks.append(block)

    def group(self) -> Group:
        return Group(
            index=self.index,
            debtor_iban=self._debtor_iban,
            currency=self.currency,
            blocks=tuple(self._blocks),
            count=self.count,
            total=self.total,
            salary=self._salaries == self.count,
            digest=self._digest.hexdigest(),
        )


class Groups:
    """The groups of one file, in order of appearance."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._groups: dict[tuple[Iban, str], GroupTotals] = {}

    def of(self, debtor_iban: Iban, currency: str) -> GroupTotals:
        """Raises TooManyGroups."""
        key = debtor_iban, currency
        if key not in self._groups:
            if len(self._groups) == self._most:
                raise TooManyGroups(f"more than {self._most} debtor accounts and currencies")
            self._groups[key] = GroupTotals(len(self._groups), debtor_iban, currency)
        return self._groups[key]

    @property
    def control_sum(self) -> Decimal:
        """The plain sum of all amounts, whatever their currencies: what GrpHdr/CtrlSum states. Exact."""
        totals = (in_main_unit(group.total, DECIMALS[group.currency]) for group in self._groups.values())
        return sum(totals, Decimal(0))  # a hundred groups of 12 digits: far within Decimal's 28

    def all(self) -> tuple[Group, ...]:
        return tuple(group.group() for group in self._groups.values())


def check_count(declared: str, counted: int, path: str) -> None:
    """NbOfTxs, when there is one. Raises CountMismatch."""
    if declared and int(declared) != counted:
        raise CountMismatch(f"NbOfTxs says {int(declared)}, there are {counted}", path=f"{path}/NbOfTxs")


def check_sum(declared: str, counted: Decimal, path: str) -> None:
    """CtrlSum, when there is one: the plain sum of the amounts. Raises ControlSumMismatch."""
    if declared and Decimal(declared.strip()) != counted:
        raise ControlSumMismatch("CtrlSum is not the sum of the amounts", path=f"{path}/CtrlSum")
