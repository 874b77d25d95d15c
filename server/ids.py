"""New ids and secrets, made from this machine's clock and randomness."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

from approvals.ports.world import Clock

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_TIME_DIGITS: Final = 10  # 50 bits of milliseconds: past the year 37000
_RANDOM_DIGITS: Final = 16  # 80 bits
_SECRET_BYTES: Final = 32
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_MILLISECONDS: Final = 250_000_000_000_000  # in the year 9892: `datetime` ends soon after


class RandomIds:
    """Ids such as `act_7f…01k9…`: randomness first, then the time they were made.

    Were time first, all that is written now would share the last page of every index, and PostgreSQL's SERIALIZABLE,
    which locks by index page, would cancel transactions that have nothing to do with each other.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def make(self, prefix: str) -> str:
        milliseconds = int(self._clock.now().timestamp() * 1000)
        random = secrets.randbits(5 * _RANDOM_DIGITS)
        return f"{prefix}_{_digits(random, _RANDOM_DIGITS)}{_digits(milliseconds, _TIME_DIGITS)}"

    def secret(self) -> str:
        """Return 32 random bytes, base64url without padding (43 characters)."""
        return secrets.token_urlsafe(_SECRET_BYTES)

    def letter_secret(self) -> str:
        """Return 16 digits of Crockford's base 32, lower case: 80 random bits, short enough to be typed."""
        return _digits(secrets.randbits(5 * _RANDOM_DIGITS), _RANDOM_DIGITS)

    def two_digits(self) -> str:
        return f"{secrets.randbelow(100):02}"


def made_at(id: str) -> datetime | None:  # noqa: A002  # the field's word
    """Return when `RandomIds` made this id, to the millisecond; None for an id of another making."""
    digits = id.rpartition("_")[2]
    if len(digits) != _TIME_DIGITS + _RANDOM_DIGITS or not set(digits) <= set(_ALPHABET):
        return None
    milliseconds = 0
    for digit in digits[_RANDOM_DIGITS:]:
        milliseconds = milliseconds << 5 | _ALPHABET.index(digit)
    return _EPOCH + timedelta(milliseconds=milliseconds) if milliseconds < _MOST_MILLISECONDS else None


def _digits(number: int, count: int) -> str:
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (count - 1), -1, -5))
