"""Readers with a pad, as PC/SC part 10 describes them: what a reader can do, and the VERIFY it is to complete.

Pure: bytes in, bytes out.
"""

import struct
from typing import Final

VERIFY_PIN_DIRECT: Final = 0x06
_FEATURE: Final = struct.Struct(">BBI")  # tag, length (always 4), control code
_ENTRY_SECONDS: Final = 30
_BCD_AFTER_ONE_BYTE: Final = 0x89  # bmFormatString: digits as BCD, left-justified, from the block's second byte
_BLOCK_OF_SEVEN: Final = 0x47  # bmPINBlockString: the length on 4 bits, the digits on 7 bytes
_LENGTH_AFTER_FOUR_BITS: Final = 0x04  # bmPINLengthFormat: the control nibble comes first
_MOST_AND_LEAST_DIGITS: Final = (12, 4)
_WHEN_CONFIRMED: Final = 0x02
_FRENCH: Final = 0x040C
_VERIFY: Final = bytes.fromhex("0020008008 20FFFFFFFFFFFFFF")  # the PIN block's control nibble, then fillers


def control_code(features: bytes, feature: int) -> int | None:
    """The control code of one feature in a reader's answer to GET_FEATURE_REQUEST; None where it has it not.

    Whatever is no list of features has none: readers without any answer all sorts of bytes.
    """
    for start in range(0, len(features) - _FEATURE.size + 1, _FEATURE.size):
        tag, length, code = _FEATURE.unpack_from(features, start)
        if (tag, length) == (feature, 4):
            return int(code)
    return None


def verify_structure() -> bytes:
    """PIN_VERIFY_STRUCTURE (PC/SC part 10, 2.5.2) for EMV's plain PIN block of 4 to 12 digits."""
    most, least = _MOST_AND_LEAST_DIGITS
    head = struct.pack(
        "<BBBBBBBBBHB3sI",
        _ENTRY_SECONDS,
        _ENTRY_SECONDS,
        _BCD_AFTER_ONE_BYTE,
        _BLOCK_OF_SEVEN,
        _LENGTH_AFTER_FOUR_BITS,
        most,
        least,
        _WHEN_CONFIRMED,
        1,  # one message, in French, the reader's first
        _FRENCH,
        0,
        bytes(3),
        len(_VERIFY),
    )
    return head + _VERIFY
