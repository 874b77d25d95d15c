"""Recovery codes: what lets an adviser in once when the authenticator is lost. Pure; drawing them is the caller's."""

import base64
import hashlib
from typing import Final

COUNT: Final = 10
SIZE: Final = 10
"""Bytes of a code: 80 bits, too many to guess, so a digest without a salt keeps it."""


def shown_code(drawn: bytes) -> str:
    """Return SIZE drawn bytes as a person copies them: four groups of four letters and digits 2 to 7."""
    letters = base64.b32encode(drawn).decode()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def digest_of_code(typed: str) -> bytes:
    """Return the digest of a code as typed: case, spaces and dashes do not matter."""
    letters = "".join(char for char in typed.upper() if char.isalnum())
    return hashlib.sha256(letters.encode()).digest()
