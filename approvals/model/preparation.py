"""What comes before an action whose payees are verified first: no challenge yet, nothing to sign (RULES 21)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from approvals.model.draft import Draft
from approvals.model.ids import ActionId, PreparationId, SubscriptionId, UploadId, UserId
from approvals.model.opener import Opener
from approvals.model.verification import PayeeAnswer


class PreparationStatus(StrEnum):
    """`opened`: its actions are there. `refused`: they could not be opened in the end; the error's code says why."""

    CHECKING = "checking"
    OPENED = "opened"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMessage:
    """What one file is known by: the same twice is a duplicate (RULES 19)."""

    upload_id: UploadId
    initiating_party: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far the orders of the file were walked: group and position of the last one."""

    group: int = -1
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """One request whose payees are being asked about.

    `total` and `done` count orders; `counts` say by group how often each answer came. Whoever carries it on moves
    `next_at` ahead, so that no two nodes ask at once. `version` rises with every change.
    """

    id: PreparationId
    subscription_id: SubscriptionId
    opened_by: Opener
    initiator: UserId
    reference: str | None
    drafts: tuple[Draft, ...]
    message: FileMessage | None
    total: int
    created_at: datetime
    next_at: datetime
    status: PreparationStatus = PreparationStatus.CHECKING
    done: int = 0
    place: Place = Place()
    counts: Mapping[int, Mapping[PayeeAnswer, int]] = field(default_factory=dict)
    actions: tuple[ActionId, ...] = ()
    refusal: str | None = None
    ended_at: datetime | None = None
    version: int = 0

    def answers(self) -> Mapping[PayeeAnswer, int]:
        """Return how often each answer came in all."""
        return {answer: sum(group.get(answer, 0) for group in self.counts.values()) for answer in PayeeAnswer}
