"""What a connection's driver must do, in the order given."""

from dataclasses import dataclass, field
from typing import TypeAlias

from approvals.model.ids import DeviceId, LoginId, UserId
from channels.frames.closing import CloseCode
from channels.frames.from_device import Answer, Read, Refuse, Say, Typing
from channels.frames.from_server import FromServer


@dataclass(frozen=True, slots=True)
class Send:
    """One frame; `life.cleared` has the last word on it at the moment it goes."""

    frame: FromServer


@dataclass(frozen=True, slots=True)
class PingPeer:
    """A WebSocket ping of ours."""


@dataclass(frozen=True, slots=True)
class PongPeer:
    """The answer to the peer's."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """Say goodbye with this code, and let go of a peer that does not hear it."""

    code: CloseCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise:
    """Ask the desk whose device this is: its token, and its signature over the nonce."""

    device: str
    token: str = field(repr=False)
    signature: str = field(repr=False)
    nonce: str


@dataclass(frozen=True, slots=True)
class Admit:
    """Ask the desk who is signed in, by the token of a login or a ticket for it."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Join:
    """Take part in hints, before the inbox is read: none is missed between the two."""


@dataclass(frozen=True, slots=True)
class FindInbox:
    """Ask where the person's inbox stands."""

    user_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvents:
    """Read the page after `after`; with content for a login, opaque for none."""

    user_id: UserId
    after: int
    login_id: LoginId | None


@dataclass(frozen=True, slots=True)
class EndPage:
    """The page's events have gone before this; the next page is not read, nor sent, ahead of it."""

    is_last: bool


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Ask whether the login still holds: the person may have acted over HTTP."""

    login_id: LoginId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferProof:
    """Give the desk an answer."""

    login_id: LoginId
    user_id: UserId
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SayNo:
    """Give the desk a refusal."""

    login_id: LoginId
    refusal: Refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Converse:
    """Give the desk a message, a read mark, or word that somebody types."""

    login_id: LoginId
    frame: Say | Typing | Read


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCursor:
    """The device keeps everything up to `s`."""

    device_id: DeviceId
    s: int


Question: TypeAlias = (
    Recognise | Admit | FindInbox | ReadEvents | LookAgain | OfferProof | SayNo | Converse | MoveCursor
)
"""The orders the desk answers, or refuses."""

Order: TypeAlias = Question | Send | EndPage | PingPeer | PongPeer | Close | Join
