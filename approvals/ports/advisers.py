"""Advisers, as kept beside the users they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from approvals.model.adviser import Adviser, Colleague
from approvals.model.ids import UserId
from approvals.model.page import Page
from approvals.model.person import Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioFilter:
    """Whose companies (None: everybody's), and what their client identifier or name begins with."""

    adviser_id: UserId | None = None
    text: str | None = None


class Advisers(Protocol):
    """The bank's own people and their authenticators."""

    async def add(self, adviser: Adviser) -> None: ...

    async def enter(self, colleague: Colleague) -> None:
        """Write the user and the adviser they are, who signs what their role allows."""
        ...

    async def load(self, user_id: UserId) -> Adviser | None: ...

    async def of_users(self, user_ids: Sequence[UserId]) -> Mapping[UserId, Adviser]:
        """Those of these people who are advisers."""
        ...

    async def all(self) -> Sequence[Colleague]:
        """Those who left included, by number."""
        ...

    async def portfolio(self, wanted: PortfolioFilter, after: str | None, limit: int) -> Page[Subscription]:
        """Companies by client identifier."""
        ...

    async def save(self, adviser: Adviser) -> None:
        """Write what enrolment changes: password, authenticator, last step; never the role."""
        ...

    async def advance(self, user_id: UserId, step: int) -> bool:
        """Use up a time step; False when it, or a later one, was used before: a replay."""
        ...

    async def replace_recovery_codes(self, user_id: UserId, digests: Sequence[bytes]) -> None:
        """Keep these and forget those before."""
        ...

    async def use_recovery_code(self, user_id: UserId, digest: bytes, at: datetime) -> bool:
        """Use it up; False when it is not one of theirs, or was used before."""
        ...
