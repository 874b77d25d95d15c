"""New ids and secrets, made from this machine's clock and randomness."""

import secrets
from typing import Final

from approvals.ports.world import Clock

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_TIME_DIGITS: Final = 10  # 50 bits of milliseconds: past the year 37000
_RANDOM_DIGITS: Final = 16  # 80 bits
_SECRET_BYTES: Final = 32


class RandomIds:
    """Ids such as `act_01k9…`: time first, so that they sort roughly by it and indexes grow at one end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def make(self, prefix: str) -> str:
        milliseconds = int(self._clock.now().timestamp() * 1000)
        random = secrets.randbits(5 * _RANDOM_DIGITS)
        return f"{prefix}_{_digits(milliseconds, _TIME_DIGITS)}{_digits(random, _RANDOM_DIGITS)}"

    def secret(self) -> str:
        """Return 32 random bytes, base64url without padding (43 characters)."""
        return secrets.token_urlsafe(_SECRET_BYTES)


def _digits(number: int, count: int) -> str:
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (count - 1), -1, -5))
