"""What a device sends."""

from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta
from typing_extensions import override

from approvals.model.challenge import RefusalReason
from approvals.model.person import Language
from channels.frames.content import OfferedCode
from channels.frames.conversation import MessageNumber, MessageText
from channels.frames.fields import Capability, DeviceSignature, Epoch, Id, RequestId, Tab, Token
from channels.frames.fields import Sequence as EventNumber

VERSION: Final = 1
MOST_BYTES_IN: Final = 16 * 1024


class DeviceFrame(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """One text frame from a device. It may hold a code or a token, so it shows no more of itself than its type."""

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Hello(DeviceFrame, frozen=True, kw_only=True, tag="hello"):
    """The first frame: who is there, and how far it has read.

    `token` is the device's, `signature` is over the nonce (`approvals.credentials.device.signed_bytes`). `login` is the
    token of a signed-in stay where there is one; a browser, whose scripts cannot read it, shows a `ticket` instead. A
    screen that is no enrolled device has its ticket alone. `after` is the last event the device has of `epoch`.
    """

    v: Annotated[int, Meta(ge=1, le=1000)]
    tab: Tab
    device: Id | None = None
    token: Token | None = None
    signature: DeviceSignature | None = None
    ticket: Token | None = None
    epoch: Epoch | None = None
    after: EventNumber = 0
    login: Token | None = None
    caps: Annotated[Sequence[Capability], Meta(max_length=16)] = ()


class Ack(DeviceFrame, frozen=True, kw_only=True, tag="ack"):
    """Everything up to `s` is kept by the device: cumulative, idempotent."""

    s: EventNumber


class Answer(DeviceFrame, frozen=True, kw_only=True, tag="answer"):
    """A proof for one challenge; the same `req` twice is answered once."""

    req: RequestId
    challenge: Id
    proof: OfferedCode


class Refuse(DeviceFrame, frozen=True, kw_only=True, tag="refuse"):
    """The signer says no."""

    req: RequestId
    challenge: Id
    reason: RefusalReason


class Ping(DeviceFrame, frozen=True, kw_only=True, tag="ping"):
    """Is anybody there? `s` is the last event the device has."""

    s: EventNumber


class Auth(DeviceFrame, frozen=True, kw_only=True, tag="auth"):
    """The token of a login, or a ticket for it: signs the connection in, or renews it before its time is over."""

    token: Token


class Say(DeviceFrame, frozen=True, kw_only=True, tag="say"):
    """A message; the same `req` twice is written once.

    `conversation` is null for the person's own, which begins where none is open; an adviser names one they have
    claimed. The assistant answers in `language`, null for the person's.
    """

    req: RequestId
    text: MessageText
    conversation: Id | None = None
    language: Language | None = None


class Typing(DeviceFrame, frozen=True, kw_only=True, tag="typing"):
    """Somebody types; told to the other side's screens and kept nowhere."""

    conversation: Id | None = None


class Read(DeviceFrame, frozen=True, kw_only=True, tag="read"):
    """Messages up to `n` were seen: cumulative, idempotent."""

    n: MessageNumber
    conversation: Id | None = None


class Bye(DeviceFrame, frozen=True, kw_only=True, tag="bye"):
    """The device leaves."""


FromDevice: TypeAlias = Hello | Ack | Answer | Refuse | Say | Typing | Read | Ping | Auth | Bye

_DECODER: Final[msgspec.json.Decoder[FromDevice]] = msgspec.json.Decoder(FromDevice)


def read_frame(text: str) -> FromDevice:
    """Return the frame. Raises msgspec.DecodeError: not JSON; its subclass ValidationError: not a frame we take."""
    return _DECODER.decode(text)


class _Traces(msgspec.Struct, frozen=True, kw_only=True):
    v: int | None = None
    req: RequestId | None = None


def read_version(text: str) -> int | None:
    """Return the version a frame we cannot take speaks, if it says."""
    return _read_traces(text).v


def read_request_id(text: str) -> str | None:
    """Return the `req` of a frame we cannot take, if it has one."""
    return _read_traces(text).req


def _read_traces(text: str) -> _Traces:
    try:
        return msgspec.json.decode(text, type=_Traces)
    except msgspec.DecodeError:
        return _Traces()
