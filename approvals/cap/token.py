"""From a card's answer to the digits on the reader's glass, and back to the bits those digits carry.

Shared with the card bridge, so it imports nothing of the core but its errors. It knows no key: the cryptogram
comes from the card, or from `approvals.cap.cryptogram` for the bank.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, compress, pairwise
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from approvals.errors import CapInputError, CapProfileError

ARQC: Final = 0x80  # cryptogram information data (9F27) of an online request: the only answer a code is made of
_AMOUNT_AND_CURRENCY: Final = 0x80
_PSN_IN_FRONT: Final = 0x40
_AMOUNT: Final = 0x20
_TDS_FIELDS: Final = 10
_TDS_DIGITS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CardResponse:
    """A card's answer to GENERATE AC: `cryptogram` has 8 bytes, `psn` is the two-digit PAN sequence number."""

    psn: str
    cid: int
    atc: int
    cryptogram: bytes = field(repr=False)
    iad: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenParts:
    """The bits of a code, field by field, each read as one number; a field not kept is 0."""

    psn: int
    cid: int
    atc: int
    cryptogram: int
    iad: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLayout:
    """Which bits of `[PSN] CID ATC AC IAD` the reader keeps, and how many digits it shows.

    `bitmap` is the issuer proprietary bitmap (9F56, IPB), `flags` the issuer authentication flags (9F55, IAF).
    Raises CapProfileError when they cannot lay out a token.
    """

    bitmap: bytes
    flags: int
    code_length: int

    def __post_init__(self) -> None:
        if len(self.bitmap) < self._starts[-1]:
            raise CapProfileError("the bitmap ends before the cryptogram does")
        if not 1 <= self.code_length <= 16:
            raise CapProfileError("a code has 1 to 16 digits")
        if not 0 <= self.flags <= 0xFF:
            raise CapProfileError("the issuer authentication flags are one byte")

    @property
    def is_psn_in_front(self) -> bool:
        return bool(self.flags & _PSN_IN_FRONT)

    @property
    def is_amount_asked(self) -> bool:
        return bool(self.flags & (_AMOUNT | _AMOUNT_AND_CURRENCY))

    @property
    def is_currency_asked(self) -> bool:
        return bool(self.flags & _AMOUNT_AND_CURRENCY)

    @property
    def atc_mask(self) -> int:
        return int.from_bytes(self.masks[2])

    @property
    def atc_bits(self) -> int:
        return self.widths[2]

    @property
    def cryptogram_bits(self) -> int:
        return self.widths[3]

    @property
    def iad_length(self) -> int:
        """How many bytes of the issuer application data the bitmap reaches into."""
        return len(self.masks[4].rstrip(b"\x00"))

    @property
    def masks(self) -> tuple[bytes, ...]:
        """The bitmap cut into the masks of PSN, CID, ATC, AC and IAD."""
        ends = (*self._starts[1:], len(self.bitmap))
        return tuple(self.bitmap[start:end] for start, end in zip(self._starts, ends, strict=True))

    @property
    def widths(self) -> tuple[int, ...]:
        """How many bits are kept of PSN, CID, ATC, AC and IAD."""
        return tuple(int.from_bytes(mask).bit_count() for mask in self.masks)

    @property
    def _starts(self) -> tuple[int, ...]:
        """Where PSN, CID, ATC, AC and IAD start in the token, in bytes."""
        return tuple(accumulate((int(self.is_psn_in_front), 1, 2, 8), initial=0))


def code_of(layout: TokenLayout, response: CardResponse) -> str:
    """The digits the reader shows: kept bits, most significant first, in decimal, zeros in front, never cut.

    Raises CapInputError when the card's answer is shorter than the bits kept of it.
    """
    psn = bytes.fromhex(response.psn) if layout.is_psn_in_front else b""
    head = psn + bytes([response.cid]) + response.atc.to_bytes(2) + response.cryptogram
    if len(response.cryptogram) != 8 or len(response.iad) < layout.iad_length:
        raise CapInputError("the card's answer is shorter than its bitmap")
    return str(_kept_bits(layout.bitmap, head + response.iad)).zfill(layout.code_length)


def split_code(layout: TokenLayout, code: str) -> TokenParts | None:
    """The bits a code of ASCII digits carries; None when its number is beyond the bits kept."""
    number, total = int(code), sum(layout.widths)
    if number.bit_length() > total:
        return None
    bits = f"{number:0{total}b}"
    cuts = pairwise(accumulate(layout.widths, initial=0))
    psn, cid, atc, cryptogram, iad = (int(bits[start:end] or "0", 2) for start, end in cuts)
    return TokenParts(psn=psn, cid=cid, atc=atc, cryptogram=cryptogram, iad=iad)


def sign_transaction_data(cryptogram: bytes, fields: Sequence[str]) -> bytes:
    """TDS: the 8 bytes standing for the cryptogram once the digits typed are chained under it, off card.

    The card's answer to an Identify keys a DES-CBC chain over the fields, one nibble a digit, F between two
    fields and before an odd end, then ISO/IEC 9797-1 padding 2; its last block is the result. Source: the
    public descriptions of readers' M2 mode, which takes at most 10 numbers of 10 digits.
    Raises CapInputError for other fields.
    """
    require_transaction_fields(fields)
    nibbles = "F".join(fields)
    packed = bytes.fromhex(nibbles + "F" * (len(nibbles) % 2)) + b"\x80"
    padded = packed + bytes(-len(packed) % 8)
    return Cipher(TripleDES(cryptogram * 3), modes.CBC(bytes(8))).encryptor().update(padded)[-8:]


def require_transaction_fields(fields: Sequence[str]) -> None:
    """Raise CapInputError unless there are 1 to 10 fields of 1 to 10 ASCII digits."""
    if not 1 <= len(fields) <= _TDS_FIELDS:
        raise CapInputError(f"transaction data signing takes 1 to {_TDS_FIELDS} fields")
    if not all(len(digits) <= _TDS_DIGITS and digits.isascii() and digits.isdigit() for digits in fields):
        raise CapInputError(f"a field of transaction data signing has 1 to {_TDS_DIGITS} digits")


def _kept_bits(bitmap: bytes, token: bytes) -> int:
    length = min(len(bitmap), len(token))
    width = length * 8
    bits = f"{int.from_bytes(token[:length]):0{width}b}"
    keep = f"{int.from_bytes(bitmap[:length]):0{width}b}"
    return int("".join(compress(bits, map(int, keep))) or "0", 2)
