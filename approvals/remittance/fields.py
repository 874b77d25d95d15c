"""Which element of a credit transfer message holds what: the texts of one block or order, unjudged.

A missing element is an empty text. Both formats are read by the same paths: what they name differently is
named twice.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from lxml import etree

from approvals.remittance.parsing import Element
from approvals.remittance.refusals import CharacterRefused
from approvals.remittance.schemas import Message, namespace

_BETWEEN: Final = "\ufdd0"  # a Unicode noncharacter: nobody's text holds it, and XML lets it stand in ours


class OrderTexts(NamedTuple):
    """CdtTrfTxInf. `address_lines` is not empty when a party's address has any, `not_taken` counts elements."""

    end_to_end_id: str
    amount: str
    currency: str
    name: str
    iban: str
    bic: str
    country: str
    category_purpose: str
    free_text: str
    creditor_reference: str
    address_lines: str
    not_taken: str


class BlockTexts(NamedTuple):
    """PmtInf, but for its orders."""

    payment_information_id: str
    method: str
    batch_booking: str
    declared_count: str
    declared_sum: str
    category_purpose: str
    execution_date: str
    debtor_name: str
    debtor_iban: str


_ORDER: Final = OrderTexts(
    end_to_end_id="n:PmtId/n:EndToEndId",
    amount="n:Amt/n:InstdAmt",
    currency="n:Amt/n:InstdAmt/@Ccy",
    name="n:Cdtr/n:Nm",
    iban="n:CdtrAcct/n:Id/n:IBAN",
    bic="n:CdtrAgt/n:FinInstnId/n:BICFI|n:CdtrAgt/n:FinInstnId/n:BIC",
    country="n:Cdtr/n:PstlAdr/n:Ctry",
    category_purpose="n:PmtTpInf/n:CtgyPurp/n:Cd",
    free_text="n:RmtInf/n:Ustrd",
    creditor_reference="n:RmtInf/n:Strd/n:CdtrRefInf/n:Ref",
    address_lines="*/n:PstlAdr/n:AdrLine",
    not_taken="count(n:Amt/n:EqvtAmt|n:ChqInstr)",
)
_BLOCK: Final = BlockTexts(
    payment_information_id="n:PmtInfId",
    method="n:PmtMtd",
    batch_booking="n:BtchBookg",
    declared_count="n:NbOfTxs",
    declared_sum="n:CtrlSum",
    category_purpose="n:PmtTpInf/n:CtgyPurp/n:Cd",
    execution_date="n:ReqdExctnDt",  # .09 has the day in Dt or DtTm, .03 here
    debtor_name="n:Dbtr/n:Nm",
    debtor_iban="n:DbtrAcct/n:Id/n:IBAN",
)


class Fields:
    """Reads the texts of one message's elements."""

    def __init__(self, message: Message) -> None:
        self._order = TextsOf(_ORDER, message)
        self._block = TextsOf(_BLOCK, message)

    def order(self, element: Element) -> OrderTexts:
        return OrderTexts(*self._order.read(element))

    def block(self, element: Element) -> BlockTexts:
        return BlockTexts(*self._block.read(element))


class TextsOf:
    """Reads so many paths of one kind of element. One expression an element: measured as the quickest exact way."""

    def __init__(self, paths: Sequence[str], message: Message) -> None:
        between = f",'{_BETWEEN}',"
        names = {"n": namespace(message)}
        self._expected = len(paths)
        self._texts = etree.XPath(f"concat({between.join(paths)})", namespaces=names, smart_strings=False)

    def read(self, element: Element) -> list[str]:
        """Raises CharacterRefused when a text held our separator, which would shift one field into another."""
        values = str(self._texts(element)).split(_BETWEEN)
        if len(values) != self._expected:
            raise CharacterRefused("a text holds a Unicode noncharacter")
        return values
