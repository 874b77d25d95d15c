"""The message's header (GrpHdr), the same in every message: who sent it, and what it declares of the whole file."""

from decimal import Decimal
from typing import Final, NamedTuple

from approvals.model.remittance import InitiatingParty
from approvals.remittance.checks import check_texts
from approvals.remittance.fields import TextsOf
from approvals.remittance.parsing import Element
from approvals.remittance.refusals import ElementMissing
from approvals.remittance.schemas import Message
from approvals.remittance.totals import check_count, check_sum


class HeaderTexts(NamedTuple):
    """GrpHdr."""

    message_id: str
    created_at: str
    declared_count: str
    declared_sum: str
    party_name: str
    party_id: str


_HEADER: Final = HeaderTexts(
    message_id="n:MsgId",
    created_at="n:CreDtTm",
    declared_count="n:NbOfTxs",
    declared_sum="n:CtrlSum",
    party_name="n:InitgPty/n:Nm",
    party_id=(
        "n:InitgPty/n:Id/*/n:Othr/n:Id|n:InitgPty/n:Id/n:OrgId/n:LEI"
        "|n:InitgPty/n:Id/n:OrgId/n:AnyBIC|n:InitgPty/n:Id/n:OrgId/n:BICOrBEI"
    ),
)


class Header:
    """Kept from the beginning of the file to its end, when what it declares can be compared."""

    def __init__(self, message: Message) -> None:
        self._fields = TextsOf(_HEADER, message)
        self._texts: HeaderTexts | None = None

    def take(self, element: Element) -> None:
        """Raises CharacterRefused."""
        texts = HeaderTexts(*self._fields.read(element))
        check_texts(texts, "GrpHdr")
        self._texts = texts

    def whole(self, count: int, control_sum: Decimal) -> HeaderTexts:
        """Return it once the file has ended. Raises CountMismatch, ControlSumMismatch."""
        if self._texts is None:  # a valid message has one; asked again here, since a signature depends on it
            raise ElementMissing("the message has no header", path="GrpHdr")
        check_count(self._texts.declared_count, count, "GrpHdr")
        check_sum(self._texts.declared_sum, control_sum, "GrpHdr")
        return self._texts


def party_of(texts: HeaderTexts) -> InitiatingParty:
    return InitiatingParty(name=texts.party_name or None, id=texts.party_id or None)
