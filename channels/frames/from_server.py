"""What a device is sent."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta

from approvals.model.challenge import ChallengeStatus
from approvals.model.inbox import EventKind
from channels.frames.content import ActionContent, AnsweredContent, CardContent
from channels.frames.conversation import MessageContent, MessageNumber
from channels.frames.fields import Epoch, Id, Milliseconds, RequestId, Token
from channels.frames.fields import Sequence as EventNumber

MOST_BYTES_OUT: Final = 64 * 1024

Duration: TypeAlias = Annotated[int, Meta(ge=0, lt=2**53, description="Whole milliseconds.")]
ErrorCode: TypeAlias = Annotated[
    str, Meta(pattern=r"^[a-z0-9_]{1,64}(?![\s\S])", description="Stable: clients branch on it.")
]


class Level(StrEnum):
    """What a connection may be sent (RULES 23)."""

    DEVICE_BOUND = "device_bound"  # opaque ids and generic words
    SIGNED_IN = "signed_in"  # content


class ResetReason(StrEnum):
    """Why the device must fetch a snapshot before it goes on."""

    EPOCH = "epoch"  # the store was restored, or the device never said which it knew
    BEYOND_HEAD = "beyond_head"
    PRUNED = "pruned"


class ServerFrame(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """One text frame to a device. Every field is always there; what does not apply is null."""


class Challenge(ServerFrame, frozen=True, kw_only=True, tag="challenge"):
    """The first frame: the device signs the nonce and says hello."""

    nonce: Token


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the server takes: bytes a frame, frames a minute, how many of them at once."""

    frame_bytes: int
    frames_per_minute: int
    burst: int


class Welcome(ServerFrame, frozen=True, kw_only=True, tag="welcome"):
    """The device is known. `expires` is when the signed-in level ends unless the person acts, null below it.

    `resumed` is false when a `reset` follows. `heartbeat` is how often the server pings.
    """

    level: Level
    session: Id
    epoch: Epoch
    head: EventNumber
    resumed: bool
    heartbeat: Duration
    now: Milliseconds
    expires: Milliseconds | None
    limits: Limits


class LevelChanged(ServerFrame, frozen=True, kw_only=True, tag="level"):
    """The level is another, or lasts longer: an `auth` was taken, the person acted, or their time is over."""

    level: Level
    expires: Milliseconds | None


class Event(ServerFrame, frozen=True, kw_only=True, tag="event"):
    """Something happened.

    `id` is what it happened to (an action, a device, a conversation), null where none need be named. `words` tells a
    locked screen no content. `action` is how the action stands now: null below the signed-in level, where there is
    none, and where it is too long for a frame; it is then read over HTTP. `message` is the one written, null below the
    signed-in level and where nothing was.
    """

    s: EventNumber
    id: Id | None
    kind: EventKind
    at: Milliseconds
    words: str
    action: ActionContent | None
    message: MessageContent | None = None


class Synced(ServerFrame, frozen=True, kw_only=True, tag="synced"):
    """Everything up to `s` was sent; what follows is live."""

    s: EventNumber


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Where a challenge is, once its signer said no."""

    status: ChallengeStatus


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Where a message stands; what it says comes as an event."""

    conversation: Id
    n: MessageNumber


class RequestError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request came to nothing, as over HTTP; `retryable`: the same request may succeed later, unchanged."""

    code: ErrorCode
    detail: str
    retryable: bool
    state: str | None
    expected: int | None
    retry_after: int | None
    choices: Sequence[CardContent] | None


class Result(ServerFrame, frozen=True, kw_only=True, tag="result"):
    """What came of one `answer` (`answered`), `refuse` (`refused`) or `say` (`said`), or why nothing did (`error`)."""

    req: RequestId
    answered: AnsweredContent | None = None
    refused: Refused | None = None
    said: Said | None = None
    error: RequestError | None = None


class PeerTyping(ServerFrame, frozen=True, kw_only=True, tag="peer_typing"):
    """The other side of this conversation types."""

    conversation: Id


class AuthNeeded(ServerFrame, frozen=True, kw_only=True, tag="auth_needed"):
    """The signed-in level ends in so many milliseconds unless the person acts or an `auth` comes."""

    in_: Duration = msgspec.field(name="in")


class Reset(ServerFrame, frozen=True, kw_only=True, tag="reset"):
    """The device's history is not ours: it fetches a snapshot over HTTP; events after `head` follow."""

    reason: ResetReason
    epoch: Epoch
    head: EventNumber


class Drain(ServerFrame, frozen=True, kw_only=True, tag="drain"):
    """The server leaves; the device is closed soon, and comes back after so many milliseconds."""

    after_ms: Duration


class Pong(ServerFrame, frozen=True, kw_only=True, tag="pong"):
    """The answer to `ping`. `s` is the last event this connection was sent."""

    s: EventNumber
    now: Milliseconds


class Error(ServerFrame, frozen=True, kw_only=True, tag="error"):
    """A frame that could not be taken; `req` where it named one."""

    code: ErrorCode
    req: RequestId | None
    retryable: bool


FromServer: TypeAlias = (
    Challenge
    | Welcome
    | LevelChanged
    | Event
    | Synced
    | Result
    | PeerTyping
    | AuthNeeded
    | Reset
    | Drain
    | Pong
    | Error
)

_ENCODER: Final = msgspec.json.Encoder()


def write_frame(frame: FromServer) -> bytes:
    return _ENCODER.encode(frame)
