"""Elements in file order -> orders, and in the end the remittance: which block and group each order belongs to."""

from typing import NoReturn

from approvals.model.remittance import PaymentOrder, Remittance, RemittanceFormat, RemittanceRules
from approvals.remittance.blocks import BlockHeader, OpenBlock, header_of
from approvals.remittance.checks import amount_of, check_texts, has_unstructured_address, iban_of
from approvals.remittance.fields import Fields, OrderTexts
from approvals.remittance.header import Header, party_of
from approvals.remittance.parsing import Element
from approvals.remittance.refusals import (
    AddressUnstructured,
    BlockDuplicated,
    CurrencyMixed,
    ElementMissing,
    ElementNotTaken,
    TooManyBlocks,
)
from approvals.remittance.schemas import qualified
from approvals.remittance.totals import Groups


class Contents:
    """Takes the header, then the orders and the end of each block, as `Parsing` yields them."""

    def __init__(self, message: RemittanceFormat, rules: RemittanceRules) -> None:
        self._message = message
        self._rules = rules
        self._fields = Fields(message)
        self._order_tag = qualified(message, "CdtTrfTxInf")
        self._block_tag = qualified(message, "PmtInf")
        self._header_tag = qualified(message, "GrpHdr")
        self._header = Header(message)
        self._block: OpenBlock | None = None
        self._block_ids: set[str] = set()
        self._groups = Groups(rules.most_groups)
        self._position = 0

    def take(self, element: Element) -> PaymentOrder | None:
        """Return the order this element is, or None for a header or a block's end. Raises a RemittanceError."""
        if element.tag == self._order_tag:
            return self._take_order(element)
        if element.tag == self._block_tag:
            self._end_block()
        elif element.tag == self._header_tag:
            self._take_header(element)
        else:
            self._refuse_supplement()
        return None

    def whole(self) -> Remittance:
        """Return what the file said, once it has ended. Raises CountMismatch, ControlSumMismatch."""
        header = self._header.whole(self._position, self._groups.control_sum)
        return Remittance(
            format=self._message,
            message_id=header.message_id,
            created_at=header.created_at,
            initiating_party=party_of(header),
            groups=self._groups.all(),
        )

    def _take_header(self, element: Element) -> None:
        self._header.take(element)
        self._check_addresses(element, "GrpHdr")

    def _refuse_supplement(self) -> NoReturn:
        """Its content is free: whole blocks could stand in it that look like orders here and are none for the core."""
        raise ElementNotTaken("supplementary data is refused", path=f"after CdtTrfTxInf[{self._position}]")

    def _take_order(self, element: Element) -> PaymentOrder:
        self._position += 1
        path = f"CdtTrfTxInf[{self._position}]"
        texts = self._fields.order(element)
        check_order(texts, path)
        block = self._block or self._begin_block(element, texts.currency)
        if texts.currency != block.group.currency:
            raise CurrencyMixed("two currencies inside one block", path=f"{path}/Amt")
        unstructured = bool(texts.address_lines) and self._check_addresses(element, path)
        order = self._order(texts, block, path, unstructured=unstructured)
        block.add(order)
        return order

    def _order(self, texts: OrderTexts, block: OpenBlock, path: str, *, unstructured: bool) -> PaymentOrder:
        return PaymentOrder(
            group=block.group.index,
            position=self._position,
            payment_information_id=block.header.payment_information_id,
            end_to_end_id=texts.end_to_end_id,
            name=texts.name,
            iban=iban_of(texts.iban, f"{path}/CdtrAcct"),
            bic=texts.bic or None,
            country=texts.country or None,
            amount=amount_of(texts.amount, texts.currency, f"{path}/Amt"),
            currency=texts.currency,
            category_purpose=texts.category_purpose or block.header.category_purpose,
            reference=texts.free_text or texts.creditor_reference or None,
            unstructured_address=unstructured,
        )

    def _begin_block(self, first_order: Element, currency: str) -> OpenBlock:
        """Read the block's header, which stands before its first order."""
        header = self._block_header(first_order)
        self._block_ids.add(header.payment_information_id)
        self._block = OpenBlock(header, self._groups.of(header.debtor_iban, currency))
        return self._block

    def _block_header(self, first_order: Element) -> BlockHeader:
        path = f"PmtInf[{len(self._block_ids) + 1}]"
        element = first_order.getparent()
        if element is None:
            raise ElementMissing("an order stands outside any block", path=path)
        if len(self._block_ids) == self._rules.most_blocks:
            raise TooManyBlocks(f"more than {self._rules.most_blocks} blocks", path=path)
        header = header_of(self._fields.block(element), path)
        if header.payment_information_id in self._block_ids:
            raise BlockDuplicated("two blocks bear the same PmtInfId", path=f"{path}/PmtInfId")
        self._check_addresses(element, path)
        return header

    def _end_block(self) -> None:
        if self._block is None:
            raise ElementMissing("a block holds no order", path=f"PmtInf[{len(self._block_ids) + 1}]")
        self._block.end()
        self._block = None

    def _check_addresses(self, element: Element, path: str) -> bool:
        """Return whether an unstructured address was let through. Raises AddressUnstructured."""
        if not has_unstructured_address(element, self._message):
            return False
        if self._message not in self._rules.unstructured_addresses_in:
            raise AddressUnstructured("address lines need town and country beside them, two at most", path=path)
        return True


def check_order(texts: OrderTexts, path: str) -> None:
    """What can be said of the texts alone. Raises ElementNotTaken, ElementMissing, CharacterRefused."""
    if texts.not_taken != "0":
        raise ElementNotTaken("no cheque or equivalent amount in a credit transfer", path=path)
    if not texts.name:
        raise ElementMissing("the payee's name is missing", path=f"{path}/Cdtr/Nm")
    check_texts(texts, path)
