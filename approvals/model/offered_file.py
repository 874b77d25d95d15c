"""A payment file an adviser has laid into a conversation, for its person to confirm or decline (RULES 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import ActionKind, ConversationId, OfferId, UploadId, UserId
from approvals.model.json import Facts


class OfferStatus(StrEnum):
    """What became of it."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"  # by the person
    TAKEN_BACK = "taken_back"  # by the adviser
    OVER = "over"  # by time, or because the adviser has the conversation no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one action of the file would state."""

    kind: ActionKind
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedFile:
    """`digest` is the SHA-256 of what was summed up, and of what is confirmed.

    `upload_id` and `stated` are there as long as the file is kept, at most a day.
    """

    id: OfferId
    conversation_id: ConversationId
    adviser_id: UserId
    upload_id: UploadId | None
    content_type: str
    digest: str
    size: int
    stated: Sequence[Stated]
    expires_at: datetime
    status: OfferStatus = OfferStatus.OFFERED
