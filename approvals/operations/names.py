"""Whether a name can be read as what it is: pure rules over Unicode's own tables (UAX #9 and #24, UTS #39).

A letter's script is the first word of its Unicode name ("CYRILLIC SMALL LETTER A"), taken of its base: accents, wide
and mathematical forms count as the letter they stand for. A name wholly in one script is taken, whatever the script.
"""

import unicodedata
from typing import Final

from approvals.operations.refusals import NameHomograph, TextControlRefused, TextDirectionRefused, TextNulRefused

_RIGHT_TO_LEFT: Final = frozenset(
    {"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "PDF", "PDI"}
)  # UAX #9, table 4
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def check_text(text: str, field: str) -> None:
    """Raises TextNulRefused, TextDirectionRefused, TextControlRefused: what is read must be what is there."""
    if "\0" in text:
        raise TextNulRefused(f"{field}: the character U+0000 is refused", field=field)
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        raise TextDirectionRefused(f"{field}: characters that turn the direction of writing are refused", field=field)
    if any(unicodedata.category(character) in _UNSEEN for character in text):
        raise TextControlRefused(f"{field}: control and invisible characters are refused", field=field)


def check_name(name: str, field: str) -> None:
    """Raises NameHomograph for letters of two scripts in one name, besides what `check_text` raises."""
    check_text(name, field)
    scripts = {_script(character) for character in name if character.isalpha()}
    if len(scripts) > 1:
        raise NameHomograph(f"{field}: letters of {' and '.join(sorted(scripts))} look alike in one name", field=field)


def _script(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[0]
    return unicodedata.name(base, "UNKNOWN").partition(" ")[0].capitalize()
