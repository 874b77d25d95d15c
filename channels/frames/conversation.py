"""Conversations as both sides are shown them. How they are filled is `channels.views.conversations`'."""

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from msgspec import Meta

from approvals.model.conversation import Author, ConversationStatus, MessageKind
from channels.frames.content import Content, PersonContent
from channels.frames.fields import Id, Milliseconds

MessageNumber: TypeAlias = Annotated[int, Meta(ge=0, lt=2**53, description="A message's number in its conversation.")]
MessageText: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=4000,
        pattern=r"^[^\x00]+(?![\s\S])",
        description="Plain text. A bare group of 6 to 10 digits is refused: it may be a live code.",
    ),
]


class ChoiceContent(Content, frozen=True, kw_only=True):
    """A question the assistant can answer."""

    entry: str
    question: str


class MessageContent(Content, frozen=True, kw_only=True):
    """One message; its `kind` says what it shows.

    `text` of `text` and `answer`; `subject` is the entry answered, or for a `notice` what became of the conversation
    or of a file in it (`waiting`, `away`, `claimed`, `transferred`, `closed`, `file_confirmed`, `file_declined`,
    `file_taken_back`), or for a `file` the id of what an adviser offers; `choices` of `suggestions`; `starts` is a kind
    of action that an answer can begin; `action` is what an `action` card shows, as it stands when it is looked at.
    """

    conversation: Id
    n: MessageNumber
    at: Milliseconds
    author: Author
    name: str | None
    kind: MessageKind
    text: str
    subject: str | None
    choices: Sequence[ChoiceContent]
    starts: str | None
    action: Id | None


class ConversationContent(Content, frozen=True, kw_only=True):
    """Where a conversation stands; `last` is its last message, the marks are the last each side has read."""

    id: Id
    status: ConversationStatus
    opened: Milliseconds
    last_at: Milliseconds
    last: MessageNumber
    read_by_person: MessageNumber
    read_by_adviser: MessageNumber
    waiting_since: Milliseconds | None
    adviser: PersonContent | None
