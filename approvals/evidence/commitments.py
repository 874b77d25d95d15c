"""Salted commitments: what the audit keeps of a value for ever, even once the value is erased (RULES 31).

A row of the audit holds the commitment alone. With value and salt anybody can check it; without the salt a guess
cannot be tried, so erasing both leaves nothing of the person. Where they are kept is the store's.
"""

import hashlib
import hmac
from typing import Final

from approvals.model.json import Facts
from approvals.statement import canonical

SALT_SIZE: Final = 32
"""Bytes of salt: as many as the digest has, so that guessing the salt is no easier than inverting it."""


def commit(salt: bytes, value: Facts) -> bytes:
    """Return SHA-256 over the salt and the value's canonical bytes (RFC 8785): 32 bytes.

    Raises ValueError for a salt that has not SALT_SIZE bytes: with a fixed size no two pairs of salt and value share
    their bytes.
    """
    if len(salt) != SALT_SIZE:
        raise ValueError(f"a salt has {SALT_SIZE} bytes")
    return hashlib.sha256(salt + canonical(value)).digest()


def opens(commitment: bytes, salt: bytes, value: Facts) -> bool:
    """Say whether this salt and value are what was committed to."""
    return hmac.compare_digest(commitment, commit(salt, value))
