"""Bearer tokens: a prefix that says whose it is, 32 random bytes, and only a digest kept."""

import base64
import hashlib
from typing import Final

from approvals.ports.world import Ids

API_KEY: Final = "ctk_"
LOGIN: Final = "ctl_"
DEVICE: Final = "ctd_"
ENROLMENT: Final = "cte_"
CONFIRMATION: Final = "ctc_"
WIDGET: Final = "ctw_"
TICKET: Final = "ctt_"
PAIRING: Final = "pairing "
"""Goes before a pairing code when it is digested. No token holds a space: guesses count, and come by one way alone."""


def new_token(prefix: str, ids: Ids) -> str:
    return prefix + ids.secret()


def digest_of(token: str) -> bytes:
    """Return the SHA-256: 256 random bits need no slow hash, so resuming costs none (CHANNELS)."""
    return hashlib.sha256(token.encode()).digest()


def draw(ids: Ids, size: int) -> bytes:
    """Return so many random bytes, at most 32."""
    return base64.urlsafe_b64decode(ids.secret() + "=")[:size]
