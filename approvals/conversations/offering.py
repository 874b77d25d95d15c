"""A payment file an adviser offers: it stands while they have the conversation, for a day at most. Pure."""

from dataclasses import replace
from datetime import datetime

from approvals.conversations.refusals import FileOfferOver
from approvals.model.conversation import Conversation, ConversationStatus
from approvals.model.offered_file import OfferedFile, OfferStatus


def as_it_stands(file: OfferedFile, conversation: Conversation, now: datetime) -> OfferedFile:
    """Return the file with what time and the conversation have made of it."""
    is_theirs = conversation.status is ConversationStatus.CLAIMED and conversation.adviser_id == file.adviser_id
    if file.status is OfferStatus.OFFERED and not (is_theirs and now < file.expires_at):
        return replace(file, status=OfferStatus.OVER)
    return file


def require_standing(file: OfferedFile, conversation: Conversation, now: datetime) -> None:
    """Raise FileOfferOver unless the file still waits for the person's word."""
    status = as_it_stands(file, conversation, now).status
    if status is not OfferStatus.OFFERED:
        raise FileOfferOver(f"the file can be confirmed no more: {status}")
