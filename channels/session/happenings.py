"""What may happen to a connection: frames, answers of the desk, hints, time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from approvals.errors import ApprovalError
from approvals.model.challenge import ChallengeStatus
from approvals.model.ids import ConversationId, DeviceId, LoginId, UserId
from channels.frames.closing import CloseCode
from channels.frames.content import AnsweredContent
from channels.frames.from_server import Event
from channels.session.orders import Question


@dataclass(frozen=True, slots=True)
class TextReceived:
    """A text frame; it may hold a code."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BinaryReceived:
    """A binary frame: we speak text."""


@dataclass(frozen=True, slots=True)
class PingReceived:
    """The peer's own ping, with what it wants back."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class PongReceived:
    """The peer is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRecognised:
    """The hello is genuine. `cursor` is the last event the device acknowledged."""

    device_id: DeviceId
    user_id: UserId
    cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdmitted:
    """The login of this person is good until then, unless they act."""

    user_id: UserId
    login_id: LoginId
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginStillGood:
    """The login was read again; it ends then unless the person acts."""

    login_id: LoginId
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LoginOver:
    """The login ended: signed out, locked, or its time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRefused:
    """The desk said no to an order."""

    question: Question
    error: ApprovalError


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFound:
    """Where the person's inbox stands."""

    epoch: str
    head: int
    pruned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsRead:
    """A page of the inbox, rendered. `is_last` when there was nothing after it.

    `login` is as read with the page's content, None for an opaque page.
    """

    events: Sequence[Event]
    is_last: bool
    login: LoginStillGood | None = None


@dataclass(frozen=True, slots=True)
class PageSent:
    """The socket has taken the whole page; a slow peer may have let others grow meanwhile."""

    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofAnswered:
    """The desk judged an answer."""

    req: str
    answered: AnsweredContent


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalTaken:
    """The desk took the signer's no."""

    req: str
    status: ChallengeStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTaken:
    """The desk wrote a message down."""

    req: str
    conversation_id: ConversationId
    n: int


@dataclass(frozen=True, slots=True)
class PeerTypes:
    """The other side of this conversation types."""

    conversation_id: ConversationId


@dataclass(frozen=True, slots=True)
class HeadMoved:
    """A hint: the inbox has come to `head`."""

    head: int


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Somebody looked at the clock."""


@dataclass(frozen=True, slots=True)
class DrainBegan:
    """The server leaves; the device is to come back after so many milliseconds."""

    after_ms: int


@dataclass(frozen=True, slots=True)
class ClosingAsked:
    """The house closes the connection: replaced, revoked, drained."""

    code: CloseCode


Happening: TypeAlias = (
    TextReceived
    | BinaryReceived
    | PingReceived
    | PongReceived
    | DeviceRecognised
    | PersonAdmitted
    | LoginStillGood
    | LoginOver
    | DeskRefused
    | InboxFound
    | EventsRead
    | PageSent
    | ProofAnswered
    | RefusalTaken
    | MessageTaken
    | PeerTypes
    | HeadMoved
    | TimePassed
    | DrainBegan
    | ClosingAsked
)
