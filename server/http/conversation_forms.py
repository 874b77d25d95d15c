"""What is sent and given of conversations over HTTP; what the stream knows too is in `channels.frames.conversation`."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta
from typing_extensions import override

from approvals.model.conversation import ConversationStatus
from approvals.model.offered_file import OfferStatus
from approvals.model.person import Language
from channels.frames.content import PersonContent, StatedContent
from channels.frames.conversation import ConversationContent, MessageContent, MessageNumber, MessageText
from channels.frames.fields import Id, Milliseconds, RequestId, Sha256
from server.http.forms import Cursor, Form, Given, Limit, Typed


class MessagesQuery(Form, frozen=True, kw_only=True):
    """The last messages before number `before`; null for the very last."""

    before: MessageNumber | None = None
    limit: Limit = 50


class MessageForm(Form, frozen=True, kw_only=True):
    """A message; the same `req` twice is written once. The assistant answers in `language`, null for the person's."""

    req: RequestId
    text: MessageText
    language: Language | None = None

    @override
    def __repr__(self) -> str:
        return "MessageForm(…)"


class ReadMarkForm(Form, frozen=True, kw_only=True):
    """Messages up to `n` were seen."""

    n: MessageNumber


class ActionCardForm(Form, frozen=True, kw_only=True):
    """An action one has just started."""

    action: Id


class TransferForm(Form, frozen=True, kw_only=True):
    """The number of the colleague; null gives it back to the queue."""

    to: Typed | None = None


class ConversationsQuery(Form, frozen=True, kw_only=True):
    """One state of conversations; null for all that are not closed and wait for an adviser or have one."""

    status: ConversationStatus | None = None
    after: Cursor | None = None
    limit: Limit = 50


class TalkContent(Given, frozen=True, kw_only=True):
    """The open conversation or the last one, null where there was none, and its messages in order.

    `opens` is when an adviser is there next; null where one is there now, or no day is foreseen.
    """

    conversation: ConversationContent | None
    messages: Sequence[MessageContent]
    opens: Milliseconds | None


class QueuedContent(Given, frozen=True, kw_only=True):
    """A conversation, and whose it is."""

    conversation: ConversationContent
    person: PersonContent
    client_identifier: str
    company: str
    unread: Annotated[int, Meta(ge=0, description="Messages past the adviser's read mark.")]


class OfferedFileContent(Given, frozen=True, kw_only=True):
    """A payment file an adviser offers, as it stands; `actions` is what it would ask to be signed, while it is kept."""

    id: Id
    status: OfferStatus
    expires: Milliseconds
    sha256: Sha256
    size: Annotated[int, Meta(ge=0, description="Bytes.")]
    actions: Sequence[StatedContent]
