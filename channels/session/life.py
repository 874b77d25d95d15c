"""The rules in one place: `open_session`, `step`, and `cleared`, the last word on every frame."""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from channels.frames.from_server import Challenge, Drain, Event, FromServer, PeerTyping
from channels.session.bucket import Bucket
from channels.session.clock import pass_time
from channels.session.happenings import (
    BinaryReceived,
    ClosingAsked,
    DeskRefused,
    DeviceRecognised,
    DrainBegan,
    EventsRead,
    Happening,
    HeadMoved,
    InboxFound,
    LoginOver,
    LoginStillGood,
    MessageTaken,
    PageSent,
    PeerTypes,
    PersonAdmitted,
    PingReceived,
    PongReceived,
    ProofAnswered,
    RefusalTaken,
    TextReceived,
    TimePassed,
)
from channels.session.hearing import hear
from channels.session.moves import Moved, close, drop_level, read_on, send
from channels.session.replying import admitted, answered, delivered, found, page_sent, recognised, refused, still_good
from channels.session.state import Pace, Phase, Session


def open_session(session_id: str, nonce: str, pace: Pace, now: datetime) -> Moved:
    """The server speaks first (RULES 22)."""
    session = Session(
        id=session_id,
        nonce=nonce,
        pace=pace,
        opened_at=now,
        heard_at=now,
        allowance=Bucket.full(pace.inbound, now),
    )
    return send(session, Challenge(nonce=nonce))


def step(session: Session, happening: Happening, now: datetime) -> Moved:
    """Apply what happened; nothing happens to a connection that is closed."""
    if session.phase is Phase.CLOSED:
        return Moved(session)
    match happening:
        case TextReceived() | BinaryReceived() | PingReceived() | PongReceived():
            return hear(session, happening, now)
        case TimePassed():
            return pass_time(session, now)
        case HeadMoved() | DrainBegan() | ClosingAsked() | LoginOver() | PeerTypes():
            return _told_by_house(session, happening)
        case _:
            return _told_by_desk(session, happening, now)


def _told_by_house(session: Session, happening: HeadMoved | DrainBegan | ClosingAsked | LoginOver | PeerTypes) -> Moved:
    match happening:
        case ClosingAsked(code):
            return close(session, code)
        case LoginOver():
            return drop_level(session)
        case HeadMoved(head) if session.phase is Phase.OPEN and head > session.feed.cursor:
            return read_on(session)
        case DrainBegan(after_ms) if session.phase is Phase.OPEN:
            return send(session, Drain(after_ms=after_ms))
        case PeerTypes(conversation_id) if session.phase is Phase.OPEN:
            return send(session, PeerTyping(conversation=conversation_id))
        case HeadMoved() | DrainBegan() | PeerTypes():
            return Moved(session)


def _told_by_desk(
    session: Session,
    happening: DeviceRecognised
    | PersonAdmitted
    | LoginStillGood
    | DeskRefused
    | InboxFound
    | EventsRead
    | PageSent
    | ProofAnswered
    | RefusalTaken
    | MessageTaken,
    now: datetime,
) -> Moved:
    match happening:
        case DeviceRecognised():
            return recognised(session, happening)
        case PersonAdmitted():
            return admitted(session, happening, now)
        case LoginStillGood():
            return still_good(session, happening, now)
        case InboxFound():
            return found(session, happening, now)
        case EventsRead():
            return delivered(session, happening)
        case PageSent():
            return page_sent(session, happening)
        case ProofAnswered() | RefusalTaken() | MessageTaken():
            return answered(session, happening)
        case DeskRefused():
            return refused(session, happening, now)
        case _:
            assert_never(happening)


def cleared(session: Session, frame: FromServer, now: datetime) -> FromServer | None:
    """Return the frame as it may go now: None after the close, without content once the person's time is over.

    Asked at the moment of sending: a slow peer may have let minutes pass since the frame was ordered.
    """
    if session.phase is Phase.CLOSED:
        return None
    stay = session.signed_in
    if isinstance(frame, Event) and (stay is None or now >= stay.expires_at):
        return replace(frame, action=None, message=None)
    if isinstance(frame, PeerTyping) and (stay is None or now >= stay.expires_at):
        return None
    return frame
