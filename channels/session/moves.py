"""What every rule of the session is made of: the next state with its orders, closing, dropping a level."""

from dataclasses import dataclass, replace

from channels.frames.closing import CloseCode
from channels.frames.from_server import FromServer, Level, LevelChanged
from channels.session.orders import Close, Order, ReadEvents, Send
from channels.session.state import Phase, Session


@dataclass(frozen=True, slots=True)
class Moved:
    """The connection after one happening, and what its driver must now do, in order."""

    session: Session
    orders: tuple[Order, ...] = ()

    def then(self, *orders: Order) -> "Moved":
        return replace(self, orders=(*self.orders, *orders))


def close(session: Session, code: CloseCode) -> Moved:
    return Moved(replace(session, phase=Phase.CLOSED, signed_in=None), (Close(code),))


def send(session: Session, frame: FromServer) -> Moved:
    return Moved(session, (Send(frame),))


def drop_level(session: Session) -> Moved:
    """The person is no longer signed in: the socket stays, device-bound (RULES 23); with no device it has no ground."""
    if session.signed_in is None:
        return Moved(session)
    if session.device_id is None:
        return close(session, CloseCode.NOT_AUTHENTICATED)
    dropped = replace(session, signed_in=None)
    if session.phase is not Phase.OPEN:
        return Moved(dropped)
    return send(dropped, LevelChanged(level=Level.DEVICE_BOUND, expires=None))


def read_on(session: Session) -> Moved:
    """Read the inbox from where it was left, unless a page is on its way: then once more after it."""
    if session.user_id is None:
        return Moved(session)
    if session.feed.is_reading:
        return Moved(replace(session, feed=replace(session.feed, is_dirty=True)))
    reading = replace(session, feed=replace(session.feed, is_reading=True, is_dirty=False))
    login_id = session.signed_in.login_id if session.signed_in else None
    return Moved(reading, (ReadEvents(user_id=session.user_id, after=session.feed.cursor, login_id=login_id),))
