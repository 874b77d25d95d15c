"""What came of a wake-up, and when one that failed is tried again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Protocol, TypeAlias

from approvals.desk.waking import Mail
from channels.push.notices import Notice

_FIRST_PAUSE: Final = timedelta(seconds=15)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_LONGEST_ASKED: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Sent:
    """The push service took it; whether the device shows it, nobody knows."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The push service knows the device no more: its subscription goes too."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """This message will never be taken; the subscription stays."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """To be tried again; `after` where the service said how long to wait."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Shut:
    """The service does not take us at all: the whole channel rests until an operator or time mends it."""

    reason: str


Outcome: TypeAlias = Sent | Gone | Refused | Later | Shut
"""`reason` is a stable word of ours, never the service's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What one device is to be told, in order."""

    mail: Mail
    notices: Sequence[Notice]


class PushSender(Protocol):
    """Brings parcels to one push service."""

    @property
    def at_once(self) -> int:
        """How many parcels it takes in one go."""
        ...

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        """Make one attempt; return what came of each parcel, in order. A failure is an outcome, never an error."""
        ...


def worst(outcomes: Sequence[Outcome]) -> Outcome:
    """Return what decides about a parcel of several messages."""
    for kind in (Gone, Shut, Later, Refused):
        for outcome in outcomes:
            if isinstance(outcome, kind):
                return outcome
    return Sent()


def again_at(now: datetime, attempts: int, outcome: Later, jitter: float) -> datetime:
    """Return when to try again after so many failures; `jitter` in [0, 1) spreads what failed together.

    What the service asked for is waited for, six hours at most, and a little longer.
    """
    pause = min(_FIRST_PAUSE * (1 << min(attempts, 16)), _LONGEST_PAUSE)
    if outcome.after is not None:
        return now + min(outcome.after, _LONGEST_ASKED) + _FIRST_PAUSE * jitter
    return now + pause * (0.5 + jitter / 2)


def read_retry_after(written: str | None, now: datetime) -> timedelta | None:
    """Read the header (RFC 9110 section 10.2.3): seconds, or a date. None for what is neither."""
    if written is None:
        return None
    if written.isascii() and written.isdigit() and len(written) < 9:
        return timedelta(seconds=int(written))
    try:
        date = parsedate_to_datetime(written)
    except ValueError:
        return None
    return max(date.replace(tzinfo=date.tzinfo or UTC) - now, timedelta(0))
