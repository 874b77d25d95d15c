"""Times as the wire counts them."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def milliseconds(at: datetime) -> int:
    """Return whole milliseconds since 1970, rounded down: exact, where a float of seconds is not."""
    return (at - _EPOCH) // _MILLISECOND
