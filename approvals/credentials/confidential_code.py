"""Which confidential code a person may choose: 6 to 12 digits nobody would guess first.

The commonest choices are refused by their shape (NIST SP 800-63B section 5.1.1.2 asks to compare with what is commonly
used): repeats, runs, dates, and what stands on a letter beside the code.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from approvals.credentials.refusals import CodeNotAllowed

SHORTEST: Final = 6
LONGEST: Final = 12


class CodeRule(StrEnum):
    """What a code is refused for: stable, clients branch on it."""

    SHAPE = "shape"  # not 6 to 12 digits
    REPEATED = "repeated"  # 111111, 121212, 123123
    SEQUENCE = "sequence"  # 123456, 987654, 890123
    DATE = "date"  # a day, or a year at either end
    IDENTIFIER = "identifier"  # holds, or is held in, the client identifier or user number
    UNCHANGED = "unchanged"  # the code it replaces


def require_allowed(code: str, identifiers: Collection[str]) -> None:
    """Raise CodeNotAllowed for a code easily guessed. `identifiers` are the person's own numbers, known to others."""
    if not (SHORTEST <= len(code) <= LONGEST and code.isascii() and code.isdigit()):
        raise CodeNotAllowed(CodeRule.SHAPE, f"{SHORTEST} to {LONGEST} digits are needed")
    if _is_repeated(code):
        raise CodeNotAllowed(CodeRule.REPEATED, "the code repeats itself")
    if _is_sequence(code):
        raise CodeNotAllowed(CodeRule.SEQUENCE, "the code is a sequence")
    if any(_is_alike(code, identifier) for identifier in identifiers):
        raise CodeNotAllowed(CodeRule.IDENTIFIER, "the code is one of the person's own numbers")
    if _is_date(code):
        raise CodeNotAllowed(CodeRule.DATE, "the code reads as a date or a year")


def _is_repeated(code: str) -> bool:
    """A block of at most half the code makes up the whole of it."""
    return any((code[:size] * len(code))[: len(code)] == code for size in range(1, len(code) // 2 + 1))


def _is_sequence(code: str) -> bool:
    """Every digit is one more than the one before, or one less; 9 and 0 are neighbours."""
    steps = {(int(later) - int(earlier)) % 10 for earlier, later in pairwise(code)}
    return steps in ({1}, {9})


def _is_date(code: str) -> bool:
    if any(year[:2] in {"19", "20"} and year <= "2039" for year in (code[:4], code[-4:])):
        return True
    if len(code) == 6:
        first, second, third = code[:2], code[2:4], code[4:]
        orders = ((third, second, first), (first, second, third), (third, first, second))
        return any(_is_day(f"20{year}", month, day) for year, month, day in orders)
    return len(code) == 8 and (_is_day(code[4:], code[2:4], code[:2]) or _is_day(code[:4], code[4:6], code[6:]))


def _is_day(year: str, month: str, day: str) -> bool:
    """Any year is a leap year here: 29 February of 1999 is no better a code for not having been."""
    try:
        date(2000, int(month), int(day))
    except ValueError:
        return False
    return 1900 <= int(year) <= 2099


def _is_alike(code: str, identifier: str) -> bool:
    """A user number of three digits may be in a code by chance; one that long is no chance."""
    bare = identifier.lstrip("0")
    return code in identifier or code.lstrip("0") == bare or (len(bare) >= SHORTEST and bare in code)
