"""A sign-in asked for on one screen, to be confirmed on the person's phone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import ConfirmationId, DeviceId, UserId


class ConfirmationStatus(StrEnum):
    """`closed` by a no, or by other digits; `done` once the screen was let in."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """`digits` are shown by the screen alone; `secret_digest` is the SHA-256 of what the screen comes back with.

    `user_id` is None where nobody is to be told: no such person, or their door is shut. `device_id` is the phone that
    confirmed.
    """

    id: ConfirmationId
    user_id: UserId | None
    secret_digest: bytes
    digits: str
    status: ConfirmationStatus
    asked_at: datetime
    expires_at: datetime
    device_id: DeviceId | None = None
    version: int = 0
