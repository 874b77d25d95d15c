"""What comes of an approval: events, audit, releases, and the results kept for repeated requests."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from approvals.model.audit import AuditEntry
from approvals.model.idempotency import KeptResult, RequestKey
from approvals.model.ids import ActionId, AuditId, ReleaseId, UserId
from approvals.model.inbox import Event, Inbox, News
from approvals.model.release import Backlog, DeliveryStatus, Release


class Inboxes(Protocol):
    """One numbered list of events a person."""

    async def append(self, news: Sequence[News], at: datetime) -> Mapping[UserId, int]:
        """Number and write the news; return the new heads. Inboxes are touched in id order."""
        ...

    async def read(self, user_id: UserId, after: int, limit: int) -> Sequence[Event]:
        """Events with `s > after`, in order."""
        ...

    async def state(self, user_id: UserId) -> Inbox: ...

    async def heads(self, user_ids: Sequence[UserId]) -> Mapping[UserId, int]: ...

    async def prune(self, before: datetime) -> None: ...


class Audit(Protocol):
    """Append-only; rows hold salted commitments, values live apart and can be erased (RULES 31)."""

    async def append(self, entries: Sequence[AuditEntry]) -> Sequence[AuditId]:
        """Return the ids of the rows, in order."""
        ...

    async def append_numbered(self, entries: Sequence[AuditEntry]) -> Sequence[AuditId]:
        """The same for the lines whose numbers their action's `add` or `save` has taken, which spares a statement."""
        ...

    async def of_action(self, action_id: ActionId) -> Sequence[AuditEntry]:
        """In the order written; an erased value is empty."""
        ...


class Releases(Protocol):
    """Deliveries to the bank's core."""

    async def add(self, release: Release) -> None:
        """Raises StaleVersion when the action has a release already: the other transaction won."""
        ...

    async def load(self, release_id: ReleaseId) -> Release | None: ...

    async def of_action(self, action_id: ActionId) -> Release | None: ...

    async def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Release]:
        """Take due deliveries for oneself: their `next_at` moves to `until`, so that no two nodes send at once.

        There are none while a restore is unfinished: the core may have them (RULES 30).
        """
        ...

    async def save(self, release: Release) -> bool:
        """Write the delivery's state; False when the version is not the one read."""
        ...

    async def next_due(self) -> datetime | None: ...

    async def backlog(self) -> Backlog: ...

    async def listed(self, status: DeliveryStatus, limit: int) -> Sequence[Release]:
        """Oldest first."""
        ...


class Requests(Protocol):
    """Results kept 7 days for requests that may come twice (RULES 6)."""

    async def find(self, request: RequestKey) -> KeptResult | None: ...

    async def keep(self, request: RequestKey, result: str, at: datetime) -> None:
        """Raises StaleVersion when another transaction kept one for this key meanwhile."""
        ...

    async def sweep(self, before: datetime) -> None: ...
