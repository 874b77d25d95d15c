"""The elements of a direct debit message (pain.008) in file order -> what of them is signed (RULES 20).

Nobody is paid, so no order is handed out: debtors go into the digest, amounts into the sums.
"""

import re
from datetime import date
from typing import Final, NamedTuple

from approvals.model.collection import Collection, CollectionFormat, Creditor
from approvals.model.money import DECIMALS, in_main_unit
from approvals.model.remittance import RemittanceRules
from approvals.remittance.checks import amount_of, check_texts, day_of, iban_of
from approvals.remittance.collecting import Creditors, CreditorTotals
from approvals.remittance.fields import TextsOf
from approvals.remittance.header import Header, party_of
from approvals.remittance.parsing import Element
from approvals.remittance.refusals import (
    BlockDuplicated,
    CreditorIdInvalid,
    CreditorIdMixed,
    CurrencyMixed,
    ElementMissing,
    ElementNotTaken,
    TooManyBlocks,
)
from approvals.remittance.schemas import qualified
from approvals.remittance.totals import check_count, check_sum


class DebitTexts(NamedTuple):
    """DrctDbtTxInf; a missing element is an empty text."""

    end_to_end_id: str
    amount: str
    currency: str
    mandate: str
    creditor_id: str
    debtor: str
    iban: str


class BlockTexts(NamedTuple):
    """PmtInf, but for its orders."""

    payment_information_id: str
    declared_count: str
    declared_sum: str
    due: str
    creditor: str
    iban: str
    creditor_id: str


_DEBIT: Final = DebitTexts(
    end_to_end_id="n:PmtId/n:EndToEndId",
    amount="n:InstdAmt",
    currency="n:InstdAmt/@Ccy",
    mandate="n:DrctDbtTx/n:MndtRltdInf/n:MndtId",
    creditor_id="n:DrctDbtTx/n:CdtrSchmeId/n:Id/n:PrvtId/n:Othr/n:Id",
    debtor="n:Dbtr/n:Nm",
    iban="n:DbtrAcct/n:Id/n:IBAN",
)
_BLOCK: Final = BlockTexts(
    payment_information_id="n:PmtInfId",
    declared_count="n:NbOfTxs",
    declared_sum="n:CtrlSum",
    due="n:ReqdColltnDt",
    creditor="n:Cdtr/n:Nm",
    iban="n:CdtrAcct/n:Id/n:IBAN",
    creditor_id="n:CdtrSchmeId/n:Id/n:PrvtId/n:Othr/n:Id",
)
_ICS: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}")


class _OpenBlock:
    """One block while its orders go by."""

    def __init__(self, texts: BlockTexts, creditor: Creditor, due: date, totals: CreditorTotals, path: str) -> None:
        self.texts = texts
        self.creditor = creditor
        self.due = due
        self.totals = totals
        self.path = path
        self._count = 0
        self._total = 0

    def add(self, position: int, debit: DebitTexts, iban: str, amount: int) -> None:
        """Raises AmountNotSignable."""
        self._count += 1
        self._total += amount
        line = (position, self.texts.payment_information_id, debit.end_to_end_id, debit.mandate, debit.debtor, iban)
        self.totals.add((*line, amount, debit.currency), amount, self.due)

    def end(self) -> None:
        """Raises CountMismatch, ControlSumMismatch."""
        check_count(self.texts.declared_count, self._count, self.path)
        check_sum(self.texts.declared_sum, in_main_unit(self._total, DECIMALS[self.totals.currency]), self.path)


class DebitContents:
    """Takes the header, then the orders and the end of each block, as `Parsing` yields them."""

    def __init__(self, message: CollectionFormat, rules: RemittanceRules) -> None:
        self._message = message
        self._rules = rules
        self._header = Header(message)
        self._debits = TextsOf(_DEBIT, message)
        self._blocks = TextsOf(_BLOCK, message)
        self._tags = {qualified(message, name): name for name in ("GrpHdr", "PmtInf", "DrctDbtTxInf", "SplmtryData")}
        self._creditors = Creditors(rules.most_groups)
        self._block_ids: set[str] = set()
        self._block: _OpenBlock | None = None
        self._position = 0

    def take(self, element: Element) -> None:
        """Raises a RemittanceError, AmountNotSignable."""
        match self._tags[str(element.tag)]:
            case "DrctDbtTxInf":
                self._take_debit(element)
            case "PmtInf":
                self._end_block()
            case "GrpHdr":
                self._header.take(element)
            case _:
                path = f"after DrctDbtTxInf[{self._position}]"
                raise ElementNotTaken("supplementary data is refused", path=path)

    def whole(self) -> Collection:
        """Return what the file said, once it has ended. Raises CountMismatch, ControlSumMismatch."""
        header = self._header.whole(self._position, self._creditors.control_sum)
        return Collection(
            format=self._message,
            message_id=header.message_id,
            created_at=header.created_at,
            initiating_party=party_of(header),
            groups=self._creditors.all(),
        )

    def _take_debit(self, element: Element) -> None:
        self._position += 1
        path = f"DrctDbtTxInf[{self._position}]"
        texts = DebitTexts(*self._debits.read(element))
        check_texts(texts, path)
        if not texts.debtor:
            raise ElementMissing("the debtor's name is missing", path=f"{path}/Dbtr/Nm")
        amount = amount_of(texts.amount, texts.currency, f"{path}/InstdAmt")
        block = self._block or self._begin_block(element, texts)
        if texts.currency != block.totals.currency:
            raise CurrencyMixed("two currencies inside one block", path=f"{path}/InstdAmt")
        if texts.creditor_id not in {"", block.creditor.identifier}:
            raise CreditorIdMixed("two creditor identifiers inside one block", path=f"{path}/DrctDbtTx/CdtrSchmeId")
        block.add(self._position, texts, iban_of(texts.iban, f"{path}/DbtrAcct"), amount)

    def _begin_block(self, first_order: Element, first: DebitTexts) -> _OpenBlock:
        """Read the block's header, which stands before its first order."""
        path = f"PmtInf[{len(self._block_ids) + 1}]"
        texts = self._block_texts(first_order, path)
        creditor = Creditor(
            name=texts.creditor or None,
            iban=iban_of(texts.iban, f"{path}/CdtrAcct"),
            identifier=_creditor_id_of(texts.creditor_id or first.creditor_id, f"{path}/CdtrSchmeId"),
        )
        due = day_of(texts.due, f"{path}/ReqdColltnDt")
        totals = self._creditors.of(creditor, first.currency)
        totals.begin_block(texts.payment_information_id)
        self._block = _OpenBlock(texts, creditor, due, totals, path)
        return self._block

    def _block_texts(self, first_order: Element, path: str) -> BlockTexts:
        element = first_order.getparent()
        if element is None:
            raise ElementMissing("an order stands outside any block", path=path)
        if len(self._block_ids) == self._rules.most_blocks:
            raise TooManyBlocks(f"more than {self._rules.most_blocks} blocks", path=path)
        texts = BlockTexts(*self._blocks.read(element))
        check_texts(texts, path)
        if texts.payment_information_id in self._block_ids:
            raise BlockDuplicated("two blocks bear the same PmtInfId", path=f"{path}/PmtInfId")
        self._block_ids.add(texts.payment_information_id)
        return texts

    def _end_block(self) -> None:
        if self._block is None:
            raise ElementMissing("a block holds no order", path=f"PmtInf[{len(self._block_ids) + 1}]")
        self._block.end()
        self._block = None


def _creditor_id_of(text: str, path: str) -> str:
    """Return the ICS; its check digits leave the business code (5 to 7) out. Raises CreditorIdInvalid."""
    if not _ICS.fullmatch(text):
        raise CreditorIdInvalid("a creditor identifier (ICS) is needed", path=path)
    if int("".join(str(int(each, 36)) for each in text[7:] + text[:4])) % 97 != 1:  # ISO 7064 MOD 97-10
        raise CreditorIdInvalid("the creditor identifier's check digits are wrong", path=path)
    return text
