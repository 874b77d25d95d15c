"""The life of an activation secret: made at printing, good once, for thirty days (RTS 2018/389 art. 24 and 25).

It travels by letter alone, apart from the identifiers typed with it. It holds 80 random bits, so that guessing it is
hopeless whatever counts the guesses: no stranger's failures can void somebody's letter.
"""

import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from approvals.credentials.refusals import ActivationExpired
from approvals.errors import NotFound
from approvals.model.activation import Activation, LetterStatus

LIFE: Final = timedelta(days=30)

_GROUP: Final = 4
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def written(secret: str) -> str:
    """Return the secret as a letter shows it: upper case, in groups of four."""
    spelt = secret.upper()
    return "-".join(spelt[start : start + _GROUP] for start in range(0, len(spelt), _GROUP))


def read(typed: str) -> str:
    """Return the secret as it was made from what a person typed (Crockford's base 32: O is 0, I and L are 1)."""
    return typed.upper().translate(_READ_AS).lower()


def print_letter(activation: Activation | None, digest: bytes, now: datetime) -> Activation:
    """Give the letter a secret; printed again, the former secret is void. Raises NotFound when none is wanted."""
    if activation is None or activation.status is LetterStatus.USED:
        raise NotFound("no letter is wanted for this person")
    return replace(activation, status=LetterStatus.PRINTED, printed_at=now, secret_digest=digest, expires_at=now + LIFE)


def use(activation: Activation | None, digest: bytes, now: datetime) -> Activation | None:
    """Return the activation used up; None when this is not its secret. Raises ActivationExpired behind it."""
    kept = activation.secret_digest if activation else None
    is_right = hmac.compare_digest(kept or bytes(len(digest)), digest)
    if activation is None or kept is None or not is_right:
        return None
    if activation.expires_at is None or now >= activation.expires_at:
        raise ActivationExpired("the letter is too old: the adviser has another one sent")
    return replace(activation, status=LetterStatus.USED, used_at=now, secret_digest=None)
