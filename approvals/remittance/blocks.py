"""One payment block (PmtInf) while its orders go by: its header is checked first, its count and sum at its end."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from approvals.model.iban import Iban
from approvals.model.money import DECIMALS, in_main_unit
from approvals.model.remittance import Block, PaymentOrder
from approvals.remittance.checks import check_texts, day_of, iban_of
from approvals.remittance.fields import BlockTexts
from approvals.remittance.refusals import ElementNotTaken
from approvals.remittance.totals import GroupTotals, check_count, check_sum

_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}  # xs:boolean


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockHeader:
    """What stands before a block's orders; `path` names the block in errors ("PmtInf[2]")."""

    path: str
    payment_information_id: str
    debtor_name: str | None
    debtor_iban: Iban
    execution_date: date
    category_purpose: str | None
    batch_booking: bool | None
    declared_count: str
    declared_sum: str


def header_of(texts: BlockTexts, path: str) -> BlockHeader:
    """Raises a RemittanceError when the block cannot be taken."""
    if texts.method != "TRF":
        raise ElementNotTaken("only credit transfers (TRF) are taken", path=f"{path}/PmtMtd")
    check_texts((texts.payment_information_id, texts.debtor_name, texts.category_purpose), path)
    return BlockHeader(
        path=path,
        payment_information_id=texts.payment_information_id,
        debtor_name=texts.debtor_name or None,
        debtor_iban=iban_of(texts.debtor_iban, f"{path}/DbtrAcct"),
        execution_date=day_of(texts.execution_date, f"{path}/ReqdExctnDt"),
        category_purpose=texts.category_purpose or None,
        batch_booking=_BOOLEANS.get(texts.batch_booking.strip()),
        declared_count=texts.declared_count,
        declared_sum=texts.declared_sum,
    )


class OpenBlock:
    """Counts a block's orders, for itself and for its group."""

    def __init__(self, header: BlockHeader, group: GroupTotals) -> None:
        self.header = header
        self.group = group
        self._count = 0
        self._total = 0

    def add(self, order: PaymentOrder) -> None:
        """Raises AmountNotSignable (RULES 17)."""
        self._count += 1
        self._total += order.amount
        self.group.add(order)

    def end(self) -> None:
        """Raises CountMismatch, ControlSumMismatch."""
        check_count(self.header.declared_count, self._count, self.header.path)
        total = in_main_unit(self._total, DECIMALS[self.group.currency])
        check_sum(self.header.declared_sum, total, self.header.path)
        self.group.end_block(self._block())

    def _block(self) -> Block:
        return Block(
            payment_information_id=self.header.payment_information_id,
            debtor_name=self.header.debtor_name,
            debtor_iban=self.header.debtor_iban,
            currency=self.group.currency,
            execution_date=self.header.execution_date,
            category_purpose=self.header.category_purpose,
            batch_booking=self.header.batch_booking,
            count=self._count,
            total=self._total,
        )
