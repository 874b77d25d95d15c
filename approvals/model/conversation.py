"""What a person and the bank write to each other: one conversation open at a time, its messages numbered from 1."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import ActionId, ConversationId, SubscriptionId, UserId


class ConversationStatus(StrEnum):
    """Who answers."""

    ASSISTED = "assisted"  # the assistant
    WAITING = "waiting"  # nobody yet: an adviser was asked for
    CLAIMED = "claimed"  # one adviser
    CLOSED = "closed"


class Author(StrEnum):
    """Who wrote a message."""

    PERSON = "person"
    ASSISTANT = "assistant"
    ADVISER = "adviser"
    HOUSE = "house"  # what became of the conversation


class MessageKind(StrEnum):
    """What a message shows, and which of its fields say it."""

    TEXT = "text"  # `text`
    ANSWER = "answer"  # `text`, of the entry `subject`; `starts` names the action it can begin
    SUGGESTIONS = "suggestions"  # `choices`
    NOTICE = "notice"  # `subject` is a `Notice`
    ACTION = "action"  # `action_id`
    FILE = "file"  # `subject` is an offered file's id


class Notice(StrEnum):
    """What became of a conversation, told in it."""

    WAITING = "waiting"
    AWAY = "away"  # waiting, and the desk is closed
    CLAIMED = "claimed"
    TRANSFERRED = "transferred"
    CLOSED = "closed"
    FILE_CONFIRMED = "file_confirmed"
    FILE_DECLINED = "file_declined"
    FILE_TAKEN_BACK = "file_taken_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A question the assistant can answer."""

    entry: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is to be written, before it has its number."""

    author: Author
    kind: MessageKind
    author_id: UserId | None = None
    text: str = ""
    subject: str | None = None
    choices: tuple[Choice, ...] = ()
    starts: str | None = None
    action_id: ActionId | None = None
    req: str | None = None  # the sender's own name for it: the same twice is written once


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message, as kept."""

    conversation_id: ConversationId
    n: int
    at: datetime
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`last` is the number of its last message; the two read marks are the last each side has seen.

    `waiting_since` orders the queue; `adviser_id` is who has it, or had it when it was closed.
    """

    id: ConversationId
    user_id: UserId
    subscription_id: SubscriptionId
    status: ConversationStatus
    opened_at: datetime
    last_at: datetime
    last: int = 0
    read_by_person: int = 0
    read_by_adviser: int = 0
    waiting_since: datetime | None = None
    adviser_id: UserId | None = None
    closed_at: datetime | None = None
    version: int = 0
