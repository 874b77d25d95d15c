"""CAP over EMV: what is read off the card, what the reader answers to its lists, and the code.

No CAP specification is public; the values are those that public transcripts of readers show (`tests/vectors`).
The bits kept and the digits shown are `approvals.cap.token`'s, the same for reader and bank.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from approvals.cap.token import CardResponse, TokenLayout, code_of, require_transaction_fields, sign_transaction_data
from approvals.errors import CapInputError, CapProfileError
from approvals.model.currency import ISO_4217_NUMBERS
from approvals.model.reader import CapMode, ReaderInput
from card_bridge.emv.apdu import ARQC
from card_bridge.emv.refusals import CardDeclined, CardNotBinding, ListMalformed, ObjectMissing
from card_bridge.emv.tlv import by_tag, one_object, read_objects, read_tag
from card_bridge.refusals import InputRefused

CODE_LENGTH: Final = 8
"""Digits a reader shows at least; no object of the card says how many."""
_MOST_RECORDS: Final = 32
_MOST_LIST_BYTES: Final = 252  # a command's data, and room for the GPO's own two bytes
_AMOUNT, _CURRENCY, _DATE, _NUMBER = 0x9F02, 0x5F2A, 0x9A, 0x9F37
_PAN, _TRACK_2 = 0x5A, 0x57
_LENGTHS: Final = {_AMOUNT: 6, _CURRENCY: 2, _DATE: 3, _NUMBER: 4}
READER_VALUES: Final = {
    0x95: bytes.fromhex("80"),  # TVR: offline data authentication was not performed
    0x9F34: bytes.fromhex("010002"),  # CVM results: PIN verified by the card, successful
    0x9F35: bytes.fromhex("34"),  # terminal type: unattended, offline only, run by the cardholder
    0x8A: b"Z3",  # authorisation response code: unable to go online, declined
}
"""What every reader sends, filled with zeros to the length asked; objects not named are zeros (EMV book 3, 5.4)."""


class Application(Enum):
    """The card applications that make codes, in the order they are looked for."""

    CAP = bytes.fromhex("A0000000048002")  # Mastercard
    DPA = bytes.fromhex("A0000000038002")  # Visa

    @property
    def date(self) -> bytes:
        """The date (9A) readers send: none for CAP, 1 January 01 for DPA."""
        return bytes.fromhex("010101" if self is Application.DPA else "000000")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFile:
    """Where one record stands: short file identifier and number."""

    file: int
    record: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCard:
    """What the records of one card say that a code needs; of its number the last four digits alone are kept."""

    application: Application
    layout: TokenLayout
    psn: str
    cdol1: bytes = field(repr=False)
    cdol2: bytes = field(repr=False)
    last4: str | None = None  # as it is printed; None where no record tells the number

    def values(self, typed: ReaderInput) -> Mapping[int, bytes]:
        """Object values for what was typed. Raises InputRefused, CardNotBinding."""
        _require_typed(self, typed)
        amount = f"{typed.amount or 0:012d}"
        currency = f"{ISO_4217_NUMBERS[typed.currency] if typed.currency else 0:04d}"
        return {
            **READER_VALUES,
            _AMOUNT: bytes.fromhex(amount),
            _CURRENCY: bytes.fromhex(currency),
            _DATE: self.application.date,
            _NUMBER: bytes.fromhex((typed.digits or "0").zfill(8)),
        }


def options_list(control_information: bytes) -> bytes:
    """The PDOL (9F38) of a SELECT's answer, empty where there is none. Raises CardMalformed."""
    return by_tag(one_object(control_information, 0x6F).inside).get(0x9F38, b"")


def record_places(options: bytes) -> tuple[CardFile, ...]:
    """The records a GET PROCESSING OPTIONS names, in either of its two forms (EMV book 3, 6.5.8.4).

    Raises CardMalformed, also for more records than any card has.
    """
    answer = one_object(options, 0x80, 0x77)
    locator = answer.value[2:] if answer.tag == 0x80 else _required(by_tag(answer.inside), 0x94)
    places = tuple(_places(locator))
    if not places or len(places) > _MOST_RECORDS:
        raise ListMalformed
    return places


def code_card(application: Application, records: Sequence[bytes]) -> CodeCard:
    """The card its records describe. Raises CardMalformed."""
    found = by_tag(template for record in records for template in one_object(record, 0x70).inside)
    psn = found.get(0x5F34, b"\x00")
    if len(psn) != 1 or not psn.hex().isdigit():
        raise ObjectMissing
    return CodeCard(
        application=application,
        layout=_layout(_required(found, 0x9F56), found.get(0x9F55, b"\x00")),
        psn=psn.hex(),
        cdol1=_required(found, 0x8C),
        cdol2=found.get(0x8D, b""),
        last4=_last4(found),
    )


def fill(listed: bytes, values: Mapping[int, bytes]) -> bytes:
    """The values a data object list asks for, one after the other (EMV book 3, 5.4). Raises ListMalformed."""
    return b"".join(values.get(tag, b"")[:length].ljust(length, b"\x00") for tag, length in _entries(listed))


def pin_tries(answer: bytes) -> int:
    """Tries left, of GET DATA 9F17. Raises CardMalformed."""
    value = one_object(answer, 0x9F17).value
    if len(value) != 1:
        raise ObjectMissing
    return value[0]


def card_response(card: CodeCard, answer: bytes) -> CardResponse:
    """A GENERATE AC's answer, in either of its two forms (EMV book 3, 6.5.5.4).

    Raises CardDeclined when it is no ARQC, CardMalformed when it is nothing.
    """
    cid, atc, cryptogram, iad = _parts(answer)
    if (len(cid), len(atc), len(cryptogram)) != (1, 2, 8):
        raise ObjectMissing
    if cid[0] & 0xC0 != ARQC:
        raise CardDeclined
    return CardResponse(psn=card.psn, cid=cid[0], atc=int.from_bytes(atc), cryptogram=cryptogram, iad=iad)


def code_shown(card: CodeCard, typed: ReaderInput, response: CardResponse) -> str:
    """The digits for the glass. Raises ObjectMissing when the answer is shorter than the bits kept of it."""
    if typed.mode is CapMode.TDS:
        response = replace(response, cryptogram=sign_transaction_data(response.cryptogram, typed.fields))
    try:
        return code_of(card.layout, response)
    except CapInputError:
        raise ObjectMissing from None


def _require_typed(card: CodeCard, typed: ReaderInput) -> None:
    lengths = dict(_entries(card.cdol1))
    if any(lengths.get(tag, length) != length for tag, length in _LENGTHS.items()):
        raise ListMalformed
    _require_form(card, typed)
    asked = {_NUMBER: typed.digits, _AMOUNT: typed.amount, _CURRENCY: typed.currency}
    if any(value and tag not in lengths for tag, value in asked.items()):
        raise CardNotBinding


def _require_form(card: CodeCard, typed: ReaderInput) -> None:
    """Each mode takes its own inputs, all of them and no others: what is dropped would look bound."""
    signs = typed.mode is CapMode.SIGN
    takes_digits = signs or typed.mode is CapMode.RESPOND
    if not takes_digits == _is_challenge(typed.digits) or (typed.digits and not takes_digits):
        raise InputRefused
    if signs != _is_amount(typed.amount) or (typed.amount is not None and not signs):
        raise InputRefused
    if signs and not card.layout.is_amount_asked:
        raise InputRefused
    if (signs and card.layout.is_currency_asked) != (typed.currency in ISO_4217_NUMBERS):
        raise InputRefused
    _require_fields(typed)


def _require_fields(typed: ReaderInput) -> None:
    if typed.mode is not CapMode.TDS and not typed.fields:
        return
    try:
        require_transaction_fields(typed.fields)
    except CapInputError:
        raise InputRefused from None
    if typed.mode is not CapMode.TDS:
        raise InputRefused


def _is_challenge(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= 8 and int(digits) > 0


def _is_amount(amount: int | None) -> bool:
    return amount is not None and 0 < amount < 10**12


def _entries(listed: bytes) -> Iterator[tuple[int, int]]:
    """Tag and length of each entry of a data object list. Raises CardMalformed."""
    rest, total = listed, 0
    while rest:
        tag, rest = read_tag(rest)
        if not rest:
            raise ListMalformed
        length, rest = rest[0], rest[1:]
        total += length
        if total > _MOST_LIST_BYTES:
            raise ListMalformed
        yield tag, length


def _places(locator: bytes) -> Iterator[CardFile]:
    """Every record an AFL names (EMV book 3, 10.2)."""
    if len(locator) % 4:
        raise ListMalformed
    for start in range(0, len(locator), 4):
        file, first, last, _ = locator[start : start + 4]
        if file & 0x07 or not 1 <= file >> 3 <= 30 or not 1 <= first <= last:
            raise ListMalformed
        yield from (CardFile(file=file >> 3, record=record) for record in range(first, last + 1))


def _last4(found: Mapping[int, bytes]) -> str | None:
    """The last digits of the number (5A), or of track 2's (57), where a record holds one (EMV book 3, annex A)."""
    if _PAN in found:
        number = found[_PAN].hex().rstrip("f")
    elif _TRACK_2 in found:
        number = found[_TRACK_2].hex().partition("d")[0]
    else:
        return None
    if not number.isdigit() or not 8 <= len(number) <= 19:
        raise ObjectMissing
    return number[-4:]


def _layout(bitmap: bytes, flags: bytes) -> TokenLayout:
    try:
        return TokenLayout(bitmap=bitmap, flags=int.from_bytes(flags), code_length=CODE_LENGTH)
    except CapProfileError:
        raise ObjectMissing from None


def _parts(answer: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    (template,) = read_objects(answer)[:1] or (None,)
    if template is None or template.tag not in {0x80, 0x77}:
        raise ObjectMissing
    if template.tag == 0x80:
        value = template.value
        return value[:1], value[1:3], value[3:11], value[11:]
    found = by_tag(template.inside)
    return _required(found, 0x9F27), _required(found, 0x9F36), _required(found, 0x9F26), found.get(0x9F10, b"")


def _required(found: Mapping[int, bytes], tag: int) -> bytes:
    if tag not in found:
        raise ObjectMissing
    return found[tag]
