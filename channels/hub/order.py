"""Which of two seats is the newer, over all nodes: a clock that never goes back behind what it has heard.

A hybrid of time and Lamport's counter ("Time, Clocks, and the Ordering of Events", 1978): nodes whose clocks differ
still agree that a seat taken after another was heard of is the newer.
"""

from datetime import UTC, datetime
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class SeatOrder:
    """Gives stamps: whole microseconds since 1970 UTC, or one more than the latest known."""

    def __init__(self) -> None:
        self._latest = 0

    def next(self, now: datetime) -> int:
        """Return a stamp above every one given or heard of here."""
        since = now - _EPOCH
        microseconds = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        self._latest = max(self._latest + 1, microseconds)
        return self._latest

    def heard(self, stamp: int) -> None:
        self._latest = max(self._latest, stamp)
