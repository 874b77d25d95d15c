"""What a card enciphers for what was typed, and the cryptogram it answers.

The card's key is given; turning the cryptogram into digits is `token`'s.
"""

from typing import Final, assert_never

from approvals.cap.des import retail_mac
from approvals.cap.keys import derive_session_key
from approvals.cap.profile import CapProfile, DataObject, Tag
from approvals.cap.token import require_transaction_fields
from approvals.errors import AmountNotSignable, CapInputError
from approvals.model.currency import ISO_4217_NUMBERS
from approvals.model.reader import CapMode, ReaderInput

MOST_CHALLENGE_DIGITS: Final = 8
_MOST_AMOUNT_DIGITS: Final = 12
_CONSTANTS: Final = {
    Tag.VERIFICATION_RESULTS: bytes.fromhex("80"),  # offline data authentication was not performed
    Tag.CVM_RESULTS: bytes.fromhex("010002"),  # PIN verified by the card, successful
    Tag.TERMINAL_TYPE: bytes.fromhex("34"),  # unattended, offline only, run by the cardholder
}
"""What every reader sends, filled with zeros to the length asked; the objects not named here are zeros."""


def terminal_values(profile: CapProfile, typed: ReaderInput) -> bytes:
    """The CDOL1 values a reader sends to the card for what was typed.

    Raises CapInputError when this card has no such mode, when a challenge is not 1 to 8 ASCII digits above zero,
    or when an amount is missing or too much; AmountNotSignable when it has more than 12 digits.
    """
    _require_answerable(profile, typed)
    return b"".join(_terminal_value(profile, typed, item) for item in profile.cdol1)


def card_values(profile: CapProfile, atc: int) -> bytes:
    """What the card adds of its own: AIP, counter and the results of a verified PIN."""
    return profile.aip + atc.to_bytes(2) + profile.card_results


def cryptogram_for(profile: CapProfile, card_key: bytes, *, atc: int, message: bytes) -> bytes:
    """The 8-byte application cryptogram over `message`: the terminal's values, then the card's.

    EMV book 2, 8.1.2. Raises CapKeyError when the card key has not 16 bytes.
    """
    number = profile.unpredictable_number(message)
    key = derive_session_key(profile.session_key, card_key, atc=atc, unpredictable_number=number)
    return retail_mac(key, message, profile.padding)


def _terminal_value(profile: CapProfile, typed: ReaderInput, item: DataObject) -> bytes:
    match item.tag:
        case Tag.AMOUNT:
            return _bcd(typed.amount or 0, item.length)
        case Tag.CURRENCY:
            return _bcd(ISO_4217_NUMBERS[typed.currency] if typed.currency else 0, item.length)
        case Tag.UNPREDICTABLE_NUMBER:
            return _bcd(int(typed.digits or "0"), item.length)
        case Tag.DATE:
            return profile.application.transaction_date
        case _:
            return _CONSTANTS.get(item.tag, b"").ljust(item.length, b"\x00")


def _bcd(number: int, length: int) -> bytes:
    return bytes.fromhex(f"{number:0{length * 2}d}")


def _require_answerable(profile: CapProfile, typed: ReaderInput) -> None:
    if typed.mode not in profile.modes:
        raise CapInputError(f"profile {profile.id} has no {typed.mode} mode")
    _require_nothing_else(typed)
    match typed.mode:
        case CapMode.IDENTIFY:
            pass
        case CapMode.RESPOND:
            _require_challenge(typed.digits)
        case CapMode.SIGN:
            _require_challenge(typed.digits)
            _require_amount(profile, typed)
        case CapMode.TDS:
            require_transaction_fields(typed.fields)
        case _:
            assert_never(typed.mode)


def _require_nothing_else(typed: ReaderInput) -> None:
    """What the mode does not take is refused, never dropped: it would look bound and not be."""
    foreign = (
        typed.digits and typed.mode in {CapMode.IDENTIFY, CapMode.TDS},
        (typed.amount is not None or typed.currency is not None) and typed.mode is not CapMode.SIGN,
        typed.fields and typed.mode is not CapMode.TDS,
    )
    if any(foreign):
        raise CapInputError(f"the {typed.mode} mode does not take all that was to be typed")


def _require_challenge(digits: str) -> None:
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= MOST_CHALLENGE_DIGITS
    if not is_number or int(digits) == 0:
        raise CapInputError("a challenge has 1 to 8 digits and is not zero")


def _require_amount(profile: CapProfile, typed: ReaderInput) -> None:
    if typed.amount is None or typed.amount <= 0:
        raise CapInputError("an amount to sign is above zero")
    if len(str(typed.amount)) > _MOST_AMOUNT_DIGITS:
        raise AmountNotSignable("an amount to sign has at most 12 digits")
    if profile.layout.is_currency_asked != (typed.currency is not None):
        raise CapInputError(f"profile {profile.id} asks the currency with the amount, or neither")
    if typed.currency is not None and typed.currency not in ISO_4217_NUMBERS:
        raise CapInputError("a reader is not asked to type this currency")
