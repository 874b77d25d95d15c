"""Time-based one-time codes (RFC 6238): which step a code is of, and whether it may still be used. Pure; pyotp counts.

SHA-1, six digits and steps of 30 s are what every authenticator knows. A code is taken one step early or late, and
once: where the last used step is kept is the store's (RULES 26).
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

import pyotp

STEP: Final = 30
"""Seconds a code is shown."""
WINDOW: Final = 1
"""Steps a clock may be early or late."""
SEED_KIND: Final = "totp-seed"
"""What the keyring calls a seed; its id is the adviser's user id."""
SEED_SIZE: Final = 20
"""Bytes of a seed: as many as the HMAC-SHA-1 has (RFC 4226 section 4, R6)."""


class Refusal(StrEnum):
    """Why a code is not right, for the audit alone."""

    WRONG = "totp_wrong"
    REPLAYED = "totp_replayed"


@dataclass(frozen=True, slots=True)
class RightStep:
    """The code is of this step, which is then used up."""

    step: int


TotpOutcome: TypeAlias = RightStep | Refusal


def check_totp(seed: bytes, code: str, last_step: int, now: datetime) -> TotpOutcome:
    """Judge a code; one of a step used before, or of an earlier one, is a replay. Compares in constant time."""
    current = step_at(now)
    steps = range(current - WINDOW, current + WINDOW + 1)
    of_this_code = [step for step in steps if hmac.compare_digest(code_at(seed, step).encode(), code.encode())]
    unused = [step for step in of_this_code if step > last_step]
    if unused:
        return RightStep(unused[0])
    return Refusal.REPLAYED if of_this_code else Refusal.WRONG


def step_at(now: datetime) -> int:
    """Return the number of the step this moment is in."""
    return int(now.timestamp()) // STEP


def code_at(seed: bytes, step: int) -> str:
    """Return the six digits of one step."""
    return _authenticator(seed).generate_otp(step)


def shown_seed(seed: bytes) -> str:
    """Return the seed as a person types it into an authenticator: base32 without padding."""
    return str(_authenticator(seed).secret)


def provisioning_uri(seed: bytes, *, account: str, issuer: str) -> str:
    """Return what the QR code says to the authenticator (the `otpauth` key URI)."""
    return _authenticator(seed).provisioning_uri(name=account, issuer_name=issuer)


def _authenticator(seed: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(base64.b32encode(seed).decode().rstrip("="), interval=STEP)
