from datetime import timedelta

import pytest

from approvals.errors import ChallengeClosed, LoginEnded, NotAuthenticated, PersonLocked, StoreUnavailable
from approvals.model.challenge import ChallengeStatus
from approvals.model.inbox import EventKind
from approvals.model.proof import Answer
from channels.frames.closing import CloseCode
from channels.frames.content import AnsweredContent
from channels.frames.from_server import (
    AuthNeeded,
    Challenge,
    Drain,
    Error,
    Event,
    Level,
    LevelChanged,
    Pong,
    Reset,
    ResetReason,
    Result,
    Synced,
    Welcome,
)
from channels.session.happenings import (
    BinaryReceived,
    ClosingAsked,
    DeskRefused,
    DeviceRecognised,
    DrainBegan,
    EventsRead,
    HeadMoved,
    InboxFound,
    LoginOver,
    LoginStillGood,
    PersonAdmitted,
    PingReceived,
    PongReceived,
    ProofAnswered,
    RefusalTaken,
    TextReceived,
    TimePassed,
)
from channels.session.orders import (
    Admit,
    FindInbox,
    Join,
    LookAgain,
    MoveCursor,
    OfferProof,
    PingPeer,
    PongPeer,
    ReadEvents,
    Recognise,
    SayNo,
)
from channels.session.state import Phase
from tests.channels.conversation import ANSWER, DEVICE, EPOCH, HELLO, LOGIN, PERSON, Conversation, event, opaque

SECOND = timedelta(seconds=1)


@pytest.fixture
def talk() -> Conversation:
    return Conversation()


# --- the greeting ------------------------------------------------------------------------------------------


def test_the_server_speaks_first(talk: Conversation) -> None:
    assert talk.sent == [Challenge(nonce="nonce")]


def test_a_hello_is_put_to_the_desk_with_the_nonce(talk: Conversation) -> None:
    talk.says(HELLO)
    assert talk.ordered(Recognise).nonce == "nonce"


def test_a_known_device_takes_part_in_hints_before_its_inbox_is_read(talk: Conversation) -> None:
    talk.says(HELLO)
    talk.happens(DeviceRecognised(device_id=DEVICE, user_id=PERSON, cursor=0))
    assert talk.orders == (Join(), FindInbox(PERSON))


def test_a_device_that_is_signed_in_already_says_so_in_its_hello(talk: Conversation) -> None:
    talk.says({**HELLO, "login": "ctl_secret"})
    talk.happens(DeviceRecognised(device_id=DEVICE, user_id=PERSON, cursor=0))
    assert talk.orders == (Admit("ctl_secret"),)
    talk.happens(PersonAdmitted(login_id=LOGIN, expires_at=talk.now + timedelta(minutes=5)))
    talk.happens(InboxFound(epoch=EPOCH, head=0, pruned=0))
    assert talk.last(Welcome).level is Level.SIGNED_IN


def test_a_login_that_is_over_still_lets_the_device_in(talk: Conversation) -> None:
    talk.says({**HELLO, "login": "ctl_secret"})
    talk.happens(DeviceRecognised(device_id=DEVICE, user_id=PERSON, cursor=0))
    talk.happens(DeskRefused(question=talk.ordered(Admit), error=LoginEnded("over")))
    talk.happens(InboxFound(epoch=EPOCH, head=0, pruned=0))
    assert talk.last(Welcome).level is Level.DEVICE_BOUND


def test_an_unknown_device_is_closed_with_4001(talk: Conversation) -> None:
    talk.says(HELLO)
    talk.happens(DeskRefused(question=talk.ordered(Recognise), error=NotAuthenticated("no")))
    assert talk.close_code == CloseCode.NOT_AUTHENTICATED


def test_a_store_that_is_away_makes_a_device_back_off(talk: Conversation) -> None:
    talk.says(HELLO)
    talk.happens(DeskRefused(question=talk.ordered(Recognise), error=StoreUnavailable("away")))
    assert talk.close_code == CloseCode.OVERLOADED


def test_no_hello_within_ten_seconds_is_closed_with_4102(talk: Conversation) -> None:
    talk.happens(TimePassed(), after=9 * SECOND)
    assert talk.close_code is None
    talk.happens(TimePassed(), after=SECOND)
    assert talk.close_code == CloseCode.HELLO_TOO_LATE


@pytest.mark.parametrize("first", [ANSWER, {"type": "bye"}, {"type": "ping", "s": 0}, {"type": "auth", "token": "x"}])
def test_anything_before_hello_is_closed_with_4000(talk: Conversation, first: dict[str, str]) -> None:
    talk.says({**first})
    assert talk.close_code == CloseCode.BAD_PROTOCOL


def test_another_version_is_closed_with_4003(talk: Conversation) -> None:
    talk.says({**HELLO, "v": 2})
    assert talk.close_code == CloseCode.VERSION


def test_another_version_is_told_even_when_its_hello_has_another_shape(talk: Conversation) -> None:
    talk.says({"type": "hello", "v": 2, "ticket": "x"})
    assert talk.close_code == CloseCode.VERSION


def test_a_ticket_in_place_of_a_token_is_no_hello_yet(talk: Conversation) -> None:
    talk.says({"type": "hello", "v": 1, "device": DEVICE, "tab": "main", "ticket": "x"})
    assert talk.close_code == CloseCode.BAD_PROTOCOL


@pytest.mark.parametrize("text", ["", "hello", "{", "[" * 16_000, '{"type":"hello"', "\x00"])
def test_what_is_no_json_is_closed_with_4000(talk: Conversation, text: str) -> None:
    talk.happens(TextReceived(text))
    assert talk.close_code == CloseCode.BAD_PROTOCOL


def test_a_second_hello_is_closed_with_4000(talk: Conversation) -> None:
    talk.syncs()
    talk.says(HELLO)
    assert talk.close_code == CloseCode.BAD_PROTOCOL


def test_unknown_fields_are_ignored(talk: Conversation) -> None:
    talk.says({**HELLO, "battery": 80})
    assert talk.ordered(Recognise).hello.tab == "main"


# --- resume ------------------------------------------------------------------------------------------------


def test_a_device_goes_on_from_the_event_it_has(talk: Conversation) -> None:
    talk.greets(after=3, head=5)
    assert talk.ordered(ReadEvents).after == 3
    assert talk.last(Welcome).resumed


def test_a_first_connection_is_sent_everything_that_is_kept(talk: Conversation) -> None:
    talk.greets(epoch=None, head=5)
    assert talk.ordered(ReadEvents).after == 0
    assert talk.last(Welcome).resumed


@pytest.mark.parametrize(
    ("after", "epoch", "head", "pruned", "reason"),
    [
        (3, "another", 5, 0, ResetReason.EPOCH),
        (3, None, 5, 0, ResetReason.EPOCH),
        (6, EPOCH, 5, 0, ResetReason.BEYOND_HEAD),
        (1, EPOCH, 5, 2, ResetReason.PRUNED),
        (0, None, 5, 2, ResetReason.PRUNED),
    ],
)
def test_a_history_that_is_not_ours_is_reset_once_and_goes_on_from_the_head(
    talk: Conversation, after: int, epoch: str | None, head: int, pruned: int, reason: ResetReason
) -> None:
    talk.greets(after=after, epoch=epoch, head=head, pruned=pruned)
    assert not talk.last(Welcome).resumed
    assert [frame for frame in talk.sent if isinstance(frame, Reset)] == [Reset(reason=reason, epoch=EPOCH, head=head)]
    assert talk.ordered(ReadEvents).after == head


def test_the_last_event_pruned_is_not_missed_by_a_device_that_has_it(talk: Conversation) -> None:
    talk.greets(after=2, head=5, pruned=2)
    assert talk.last(Welcome).resumed


def test_a_full_page_is_followed_by_the_next_one(talk: Conversation) -> None:
    talk.greets(head=3)
    talk.happens(EventsRead(events=(opaque(1), opaque(2)), is_last=False))
    assert talk.ordered(ReadEvents).after == 2


def test_synced_is_said_once_when_everything_was_sent(talk: Conversation) -> None:
    talk.greets(head=2)
    talk.happens(EventsRead(events=(opaque(1), opaque(2)), is_last=True))
    talk.happens(HeadMoved(3))
    talk.happens(EventsRead(events=(opaque(3),), is_last=True))
    assert [frame.s for frame in talk.sent if isinstance(frame, Synced)] == [2]
    assert [frame.s for frame in talk.sent if isinstance(frame, Event)] == [1, 2, 3]


def test_a_hint_during_a_read_makes_one_more_read_and_no_queue(talk: Conversation) -> None:
    talk.greets(head=1)
    talk.happens(HeadMoved(2))
    talk.happens(HeadMoved(3))
    assert talk.orders == ()
    talk.happens(EventsRead(events=(opaque(1),), is_last=True))
    assert talk.ordered(ReadEvents).after == 1
    talk.happens(EventsRead(events=(opaque(2), opaque(3)), is_last=True))
    assert talk.last(Synced).s == 3


def test_a_hint_of_what_was_sent_already_costs_no_read(talk: Conversation) -> None:
    talk.greets(after=4, head=4)
    talk.happens(EventsRead(events=(), is_last=True))
    talk.happens(HeadMoved(4))
    assert talk.orders == ()


def test_the_end_of_a_device_is_the_end_of_its_connection(talk: Conversation) -> None:
    talk.syncs()
    talk.happens(EventsRead(events=(opaque(1, EventKind.DEVICE_REVOKED, DEVICE),), is_last=True))
    assert talk.close_code == CloseCode.REVOKED


def test_the_end_of_another_device_is_an_event_like_any(talk: Conversation) -> None:
    talk.syncs()
    talk.happens(EventsRead(events=(opaque(1, EventKind.DEVICE_REVOKED, "dev_2"),), is_last=True))
    assert talk.last(Event).s == 1


# --- acknowledging -----------------------------------------------------------------------------------------


def test_an_acknowledgement_moves_the_device_s_cursor_once(talk: Conversation) -> None:
    talk.greets(after=5, head=5)
    talk.says({"type": "ack", "s": 4})
    assert talk.ordered(MoveCursor) == MoveCursor(device_id=DEVICE, s=4)
    talk.says({"type": "ack", "s": 4})
    assert talk.orders == ()


def test_what_was_never_sent_cannot_be_acknowledged(talk: Conversation) -> None:
    talk.syncs()
    talk.says({"type": "ack", "s": 1})
    assert talk.last(Error).code == "ack_beyond"


# --- levels ------------------------------------------------------------------------------------------------


def test_an_auth_raises_the_level(talk: Conversation) -> None:
    talk.signs_in()
    assert talk.last(LevelChanged).level is Level.SIGNED_IN


def test_a_refused_auth_is_told_and_changes_nothing(talk: Conversation) -> None:
    talk.syncs()
    talk.says({"type": "auth", "token": "ctl_wrong"})
    talk.happens(DeskRefused(question=talk.ordered(Admit), error=NotAuthenticated("no")))
    assert talk.last(Error) == Error(code="not_authenticated", req=None, retryable=False)
    assert talk.session.level is Level.DEVICE_BOUND


def test_an_answer_without_a_signed_in_person_never_reaches_the_desk(talk: Conversation) -> None:
    talk.syncs()
    talk.says(ANSWER)
    assert talk.last(Error) == Error(code="not_authenticated", req="r1", retryable=False)


def test_content_is_read_for_the_login_and_opaque_without_one(talk: Conversation) -> None:
    talk.greets()
    assert talk.ordered(ReadEvents).login_id is None
    talk.happens(EventsRead(events=(), is_last=True))
    talk.happens(PersonAdmitted(login_id=LOGIN, expires_at=talk.now + timedelta(minutes=5)))
    talk.happens(HeadMoved(1))
    assert talk.ordered(ReadEvents).login_id == LOGIN


def test_content_that_comes_after_the_person_has_left_goes_without_it(talk: Conversation) -> None:
    talk.signs_in()
    talk.happens(HeadMoved(1))
    talk.happens(LoginOver())
    talk.happens(EventsRead(events=(event(1),), is_last=True))
    assert talk.last(Event).action is None


def test_content_goes_to_a_person_who_is_signed_in(talk: Conversation) -> None:
    talk.signs_in()
    talk.happens(EventsRead(events=(event(1),), is_last=True))
    assert talk.last(Event).action is not None


def test_a_person_who_has_left_while_a_page_was_read_gets_it_opaque(talk: Conversation) -> None:
    talk.signs_in()
    talk.happens(HeadMoved(1))
    talk.happens(DeskRefused(question=talk.ordered(ReadEvents), error=LoginEnded("over")))
    assert talk.last(LevelChanged) == LevelChanged(level=Level.DEVICE_BOUND, expires=None)
    assert talk.ordered(ReadEvents).login_id is None


def test_a_person_is_warned_sixty_seconds_before_the_end_and_once(talk: Conversation) -> None:
    talk.signs_in(ends_in=timedelta(seconds=100))
    talk.happens(PongReceived(), after=40 * SECOND)
    talk.happens(TimePassed())
    assert talk.ordered(LookAgain) == LookAgain(LOGIN)
    talk.happens(LoginStillGood(login_id=LOGIN, expires_at=talk.now + 60 * SECOND))
    assert talk.last(AuthNeeded).in_ == 60_000
    talk.happens(TimePassed())
    assert talk.orders == ()


def test_a_person_who_acted_over_http_is_not_warned(talk: Conversation) -> None:
    talk.signs_in(ends_in=timedelta(seconds=100))
    talk.happens(PongReceived(), after=40 * SECOND)
    talk.happens(TimePassed())
    later = talk.now + timedelta(minutes=5)
    talk.happens(LoginStillGood(login_id=LOGIN, expires_at=later))
    assert [frame for frame in talk.sent if isinstance(frame, AuthNeeded)] == []
    assert talk.last(LevelChanged).level is Level.SIGNED_IN


def test_idleness_drops_the_person_and_leaves_the_device(talk: Conversation) -> None:
    talk.signs_in(ends_in=timedelta(seconds=50))
    talk.happens(PongReceived(), after=50 * SECOND)
    talk.happens(TimePassed())
    talk.happens(DeskRefused(question=talk.ordered(LookAgain), error=LoginEnded("idle")))
    assert talk.last(LevelChanged).level is Level.DEVICE_BOUND
    assert talk.session.phase is Phase.OPEN


@pytest.mark.parametrize("frame", [{"type": "ping", "s": 0}, {"type": "ack", "s": 0}])
def test_what_no_person_does_renews_nothing(talk: Conversation, frame: dict[str, str]) -> None:
    talk.signs_in()
    before = talk.session.signed_in
    talk.says({**frame})
    assert talk.session.signed_in == before
    assert not [order for order in talk.orders if isinstance(order, LookAgain)]


def test_a_store_that_is_away_keeps_nobody_signed_in_past_their_time(talk: Conversation) -> None:
    talk.signs_in(ends_in=timedelta(seconds=50))
    talk.happens(PongReceived(), after=50 * SECOND)
    talk.happens(TimePassed())
    talk.happens(DeskRefused(question=talk.ordered(LookAgain), error=StoreUnavailable("away")))
    assert talk.session.level is Level.DEVICE_BOUND


def test_a_store_that_is_away_drops_nobody_before_their_time(talk: Conversation) -> None:
    talk.signs_in(ends_in=timedelta(seconds=100))
    talk.happens(PongReceived(), after=40 * SECOND)
    talk.happens(TimePassed())
    talk.happens(DeskRefused(question=talk.ordered(LookAgain), error=StoreUnavailable("away")))
    assert talk.session.level is Level.SIGNED_IN
    talk.happens(TimePassed())
    assert talk.ordered(LookAgain) == LookAgain(LOGIN)


def test_a_login_read_again_does_not_bring_back_one_that_was_ended(talk: Conversation) -> None:
    talk.signs_in()
    talk.happens(LoginOver())
    talk.happens(LoginStillGood(login_id=LOGIN, expires_at=talk.now + timedelta(minutes=5)))
    assert talk.session.level is Level.DEVICE_BOUND


# --- answers -----------------------------------------------------------------------------------------------


def test_an_answer_is_given_to_the_desk_and_its_verdict_to_the_device(talk: Conversation) -> None:
    talk.signs_in()
    talk.says(ANSWER)
    assert talk.ordered(OfferProof).answer.proof.code == "12345678"
    verdict = AnsweredContent(answer=Answer.PROOF_REFUSED, attempts_left=2)
    talk.happens(ProofAnswered(req="r1", answered=verdict))
    assert talk.last(Result) == Result(req="r1", answered=verdict)


def test_an_answer_is_a_human_act_so_the_stay_is_read_again(talk: Conversation) -> None:
    talk.signs_in()
    talk.happens(ProofAnswered(req="r1", answered=AnsweredContent(answer=Answer.ACCEPTED, attempts_left=5)))
    assert talk.ordered(LookAgain) == LookAgain(LOGIN)


def test_a_refusal_is_given_to_the_desk(talk: Conversation) -> None:
    talk.signs_in()
    talk.says({"type": "refuse", "req": "r2", "challenge": "chl_1", "reason": "not_me"})
    assert talk.ordered(SayNo).refusal.reason.value == "not_me"
    talk.happens(RefusalTaken(req="r2", status=ChallengeStatus.REFUSED))
    refused = talk.last(Result).refused
    assert refused is not None
    assert refused.status is ChallengeStatus.REFUSED


def test_an_answer_the_desk_cannot_take_is_told_with_its_reason(talk: Conversation) -> None:
    talk.signs_in()
    talk.says(ANSWER)
    talk.happens(DeskRefused(question=talk.ordered(OfferProof), error=ChallengeClosed("expired")))
    error = talk.last(Result).error
    assert error is not None
    assert (error.code, error.state, error.retryable) == ("challenge_closed", "expired", False)
    assert talk.session.level is Level.SIGNED_IN


@pytest.mark.parametrize("error", [LoginEnded("over"), PersonLocked("locked")])
def test_an_answer_of_somebody_who_may_not_act_drops_the_level(
    talk: Conversation, error: LoginEnded | PersonLocked
) -> None:
    talk.signs_in()
    talk.says(ANSWER)
    talk.happens(DeskRefused(question=talk.ordered(OfferProof), error=error))
    assert talk.last(LevelChanged).level is Level.DEVICE_BOUND


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "say", "req": "r9", "text": "hello"},
        {**ANSWER, "req": "r9", "proof": {"method": "cap", "code": "12345678\n"}},
        {**ANSWER, "req": "r9", "proof": {"method": "cap", "code": "\N{ARABIC-INDIC DIGIT ONE}" * 8}},
        {**ANSWER, "req": "r9", "proof": {"method": "cap", "code": "1" * 17}},
        {"type": "refuse", "req": "r9", "challenge": "chl_1", "reason": "because"},
    ],
)
def test_a_frame_we_do_not_take_is_told_with_its_req_and_nothing_else_happens(
    talk: Conversation, frame: dict[str, str]
) -> None:
    talk.signs_in()
    talk.says({**frame})
    assert talk.last(Error) == Error(code="frame_invalid", req="r9", retryable=False)
    assert len(talk.orders) == 1


# --- staying alive and staying polite ----------------------------------------------------------------------


def test_a_silent_peer_is_pinged_and_then_given_up(talk: Conversation) -> None:
    talk.syncs()
    talk.happens(TimePassed(), after=30 * SECOND)
    assert talk.orders == (PingPeer(),)
    talk.happens(TimePassed(), after=14 * SECOND)
    assert talk.orders == ()
    talk.happens(TimePassed(), after=SECOND)
    assert talk.close_code == CloseCode.NO_PONG


def test_a_peer_that_answers_the_ping_stays(talk: Conversation) -> None:
    talk.syncs()
    talk.happens(TimePassed(), after=30 * SECOND)
    talk.happens(PongReceived(), after=SECOND)
    talk.happens(TimePassed(), after=15 * SECOND)
    assert talk.close_code is None


def test_the_peer_s_own_ping_is_answered_with_its_payload(talk: Conversation) -> None:
    talk.syncs()
    talk.happens(PingReceived(b"abc"))
    assert talk.orders == (PongPeer(b"abc"),)


def test_a_device_s_ping_learns_how_far_the_connection_has_come(talk: Conversation) -> None:
    talk.greets(head=2)
    talk.happens(EventsRead(events=(opaque(1), opaque(2)), is_last=True))
    talk.says({"type": "ping", "s": 1})
    assert talk.last(Pong).s == 2


def test_twenty_frames_at_once_are_taken_and_no_more(talk: Conversation) -> None:
    talk.syncs()
    for _ in range(19):
        talk.says({"type": "ping", "s": 0})
    assert talk.close_code is None
    talk.says({"type": "ping", "s": 0})
    assert talk.close_code == CloseCode.TOO_MANY_FRAMES


def test_sixty_frames_a_minute_may_go_on_for_ever(talk: Conversation) -> None:
    talk.syncs()
    for _ in range(200):
        talk.happens(TextReceived('{"type":"ping","s":0}'), after=SECOND)
    assert talk.close_code is None


def test_a_binary_frame_is_closed_with_4000(talk: Conversation) -> None:
    talk.syncs()
    talk.happens(BinaryReceived())
    assert talk.close_code == CloseCode.BAD_PROTOCOL


def test_a_goodbye_is_answered_with_1000(talk: Conversation) -> None:
    talk.syncs()
    talk.says({"type": "bye"})
    assert talk.close_code == CloseCode.GOODBYE


def test_a_draining_server_says_when_to_come_back(talk: Conversation) -> None:
    talk.syncs()
    talk.happens(DrainBegan(42_000))
    assert talk.last(Drain).after_ms == 42_000
    talk.happens(ClosingAsked(CloseCode.DRAINING))
    assert talk.close_code == CloseCode.DRAINING


def test_nothing_happens_to_a_connection_that_is_closed(talk: Conversation) -> None:
    talk.syncs()
    talk.happens(ClosingAsked(CloseCode.REPLACED))
    sent = list(talk.sent)
    talk.says({"type": "ping", "s": 0})
    talk.happens(HeadMoved(9))
    assert (talk.orders, talk.sent) == ((), sent)
