from datetime import timedelta

import pytest

from approvals.errors import ChallengeClosed, LoginEnded, NotAuthenticated, PersonLocked, StoreUnavailable
from approvals.model.challenge import ChallengeStatus
from approvals.model.ids import LoginId
from approvals.model.proof import Answer
from channels.frames.closing import CloseCode
from channels.frames.content import AnsweredContent
from channels.frames.from_server import (
    AuthNeeded,
    Drain,
    Error,
    Event,
    Level,
    LevelChanged,
    Pong,
    Result,
)
from channels.session.happenings import (
    BinaryReceived,
    ClosingAsked,
    DeskRefused,
    DrainBegan,
    EventsRead,
    HeadMoved,
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
from channels.session.life import cleared
from channels.session.orders import (
    Admit,
    LookAgain,
    MoveCursor,
    OfferProof,
    PingPeer,
    PongPeer,
    ReadEvents,
    SayNo,
)
from channels.session.state import Phase
from tests.channels.conversation import ANSWER, DEVICE, LOGIN, PERSON, Conversation, event, opaque

SECOND = timedelta(seconds=1)


@pytest.fixture
def talk() -> Conversation:
    return Conversation()


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
    talk.happens(PersonAdmitted(user_id=PERSON, login_id=LOGIN, expires_at=talk.now + timedelta(minutes=5)))
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


def test_a_person_whose_end_did_not_move_is_warned_once(talk: Conversation) -> None:
    talk.signs_in(ends_in=timedelta(seconds=50))
    for _ in range(2):
        talk.happens(LoginStillGood(login_id=LOGIN, expires_at=talk.now + timedelta(seconds=50)))
    assert len([frame for frame in talk.sent if isinstance(frame, AuthNeeded)]) == 1


def test_another_login_read_again_moves_nothing(talk: Conversation) -> None:
    talk.signs_in()
    before = talk.session.signed_in
    talk.happens(LoginStillGood(login_id=LoginId("lgn_2"), expires_at=talk.now + timedelta(hours=1)))
    assert talk.session.signed_in == before


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
        {"type": "shout", "req": "r9", "text": "hello"},
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
    assert talk.ordered(PingPeer) == PingPeer()
    talk.happens(TimePassed(), after=14 * SECOND)
    assert talk.close_code is None
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


def test_each_of_a_hundred_events_at_once_may_be_acknowledged_once(talk: Conversation) -> None:
    talk.greets(head=100)
    talk.happens(EventsRead(events=tuple(opaque(s) for s in range(1, 101)), is_last=True))
    for s in range(1, 101):
        talk.says({"type": "ack", "s": s})
    assert talk.close_code is None
    for _ in range(20):
        talk.says({"type": "ack", "s": 100})
    assert talk.close_code == CloseCode.TOO_MANY_FRAMES


def test_what_a_device_came_with_is_acknowledged_like_any_frame(talk: Conversation) -> None:
    talk.greets(after=100, head=100)
    for s in range(1, 21):
        talk.says({"type": "ack", "s": s})
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


def test_a_page_still_being_sent_when_the_connection_closes_stops(talk: Conversation) -> None:
    talk.syncs()
    talk.happens(ClosingAsked(CloseCode.REPLACED))
    assert cleared(talk.session, opaque(1), talk.now) is None
