"""The audit as people read it: newest first, narrowed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from approvals.model.audit import AuditEntry
from approvals.model.ids import ActionId, UserId
from approvals.model.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which lines; every field narrows.

    `portfolio_of` keeps what actions and people of this adviser's companies did, and what the adviser did or asked for;
    `user_id` what this person did; `since` is the first moment, `until` the first one past the period.
    """

    portfolio_of: UserId | None = None
    action_id: ActionId | None = None
    user_id: UserId | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditLines(Protocol):
    """Reads; writing is `outcome.Audit`'s."""

    async def browse(self, wanted: AuditFilter, after: str | None, limit: int) -> Page[AuditEntry]:
        """Newest first; an erased value is empty."""
        ...
