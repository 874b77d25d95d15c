"""Stand-ins at ports: a clock that moves when told, an announcer that remembers whom it told."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from approvals.model.ids import UserId
from tests.builders import NOW


class HandClock:
    """Stands at NOW until it is moved."""

    def __init__(self) -> None:
        self._now = NOW

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by


class ListeningAnnouncer:
    """Keeps everything it was asked to announce, and who was told in all."""

    def __init__(self) -> None:
        self.announced: list[Mapping[UserId, int]] = []

    @property
    def told(self) -> set[UserId]:
        return {user_id for heads in self.announced for user_id in heads}

    async def announce(self, heads: Mapping[UserId, int]) -> None:
        self.announced.append(heads)
