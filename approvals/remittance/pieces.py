"""Bytes in any chunks -> the same pieces always, each ending with an order; what XML must not hold is refused here.

Nothing is parsed yet: a document type declaration, a NUL or another encoding never reaches the parser. Cutting
after each order bounds what the parser holds, and lets every error name its order wherever the chunks ended.
"""

import re
from collections.abc import Iterator
from typing import Final

from approvals.remittance.refusals import (
    DoctypeRefused,
    EncodingUnsupported,
    OrderTooLarge,
    RemittanceEmpty,
    XmlMalformed,
)

LONGEST_PIECE: Final = 256 * 1024  # bytes from one order's end to the next; a real order takes about 600

_ORDER_END: Final = re.compile(rb"</(?:[^<>:]*:)?(?:CdtTrfTxInf|DrctDbtTxInf)\s*>")
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_OTHER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, and UTF-32 little endian
_DECLARED_ENCODING: Final = re.compile(rb"""<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"'>]*)["']""")


class Pieces:
    """Cuts the stream after every order."""

    def __init__(self) -> None:
        self._rest = b""
        self._searched = 0
        self._begun = False

    def cut(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the pieces this chunk completes. Raises a RemittanceError on what is never let through."""
        stream, start = self._rest + chunk, 0
        for end in _ORDER_END.finditer(stream, self._searched):
            yield self._checked(stream[start : end.end()])
            start = end.end()
        self._rest = stream[start:]
        self._searched = max(0, self._rest.rfind(b"</"))  # where an unfinished end would begin
        if len(self._rest) > LONGEST_PIECE:
            self._checked(self._rest)

    def last(self) -> bytes:
        """Return what follows the last order. Raises as `cut` does."""
        if not self._begun and not self._rest:
            raise RemittanceEmpty("the file is empty")
        return self._checked(self._rest)

    def _checked(self, piece: bytes) -> bytes:
        if not self._begun:
            piece = _without_mark(piece)
            self._begun = True
        if b"\0" in piece:
            raise XmlMalformed("the file holds a NUL character")
        if b"<!DOCTYPE" in piece:  # a piece ends with an order, so no chunk boundary can hide it
            raise DoctypeRefused("a document type declaration is refused")
        if len(piece) > LONGEST_PIECE:
            raise OrderTooLarge(f"more than {LONGEST_PIECE} bytes without the end of an order")
        return piece


def _without_mark(piece: bytes) -> bytes:
    """Check the encoding and return the piece without its byte order mark. Raises EncodingUnsupported."""
    declared = _DECLARED_ENCODING.match(piece.removeprefix(_UTF8_MARK))
    if piece.startswith(_OTHER_MARKS) or b"\0" in piece[:4]:
        raise EncodingUnsupported("the file is not in UTF-8")
    if declared and declared[1].upper() != b"UTF-8":
        raise EncodingUnsupported("the file declares another encoding than UTF-8")
    return piece.removeprefix(_UTF8_MARK)
