"""Stand-ins at ports: a clock that moves when told, an announcer that remembers whom it told."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from approvals.model.ids import UserId

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class SteppedClock:
    """Stands still until told otherwise."""

    def __init__(self, start: datetime = START) -> None:
        self._time = start

    def now(self) -> datetime:
        return self._time

    def advance(self, **by: float) -> None:
        """Take the words of `timedelta`."""
        self._time += timedelta(**by)

    def move_to(self, time: datetime) -> None:
        self._time = time


class Announcements:
    """The Announcer port: keeps the heads devices would be told, and who was told in all."""

    def __init__(self) -> None:
        self.heads: list[Mapping[UserId, int]] = []

    @property
    def told(self) -> set[UserId]:
        return {user_id for heads in self.heads for user_id in heads}

    async def announce(self, heads: Mapping[UserId, int]) -> None:
        self.heads.append(heads)
