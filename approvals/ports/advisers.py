"""Advisers, as kept beside the users they are."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from approvals.model.adviser import Adviser
from approvals.model.ids import UserId


class Advisers(Protocol):
    """The bank's own people and their authenticators."""

    async def add(self, adviser: Adviser) -> None: ...

    async def load(self, user_id: UserId) -> Adviser | None: ...

    async def of_users(self, user_ids: Sequence[UserId]) -> Mapping[UserId, Adviser]:
        """Those of these people who are advisers."""
        ...

    async def advance(self, user_id: UserId, step: int) -> bool:
        """Use up a time step; False when it, or a later one, was used before: a replay."""
        ...
