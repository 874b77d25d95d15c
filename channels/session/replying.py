"""What the desk answered: who this is, what the inbox holds, what came of a proof."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from approvals.errors import ApprovalError, LoginEnded, NotAuthenticated, PersonLocked
from approvals.model.inbox import EventKind
from channels.frames.closing import CloseCode
from channels.frames.from_device import MOST_BYTES_IN, Hello, Read, Say, Typing
from channels.frames.from_server import (
    Error,
    Event,
    LevelChanged,
    Limits,
    Refused,
    RequestError,
    Reset,
    ResetReason,
    Result,
    Said,
    Synced,
    Welcome,
)
from channels.session.clock import warn_if_short
from channels.session.happenings import (
    DeskRefused,
    DeviceRecognised,
    EventsRead,
    InboxFound,
    LoginStillGood,
    MessageTaken,
    PageSent,
    PersonAdmitted,
    ProofAnswered,
    RefusalTaken,
)
from channels.session.moves import Moved, close, drop_level, read_on, send
from channels.session.orders import (
    Admit,
    Converse,
    EndPage,
    FindInbox,
    Join,
    LookAgain,
    MoveCursor,
    OfferProof,
    ReadEvents,
    Recognise,
    SayNo,
    Send,
)
from channels.session.state import Feed, Phase, Session, SignedIn
from channels.views.times import milliseconds
from channels.wire_errors import problem_of, wire_error_of

_SIGNED_OUT: Final = (LoginEnded, NotAuthenticated, PersonLocked)
"""The person may not act here any more."""


# --- the greeting ------------------------------------------------------------------------------------------


def recognised(session: Session, device: DeviceRecognised) -> Moved:
    known = replace(session, device_id=device.device_id, user_id=device.user_id, acknowledged=device.cursor)
    if session.phase is not Phase.CHECKING or session.hello is None:
        return Moved(session)
    login = session.hello.login or session.hello.ticket
    return _enter(known) if login is None else Moved(known, (Admit(login),))


def admitted(session: Session, person: PersonAdmitted, now: datetime) -> Moved:
    """The level rises, or lasts longer; whoever was known before is the same person still."""
    signed_in = SignedIn(login_id=person.login_id, expires_at=person.expires_at)
    raised = replace(session, user_id=session.user_id or person.user_id, signed_in=signed_in)
    if session.phase is Phase.CHECKING:
        return _enter(raised)
    return _tell_level(raised, now)


def _enter(session: Session) -> Moved:
    """Subscribe first, then read (CHANNELS, "Resume" 2)."""
    if session.user_id is None:
        return Moved(session)
    return Moved(session, (Join(), FindInbox(session.user_id)))


def found(session: Session, inbox: InboxFound, now: datetime) -> Moved:
    """Welcome the device, and go on from where it is; or from the head, once it has fetched a snapshot."""
    if session.phase is not Phase.CHECKING or session.hello is None:
        return Moved(session)
    reason = _reset_reason(session.hello, inbox)
    cursor = session.hello.after if reason is None else inbox.head
    # The greeting has done its work: an idle session holds no tokens.
    opened = replace(session, phase=Phase.OPEN, hello=None, heard_at=now, confirmed=cursor, feed=Feed(cursor=cursor))
    welcomed = send(opened, _welcome(opened, inbox, now, is_resumed=reason is None))
    if reason is not None:
        welcomed = welcomed.then(Send(Reset(reason=reason, epoch=inbox.epoch, head=inbox.head)))
    reading = read_on(opened)
    return Moved(reading.session, (*welcomed.orders, *reading.orders))


def _reset_reason(hello: Hello, inbox: InboxFound) -> ResetReason | None:
    """A device that has nothing yet names no epoch: it is sent everything that is kept."""
    if hello.epoch != inbox.epoch and (hello.epoch is not None or hello.after > 0):
        return ResetReason.EPOCH
    if hello.after > inbox.head:
        return ResetReason.BEYOND_HEAD
    return ResetReason.PRUNED if hello.after < inbox.pruned else None


def _welcome(session: Session, inbox: InboxFound, now: datetime, *, is_resumed: bool) -> Welcome:
    stay, inbound = session.signed_in, session.pace.inbound
    return Welcome(
        level=session.level,
        session=session.id,
        epoch=inbox.epoch,
        head=inbox.head,
        resumed=is_resumed,
        heartbeat=int(session.pace.ping_every.total_seconds() * 1000),
        now=milliseconds(now),
        expires=None if stay is None else milliseconds(stay.expires_at),
        limits=Limits(
            frame_bytes=MOST_BYTES_IN, frames_per_minute=int(inbound.per_second * 60), burst=int(inbound.burst)
        ),
    )


# --- the inbox ---------------------------------------------------------------------------------------------


def delivered(session: Session, page: EventsRead) -> Moved:
    """Send a page. It counts as being read until the socket has taken it, so that no later event overtakes it."""
    if any(_shuts_out(session, event) for event in page.events):
        return close(session, CloseCode.REVOKED)
    seen = session if page.login is None else _prolong(session, page.login)
    cursor = page.events[-1].s if page.events else seen.feed.cursor
    sending = replace(seen, feed=replace(seen.feed, cursor=cursor))
    return Moved(sending, (*map(Send, page.events), EndPage(page.is_last)))


def page_sent(session: Session, page: PageSent) -> Moved:
    """Go on with the next page, or say that this was all."""
    is_done = page.is_last and not session.feed.is_dirty
    feed = Feed(cursor=session.feed.cursor, is_synced=session.feed.is_synced or is_done)
    sent = replace(session, feed=feed)
    if not is_done:
        return read_on(sent)
    return Moved(sent) if session.feed.is_synced else send(sent, Synced(s=feed.cursor))


def _shuts_out(session: Session, event: Event) -> bool:
    return event.kind is EventKind.DEVICE_REVOKED and event.id == session.device_id


# --- the signed-in stay ------------------------------------------------------------------------------------


def still_good(session: Session, login: LoginStillGood, now: datetime) -> Moved:
    """The login was read again: tell the device when it lasts longer, warn it when it is short."""
    before, after = session.signed_in, _prolong(session, login)
    if before is None or after.signed_in is None:
        return Moved(session)
    if after.signed_in.expires_at != before.expires_at:
        return _tell_level(after, now)
    return warn_if_short(after, now)


def _tell_level(session: Session, now: datetime) -> Moved:
    if session.signed_in is None:
        return Moved(session)
    expires = milliseconds(session.signed_in.expires_at)
    warned = warn_if_short(session, now)
    return Moved(warned.session, (Send(LevelChanged(level=session.level, expires=expires)), *warned.orders))


def _prolong(session: Session, login: LoginStillGood) -> Session:
    """Note when the login ends now; a login that was dropped meanwhile stays dropped."""
    stay = session.signed_in
    if stay is None or stay.login_id != login.login_id:
        return session
    is_same_end = stay.expires_at == login.expires_at
    signed_in = replace(stay, expires_at=login.expires_at, asked=False, warned=stay.warned and is_same_end)
    return replace(session, signed_in=signed_in)


# --- answers and refusals ----------------------------------------------------------------------------------


def answered(session: Session, happening: ProofAnswered | RefusalTaken | MessageTaken) -> Moved:
    """Tell the verdict; the person has acted, so the stay is read again."""
    told = send(session, _result(happening))
    return told if session.signed_in is None else told.then(LookAgain(session.signed_in.login_id))


def _result(happening: ProofAnswered | RefusalTaken | MessageTaken) -> Result:
    match happening:
        case ProofAnswered():
            return Result(req=happening.req, answered=happening.answered)
        case RefusalTaken():
            return Result(req=happening.req, refused=Refused(status=happening.status))
        case MessageTaken():
            said = Said(conversation=happening.conversation_id, n=happening.n)
            return Result(req=happening.req, said=said)


def refused(session: Session, happening: DeskRefused, now: datetime) -> Moved:
    """Tell why the desk said no, or close where nothing can go on without its yes."""
    error = happening.error
    match happening.question:
        case Recognise() | FindInbox():
            return close(session, _closing(error))
        case ReadEvents() if isinstance(error, _SIGNED_OUT):
            dropped = drop_level(replace(session, feed=replace(session.feed, is_reading=False)))
            if dropped.session.phase is Phase.CLOSED:
                return dropped
            reading = read_on(dropped.session)
            return Moved(reading.session, (*dropped.orders, *reading.orders))
        case ReadEvents():
            return close(session, _closing(error))
        case Admit() if session.phase is Phase.CHECKING:
            is_alone = session.device_id is None  # a ticket alone, and it is not good
            return close(session, _closing(error)) if is_alone else _enter(session)
        case Converse(frame=frame):
            return _conversation_refused(session, frame, error)
        case Admit() | MoveCursor():
            row = wire_error_of(error)
            return send(session, Error(code=error.code, req=None, retryable=row.retryable))
        case LookAgain():
            return _not_seen(session, error, now)
        case OfferProof(answer=frame) | SayNo(refusal=frame):
            return _tell_failure(session, frame.req, error)


def _conversation_refused(session: Session, frame: Say | Typing | Read, error: ApprovalError) -> Moved:
    """A message has its answer; of what needs none, the device hears what it got wrong."""
    if isinstance(frame, Say):
        return _tell_failure(session, frame.req, error)
    dropped = drop_level(session) if isinstance(error, _SIGNED_OUT) else Moved(session)
    told = Send(Error(code=error.code, req=None, retryable=wire_error_of(error).retryable))
    return Moved(dropped.session, (told, *dropped.orders))


def _tell_failure(session: Session, req: str, error: ApprovalError) -> Moved:
    told = Send(Result(req=req, error=_request_error(error)))
    dropped = drop_level(session) if isinstance(error, _SIGNED_OUT) else Moved(session)
    return Moved(dropped.session, (told, *dropped.orders))


def _not_seen(session: Session, error: ApprovalError, now: datetime) -> Moved:
    """The login could not be read again: it is over, or the store is away and time decides."""
    stay = session.signed_in
    if stay is None or isinstance(error, _SIGNED_OUT) or now >= stay.expires_at:
        return drop_level(session)
    return Moved(replace(session, signed_in=replace(stay, asked=False)))


def _closing(error: ApprovalError) -> CloseCode:
    row = wire_error_of(error)
    if row.status in {401, 403, 404}:
        return CloseCode.NOT_AUTHENTICATED
    return CloseCode.OVERLOADED if row.retryable else CloseCode.INTERNAL


def _request_error(error: ApprovalError) -> RequestError:
    problem = problem_of(error)
    return RequestError(
        code=problem.code,
        detail=problem.detail,
        retryable=wire_error_of(error).retryable,
        state=problem.state,
        expected=problem.expected,
        retry_after=problem.retry_after,
        choices=problem.choices,
    )
