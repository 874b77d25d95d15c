"""A further device on its way in: offered by a signed-in screen, scanned or paired, confirmed on that screen."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.device import Device
from approvals.model.ids import EnrolmentId, LoginId, UserId


class EnrolmentStatus(StrEnum):
    """How far it has come; `closed` by wrong digits."""

    OFFERED = "offered"
    SCANNED = "scanned"
    DONE = "done"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """`ticket_digest` is the SHA-256 of what the QR code holds, or of the pairing code; `login_id` the screen's.

    `expires_at` is the code's end while it is offered, the confirmation's once it is scanned. `digits` are shown by
    the new `device`, which is nobody's before they are confirmed.
    """

    id: EnrolmentId
    user_id: UserId
    login_id: LoginId
    ticket_digest: bytes
    status: EnrolmentStatus
    expires_at: datetime
    digits: str | None = None
    device: Device | None = None
    version: int = 0
