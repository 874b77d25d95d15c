"""A challenge that a screen hands over to its person's card bridge, with the two digits shown on the screen."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import ChallengeId, DeviceId, HandoverId, LoginId, UserId
from approvals.model.proof import Answer


class HandoverStatus(StrEnum):
    """`closed` by other digits, or by the bridge; `done` once its code was right."""

    WAITING = "waiting"
    TAKEN = "taken"
    CLOSED = "closed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """`digits` are shown by the screen alone; `login_id` is the screen's, and whatever is answered is its answer.

    `expires_at` is the digits' end while it waits, the answer's once `device_id`, a bridge, has taken it. `answer` is
    the last verdict the bridge brought.
    """

    id: HandoverId
    challenge_id: ChallengeId
    user_id: UserId
    login_id: LoginId
    digits: str
    status: HandoverStatus
    asked_at: datetime
    expires_at: datetime
    device_id: DeviceId | None = None
    answer: Answer | None = None
    version: int = 0
