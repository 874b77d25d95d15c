"""Card numbers: their shape and their own check (ISO/IEC 7812-1)."""

import re
from typing import Final

_SHAPE: Final = re.compile(r"[0-9]{12,19}")


def is_pan(text: str) -> bool:
    """True for 12 to 19 ASCII digits whose Luhn sum (annex B) is a multiple of ten."""
    if not _SHAPE.fullmatch(text):
        return False
    digits = map(int, reversed(text))
    return sum(digit if n % 2 == 0 else sum(divmod(2 * digit, 10)) for n, digit in enumerate(digits)) % 10 == 0
