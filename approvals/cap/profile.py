"""What varies from one kind of card to the next, checked when it is built.

Read from configuration by `tables`; chosen by the card number's first digits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from approvals.cap.des import Padding
from approvals.cap.keys import CardKeyOption, KeyTree, SessionKeyDerivation
from approvals.cap.token import TokenLayout
from approvals.errors import CapProfileError, CapProfileUnknown
from approvals.model.ids import ProfileId
from approvals.model.reader import CapMode

LAST_ATC: Final = 0xFFFF
"""The counter's end: a chip refuses to answer beyond it (EMV book 3, 6.5.5)."""
_FEWEST_CRYPTOGRAM_BITS: Final = 16
_FURTHEST_RESYNC: Final = 1000


class Application(StrEnum):
    """The card application a reader selects."""

    CAP = "CAP"  # Mastercard, A0000000048002
    DPA = "DPA"  # Visa, A0000000038002

    @property
    def transaction_date(self) -> bytes:
        """The date (9A) readers send to it: none for CAP, 1 January 01 for DPA."""
        return bytes.fromhex("010101" if self is Application.DPA else "000000")


class Tag(IntEnum):
    """The data objects a CDOL1 may ask a reader for (EMV book 3, annex A)."""

    AMOUNT = 0x9F02
    OTHER_AMOUNT = 0x9F03
    TERMINAL_COUNTRY = 0x9F1A
    VERIFICATION_RESULTS = 0x95
    CURRENCY = 0x5F2A
    DATE = 0x9A
    TYPE = 0x9C
    UNPREDICTABLE_NUMBER = 0x9F37
    CVM_RESULTS = 0x9F34
    TERMINAL_TYPE = 0x9F35
    DATA_AUTHENTICATION_CODE = 0x9F45
    ICC_DYNAMIC_NUMBER = 0x9F4C


_LENGTHS: Final = {Tag.AMOUNT: 6, Tag.CURRENCY: 2, Tag.DATE: 3, Tag.UNPREDICTABLE_NUMBER: 4}
"""Of the objects a profile's own values fill, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataObject:
    """One entry of a CDOL1: which object, on how many bytes."""

    tag: Tag
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CapProfile:
    """One kind of card. Raises CapProfileError when its parts contradict each other.

    `bins` are the first digits of the card numbers it serves. `aip` (82) and `card_results` are what the card
    itself adds to a cryptogram, before and after its counter: the results are the CVR alone (Visa CVN 10) or the
    whole IAD (CVN 18), and always those of a *verified PIN*. `iad` (9F10) is what kept IAD bits must show.
    `atc_window` and `max_resync_distance` count transactions.
    """

    id: ProfileId
    bins: tuple[str, ...]
    application: Application
    layout: TokenLayout
    cdol1: tuple[DataObject, ...]
    aip: bytes
    card_results: bytes
    iad: bytes
    card_key_option: CardKeyOption
    session_key: SessionKeyDerivation
    padding: Padding
    modes: frozenset[CapMode]
    atc_window: int = 32
    max_resync_distance: int = _FURTHEST_RESYNC
    shares_atc_with_payments: bool = False

    def __post_init__(self) -> None:
        for holds, complaint in self._rules():
            if not holds:
                raise CapProfileError(f"profile {self.id}: {complaint}")

    @property
    def atc_bits(self) -> int:
        return self.layout.atc_bits

    @property
    def cryptogram_bits(self) -> int:
        """The real strength of one code: a guess is right once in 2 to this power."""
        return self.layout.cryptogram_bits

    @property
    def is_amount_asked(self) -> bool:
        return self.layout.is_amount_asked

    @property
    def effective_window(self) -> int:
        """How far ahead a code may be: never past the point where its ATC bits name two counters (RULES 13)."""
        whole = 1 << self.atc_bits
        return whole if self.shares_atc_with_payments else min(self.atc_window, whole)

    def unpredictable_number(self, message: bytes) -> bytes:
        """The 4 bytes of 9F37 in a cryptogram's input, which starts with the CDOL1 values."""
        start = 0
        for item in self.cdol1:
            if item.tag is Tag.UNPREDICTABLE_NUMBER:
                break
            start += item.length
        return message[start : start + 4]

    def _rules(self) -> Iterator[tuple[bool, str]]:
        yield from self._layout_rules()
        yield from self._card_rules()
        yield from self._mode_rules()

    def _layout_rules(self) -> Iterator[tuple[bool, str]]:
        layout, mask = self.layout, self.layout.atc_mask
        # Without ATC bits a code names no counter: each would have to be tried over a window, and every
        # code typed would buy several guesses.
        yield mask != 0, "the bitmap keeps no bit of the ATC"
        yield mask & (mask + 1) == 0, "the bitmap keeps other bits of the ATC than its lowest"
        yield layout.cryptogram_bits >= _FEWEST_CRYPTOGRAM_BITS, "fewer than 16 bits of the cryptogram are kept"
        yield 2 ** sum(layout.widths) <= 10**layout.code_length, "the highest code does not fit its digits"
        yield layout.iad_length <= len(self.iad), "the bitmap keeps more than the issuer application data"

    def _card_rules(self) -> Iterator[tuple[bool, str]]:
        tree = self.session_key
        yield bool(self.bins) and all(map(_is_digits, self.bins)), "a BIN is digits"
        yield len(self.aip) == 2, "the AIP has 2 bytes"
        yield 1 <= self.atc_window <= LAST_ATC, "the ATC window is at least 1"
        yield 2 <= self.max_resync_distance <= _FURTHEST_RESYNC, "resynchronising reaches 2 to 1000 transactions"
        if isinstance(tree, KeyTree):
            is_whole = tree.branches >= 2 and tree.height >= 1 and tree.branches**tree.height > LAST_ATC
            yield is_whole, "the key tree has fewer leaves than the ATC has values"

    def _mode_rules(self) -> Iterator[tuple[bool, str]]:
        lengths = {item.tag: item.length for item in self.cdol1}
        yield len(lengths) == len(self.cdol1), "the CDOL1 asks twice for one object"
        yield Tag.UNPREDICTABLE_NUMBER in lengths, "the CDOL1 does not ask for the unpredictable number"
        yield all(lengths[tag] == _LENGTHS.get(tag, lengths[tag]) for tag in lengths), "a CDOL1 length is wrong"
        yield CapMode.IDENTIFY in self.modes, "every card answers the CODE key"
        yield CapMode.SIGN not in self.modes or self.is_amount_asked, "SIGN is of cards that ask the amount"
        yield CapMode.SIGN not in self.modes or Tag.AMOUNT in lengths, "SIGN needs the amount in the CDOL1"
        yield not self.layout.is_currency_asked or Tag.CURRENCY in lengths, "the CDOL1 does not ask the currency"


def profile_for(pan_or_bin: str, profiles: Iterable[CapProfile]) -> CapProfile:
    """The profile whose BIN is the longest prefix of this card number.

    Raises CapProfileUnknown when none is; its message does not hold the number.
    """
    by_prefix = {prefix: profile for profile in profiles for prefix in profile.bins if pan_or_bin.startswith(prefix)}
    if not by_prefix:
        raise CapProfileUnknown("no CAP profile is configured for this card")
    return by_prefix[max(by_prefix, key=len)]


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
