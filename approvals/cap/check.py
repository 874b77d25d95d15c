"""The check of one code: is it the one the card shows next, for what was to be typed.

One code names one counter and buys one comparison. Spending the attempt before, and moving the counter after,
is the desk's; the reason of a wrong code is for the audit, the caller is told one thing (RULES 10).
"""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from approvals.cap.cryptogram import card_values, terminal_values
from approvals.cap.profile import LAST_ATC, CapProfile
from approvals.cap.token import ARQC, CardResponse, TokenLayout, TokenParts, code_of, sign_transaction_data, split_code
from approvals.model.reader import CapMode, ReaderInput

Cryptogram = Callable[[int, bytes], bytes]
"""From a counter and the cryptogram's input to its 8 bytes, under the key of the one card being checked."""


class WrongCode(StrEnum):
    """Why a code is not the one awaited: the audit's own word, never the caller's."""

    LENGTH = "cap_length"
    NOT_DIGITS = "cap_not_digits"
    BEYOND_BITMAP = "cap_beyond_bitmap"
    ATC_REPLAYED = "cap_atc_replayed"
    ATC_OUT_OF_WINDOW = "cap_atc_out_of_window"
    CRYPTOGRAM_MISMATCH = "cap_cryptogram_mismatch"
    IAD_MISMATCH = "cap_iad_mismatch"  # right cryptogram, other results: another card state than a verified PIN
    HEADER_MISMATCH = "cap_header_mismatch"  # right cryptogram, other sequence number or kind of cryptogram
    NOT_CONSECUTIVE = "cap_not_consecutive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """The code is right; `atc` is the counter to move to, in the transaction that accepts it."""

    atc: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """The code is wrong, and why: for the audit alone."""

    reason: WrongCode


Outcome = Right | Wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCard:
    """The card being checked: its kind, its two-digit sequence number, the last counter consumed, its key."""

    profile: CapProfile
    psn: str
    last_atc: int
    cryptogram: Cryptogram


def check_code(card: CheckedCard, typed: ReaderInput, code: str) -> Outcome:
    """Compare the code with the only one that fits its counter bits, in constant time.

    Raises CapInputError when `typed` is nothing this card answers: the operation asked wrongly, not the person.
    """
    terminal = terminal_values(card.profile, typed)
    parts = _read(card.profile.layout, code)
    if isinstance(parts, Wrong):
        return parts
    atc = _awaited_atc(card, parts.atc)
    if isinstance(atc, Wrong):
        return atc
    expected = _expected_code(card, typed, terminal, atc)
    if hmac.compare_digest(expected, code):
        return Right(atc=atc)
    return Wrong(reason=_mismatch(card, parts, expected))


def is_code_at(card: CheckedCard, typed: ReaderInput, atc: int, is_it: Callable[[str], bool]) -> bool:
    """Compute the code of one counter again and let it be compared; it is told to nobody else (RULES 29)."""
    return is_it(_expected_code(card, typed, terminal_values(card.profile, typed), atc))


def resynchronise(card: CheckedCard, first: str, second: str) -> Outcome:
    """Find the two consecutive counters of two CODE (Identify) codes, ahead as far as the profile allows.

    The outcome holds the second counter: both are consumed. Its first code's bits leave one counter in
    2^ATC-bits to try, and both codes must be right at it, so the wider search buys no better guess than one
    code does.
    """
    layout = card.profile.layout
    read = (_read(layout, first), _read(layout, second))
    if isinstance(read[0], Wrong):
        return read[0]
    if isinstance(read[1], Wrong):
        return read[1]
    if (read[1].atc - read[0].atc) % (1 << layout.atc_bits) != 1:
        return Wrong(reason=WrongCode.NOT_CONSECUTIVE)
    for atc in _distant_atcs(card, read[0].atc):
        if _is_identify_code(card, atc, first) & _is_identify_code(card, atc + 1, second):
            return Right(atc=atc + 1)
    return Wrong(reason=WrongCode.CRYPTOGRAM_MISMATCH)


def _read(layout: TokenLayout, code: str) -> TokenParts | Wrong:
    if len(code) != layout.code_length:
        return Wrong(reason=WrongCode.LENGTH)
    if not (code.isascii() and code.isdigit()):
        return Wrong(reason=WrongCode.NOT_DIGITS)
    return split_code(layout, code) or Wrong(reason=WrongCode.BEYOND_BITMAP)


def _awaited_atc(card: CheckedCard, low_bits: int) -> int | Wrong:
    """The first counter after the last one that ends in these bits, if the window holds it."""
    whole = 1 << card.profile.atc_bits
    behind = (card.last_atc - low_bits) % whole
    ahead = whole - behind
    if ahead <= card.profile.effective_window and card.last_atc + ahead <= LAST_ATC:
        return card.last_atc + ahead
    is_older = behind < ahead
    return Wrong(reason=WrongCode.ATC_REPLAYED if is_older else WrongCode.ATC_OUT_OF_WINDOW)


def _expected_code(card: CheckedCard, typed: ReaderInput, terminal: bytes, atc: int) -> str:
    cryptogram = card.cryptogram(atc, terminal + card_values(card.profile, atc))
    if typed.mode is CapMode.TDS:
        cryptogram = sign_transaction_data(cryptogram, typed.fields)
    response = CardResponse(psn=card.psn, cid=ARQC, atc=atc, cryptogram=cryptogram, iad=card.profile.iad)
    return code_of(card.profile.layout, response)


def _mismatch(card: CheckedCard, parts: TokenParts, expected: str) -> WrongCode:
    """Name the difference, for the audit.

    The last code again is known by its counter bits: where the window is whole, they name a counter ahead too.
    """
    awaited = split_code(card.profile.layout, expected)
    if awaited is not None and parts.cryptogram == awaited.cryptogram:
        return WrongCode.IAD_MISMATCH if parts.iad != awaited.iad else WrongCode.HEADER_MISMATCH
    is_last_again = (card.last_atc - parts.atc) % (1 << card.profile.atc_bits) == 0
    return WrongCode.ATC_REPLAYED if is_last_again else WrongCode.CRYPTOGRAM_MISMATCH


def _distant_atcs(card: CheckedCard, low_bits: int) -> Iterator[int]:
    whole = 1 << card.profile.atc_bits
    start = card.last_atc + whole - (card.last_atc - low_bits) % whole
    furthest = min(card.last_atc + card.profile.max_resync_distance, LAST_ATC)
    yield from range(start, furthest, whole)  # the second counter, one further, is within reach too


def _is_identify_code(card: CheckedCard, atc: int, code: str) -> bool:
    typed = ReaderInput(mode=CapMode.IDENTIFY)
    expected = _expected_code(card, typed, terminal_values(card.profile, typed), atc)
    return hmac.compare_digest(expected, code)
