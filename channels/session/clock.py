"""What time does to a connection: late greetings, heartbeats, the end of a signed-in stay."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from channels.frames.closing import CloseCode
from channels.frames.from_server import AuthNeeded
from channels.session.moves import Moved, close, send
from channels.session.orders import LookAgain, PingPeer
from channels.session.state import Phase, Session

_MILLISECOND: Final = timedelta(milliseconds=1)


def pass_time(session: Session, now: datetime) -> Moved:
    match session.phase:
        case Phase.GREETING if now >= session.opened_at + session.pace.hello_within:
            return close(session, CloseCode.HELLO_TOO_LATE)
        case Phase.OPEN:
            beaten = _beat(session, now)
            looked = _look(beaten.session, now)
            return Moved(looked.session, (*beaten.orders, *looked.orders))
        case _:
            return Moved(session)


def _beat(session: Session, now: datetime) -> Moved:
    """Ping a peer that is silent; give up on one that stays so."""
    if session.pinged_at is not None and now >= session.pinged_at + session.pace.pong_within:
        return close(session, CloseCode.NO_PONG)
    if session.pinged_at is not None or now < session.heard_at + session.pace.ping_every:
        return Moved(session)
    return Moved(replace(session, pinged_at=now), (PingPeer(),))


def _look(session: Session, now: datetime) -> Moved:
    """Before the stay is called over, read it again: the person may have acted over HTTP."""
    stay, looks_at = session.signed_in, session.looks_at
    if stay is None or looks_at is None or now < looks_at:
        return Moved(session)
    return Moved(replace(session, signed_in=replace(stay, asked=True)), (LookAgain(stay.login_id),))


def warn_if_short(session: Session, now: datetime) -> Moved:
    """Tell the device, once for each end, that its signed-in stay is about to be over."""
    stay = session.signed_in
    if stay is None or stay.warned or now < stay.expires_at - session.pace.warn_before:
        return Moved(session)
    warned = replace(session, signed_in=replace(stay, warned=True))
    left = max(stay.expires_at - now, timedelta())
    return send(warned, AuthNeeded(in_=left // _MILLISECOND))
