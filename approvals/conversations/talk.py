"""The life of a conversation: assisted -> waiting -> claimed -> closed, and back to the queue by a transfer.

What is done twice is done once. Every function returns the conversation as it is then; versions are the store's.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from approvals.conversations.refusals import (
    ConversationClosed,
    ConversationNotClaimed,
    ConversationTaken,
    TooManyMessages,
)
from approvals.model.conversation import Conversation, ConversationStatus, Message, Words
from approvals.model.ids import ConversationId, UserId
from approvals.model.person import User

MOST_A_MINUTE: Final = 20
MINUTE: Final = timedelta(minutes=1)


def begin(conversation_id: ConversationId, user: User, now: datetime) -> Conversation:
    return Conversation(
        id=conversation_id,
        user_id=user.id,
        subscription_id=user.subscription_id,
        status=ConversationStatus.ASSISTED,
        opened_at=now,
        last_at=now,
    )


def write(conversation: Conversation, words: Sequence[Words], now: datetime) -> tuple[Conversation, Sequence[Message]]:
    """Give each its number. Whoever writes has read what stands before. Raises ConversationClosed."""
    _require_open(conversation)
    messages = [
        Message(conversation_id=conversation.id, n=conversation.last + 1 + i, at=now, words=each)
        for i, each in enumerate(words)
    ]
    return replace(conversation, last=conversation.last + len(messages), last_at=now), messages


def require_pace(recent: Sequence[datetime], now: datetime) -> None:
    """Raise TooManyMessages for who wrote too much within the last minute; `recent` is when, oldest first."""
    if len(recent) >= MOST_A_MINUTE:
        raise TooManyMessages(retry_after=max(ceil((recent[0] + MINUTE - now).total_seconds()), 1))


def ask_adviser(conversation: Conversation, now: datetime) -> Conversation:
    """Queue for an adviser; who waits or has one keeps their place. Raises ConversationClosed."""
    _require_open(conversation)
    if conversation.status is not ConversationStatus.ASSISTED:
        return conversation
    return replace(conversation, status=ConversationStatus.WAITING, waiting_since=now)


def claim(conversation: Conversation, adviser_id: UserId) -> Conversation:
    """Take it out of the queue. Raises ConversationClosed, ConversationTaken."""
    _require_open(conversation)
    if conversation.adviser_id == adviser_id:
        return conversation
    if conversation.status is not ConversationStatus.WAITING:
        raise ConversationTaken("a colleague has it, or nobody asked for an adviser")
    return replace(
        conversation, status=ConversationStatus.CLAIMED, adviser_id=adviser_id, read_by_adviser=conversation.last
    )


def transfer(conversation: Conversation, adviser_id: UserId, to: UserId | None, now: datetime) -> Conversation:
    """Give what one has claimed to a colleague, or (None) back to the queue.

    Raises ConversationClosed, ConversationNotClaimed.
    """
    require_claimed(conversation, adviser_id)
    if to is not None:
        return replace(conversation, adviser_id=to, read_by_adviser=0 if to != adviser_id else conversation.last)
    return replace(
        conversation, status=ConversationStatus.WAITING, adviser_id=None, waiting_since=now, read_by_adviser=0
    )


def close(conversation: Conversation, now: datetime) -> Conversation:
    if conversation.status is ConversationStatus.CLOSED:
        return conversation
    return replace(conversation, status=ConversationStatus.CLOSED, closed_at=now)


def read(conversation: Conversation, n: int, *, is_person: bool) -> Conversation:
    """Move one side's mark up to `n`: never back, never past the last message."""
    n = min(n, conversation.last)
    if is_person:
        return replace(conversation, read_by_person=max(n, conversation.read_by_person))
    return replace(conversation, read_by_adviser=max(n, conversation.read_by_adviser))


def require_claimed(conversation: Conversation, adviser_id: UserId) -> None:
    """Raise ConversationClosed, ConversationNotClaimed unless this adviser has it."""
    _require_open(conversation)
    if conversation.adviser_id != adviser_id:
        raise ConversationNotClaimed("claim the conversation first")


def _require_open(conversation: Conversation) -> None:
    if conversation.status is ConversationStatus.CLOSED:
        raise ConversationClosed("the conversation has ended")
