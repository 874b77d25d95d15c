"""What the peer sent: how often, in what order, and what it asks of the desk."""

from dataclasses import replace
from datetime import datetime
from typing import TypeAlias, assert_never

import msgspec

from channels.frames.closing import CloseCode
from channels.frames.from_device import (
    VERSION,
    Ack,
    Answer,
    Auth,
    Bye,
    FromDevice,
    Hello,
    Ping,
    Read,
    Refuse,
    Say,
    Typing,
    read_frame,
    read_request_id,
    read_version,
)
from channels.frames.from_server import Error, Pong
from channels.session.happenings import BinaryReceived, PingReceived, PongReceived, TextReceived
from channels.session.moves import Moved, close, send
from channels.session.orders import Admit, Converse, MoveCursor, OfferProof, PongPeer, Recognise, SayNo
from channels.session.state import Phase, Session
from channels.views.times import milliseconds

Received: TypeAlias = TextReceived | BinaryReceived | PingReceived | PongReceived


def hear(session: Session, received: Received, now: datetime) -> Moved:
    """Count the frame, note that the peer lives, and act on it."""
    allowance = session.allowance.refilled(now).taken()
    if allowance is None:
        return close(session, CloseCode.TOO_MANY_FRAMES)
    heard = replace(session, allowance=allowance, heard_at=now, pinged_at=None)
    match received:
        case TextReceived(text):
            return _take_text(heard, text, now)
        case BinaryReceived():
            return close(heard, CloseCode.BAD_PROTOCOL)
        case PingReceived(payload):
            return Moved(heard, (PongPeer(payload),))
        case PongReceived():
            return Moved(heard)


def _take_text(session: Session, text: str, now: datetime) -> Moved:
    try:
        frame = read_frame(text)
    except msgspec.ValidationError:
        return _cannot_take(session, text)
    except (msgspec.DecodeError, RecursionError):
        return close(session, CloseCode.BAD_PROTOCOL)
    match session.phase:
        case Phase.GREETING:
            return _greet(session, frame)
        case Phase.OPEN:
            return _take(session, frame, now)
        case Phase.CHECKING | Phase.CLOSED:
            return close(session, CloseCode.BAD_PROTOCOL)


def _cannot_take(session: Session, text: str) -> Moved:
    """JSON, but no frame of ours: fatal before the greeting is over, told and ignored after it."""
    if session.phase is Phase.OPEN:
        return send(session, Error(code="frame_invalid", req=read_request_id(text), retryable=False))
    is_newer = read_version(text) not in {None, VERSION}
    return close(session, CloseCode.VERSION if is_newer else CloseCode.BAD_PROTOCOL)


def _greet(session: Session, frame: FromDevice) -> Moved:
    if not isinstance(frame, Hello):
        return close(session, CloseCode.BAD_PROTOCOL)
    if frame.v != VERSION:
        return close(session, CloseCode.VERSION)
    greeted = replace(session, phase=Phase.CHECKING, hello=frame)
    match frame:
        case Hello(device=str(device), token=str(token), signature=str(signature)):
            return Moved(greeted, (Recognise(device=device, token=token, signature=signature, nonce=session.nonce),))
        case Hello(device=None, token=None, signature=None, login=None, ticket=str(ticket)):
            return Moved(greeted, (Admit(ticket),))
        case _:
            return close(session, CloseCode.BAD_PROTOCOL)


def _take(session: Session, frame: FromDevice, now: datetime) -> Moved:
    match frame:
        case Hello():
            return close(session, CloseCode.BAD_PROTOCOL)
        case Bye():
            return close(session, CloseCode.GOODBYE)
        case Ping():
            return send(session, Pong(s=session.feed.cursor, now=milliseconds(now)))
        case Ack():
            return _acknowledge(session, frame)
        case Auth():
            return Moved(session, (Admit(frame.token),))
        case Answer() | Refuse() | Say() | Typing() | Read():
            return _ask_desk(session, frame)
        case _:
            assert_never(frame)


def _acknowledge(session: Session, ack: Ack) -> Moved:
    """Only what was sent can be kept; what was acknowledged before moves nothing.

    The first word on what was sent is no flood, however much was sent at once: its frame is given back.
    """
    if ack.s > session.feed.cursor:
        return send(session, Error(code="ack_beyond", req=None, retryable=False))
    heard = session
    if ack.s > session.confirmed:
        heard = replace(session, confirmed=ack.s, allowance=session.allowance.given_back())
    if ack.s <= heard.acknowledged or heard.device_id is None:
        return Moved(heard)
    kept = replace(heard, acknowledged=ack.s)
    return Moved(kept, (MoveCursor(device_id=heard.device_id, s=ack.s),))


def _ask_desk(session: Session, frame: Answer | Refuse | Say | Typing | Read) -> Moved:
    """Whether the login still holds is read again in the desk's own transaction (RULES 22)."""
    if session.signed_in is None or session.user_id is None:
        req = None if isinstance(frame, Typing | Read) else frame.req
        return send(session, Error(code="not_authenticated", req=req, retryable=False))
    login_id = session.signed_in.login_id
    match frame:
        case Answer():
            return Moved(session, (OfferProof(login_id=login_id, user_id=session.user_id, answer=frame),))
        case Refuse():
            return Moved(session, (SayNo(login_id=login_id, refusal=frame),))
        case Say() | Typing() | Read():
            return Moved(session, (Converse(login_id=login_id, frame=frame),))
