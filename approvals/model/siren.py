"""The number of a business in the French register: nine digits that carry their own check (INSEE, SIRENE)."""

import re
from typing import Final

_SHAPE: Final = re.compile(r"[0-9]{9}")


def is_siren(text: str) -> bool:
    """True for nine ASCII digits whose Luhn sum (ISO/IEC 7812-1, annex B) is a multiple of ten, and not zero."""
    if not _SHAPE.fullmatch(text):
        return False
    total = sum(digit if n % 2 == 0 else sum(divmod(2 * digit, 10)) for n, digit in enumerate(map(int, text[::-1])))
    return total % 10 == 0 and total > 0
