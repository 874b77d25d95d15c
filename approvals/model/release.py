"""The release: the one row that lets an action go to the bank's core, and the delivery of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from approvals.model.ids import ActionId, ReleaseId

RELEASE_TYPE: Final = "contreseing-release+jwt"
"""`typ` in the header of a release token: a signature made for one thing never serves another."""


class DeliveryStatus(StrEnum):
    """States of the delivery, never of the action (RULES 2)."""

    DUE = "due"
    DELIVERED = "delivered"
    REFUSED = "refused"  # the core's definite business refusal (422 with a code)
    GIVEN_UP = "given_up"  # visible to operators, who can send it again


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Deliveries still due: how many, how many of them were tried before, and when the oldest was written."""

    due: int
    retried: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Webhook id (`id`), body and token are frozen here and reused by every retry and re-send."""

    id: ReleaseId
    action_id: ActionId
    body: bytes = field(repr=False)
    status: DeliveryStatus
    created_at: datetime
    next_at: datetime
    attempts: int = 0
    last_error: str | None = None
    settled_at: datetime | None = None
    version: int = 0
