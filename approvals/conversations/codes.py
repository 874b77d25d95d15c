"""What may be a live code has no place in a message (RULES 25)."""

import re
from typing import Final

_SEPARATED: Final = re.compile(r"(?<=[0-9])[ .\-\u00a0\u202f](?=[0-9])")
_BARE_CODE: Final = re.compile(r"(?<![0-9A-Za-z])[0-9]{6,10}(?![0-9A-Za-z,])")


def holds_code(text: str) -> bool:
    """Whether there is a bare group of 6 to 10 digits in it, also where signs stand between them."""
    return _BARE_CODE.search(_SEPARATED.sub("", text)) is not None
