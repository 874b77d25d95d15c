"""Whatever happens, in whatever order, some things never do."""

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from approvals.errors import ChallengeClosed, LoginEnded, StoreUnavailable
from approvals.model.ids import ConversationId, LoginId
from approvals.model.proof import Answer
from channels.frames.closing import CloseCode
from channels.frames.content import AnsweredContent
from channels.frames.from_server import Event, Synced, Welcome, write_frame
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
    TextReceived,
    TimePassed,
)
from channels.session.orders import Close, FindInbox, LookAgain, OfferProof, ReadEvents
from channels.session.state import Phase
from tests.builders import NOW
from tests.channels.conversation import ANSWER, DEVICE, EPOCH, HELLO, LOGIN, PERSON, Conversation, event, opaque
from tests.channels.spec import check_from_server

FRAMES = [
    HELLO,
    {**HELLO, "login": "ctl_secret"},
    {**HELLO, "after": 99},
    ANSWER,
    {"type": "ack", "s": 1},
    {"type": "auth", "token": "ctl_secret"},
    {"type": "ping", "s": 0},
    {"type": "say", "req": "r2", "text": "Bonjour"},
    {"type": "typing"},
    {"type": "read", "n": 3},
    {"type": "shout"},
]
QUESTIONS = [
    FindInbox(PERSON),
    LookAgain(LOGIN),
    ReadEvents(user_id=PERSON, after=0, login_id=LOGIN),
]
ERRORS = [LoginEnded("over"), StoreUnavailable("away"), ChallengeClosed("expired")]

happenings: st.SearchStrategy[Happening] = st.one_of(
    st.sampled_from(FRAMES).map(lambda frame: TextReceived(json.dumps(frame))),
    st.sampled_from(
        [
            BinaryReceived(),
            PingReceived(b""),
            PongReceived(),
            TimePassed(),
            LoginOver(),
            DrainBegan(1),
            PeerTypes(ConversationId("cnv_1")),
            MessageTaken(req="r2", conversation_id=ConversationId("cnv_1"), n=1),
            ClosingAsked(CloseCode.DRAINING),
            DeviceRecognised(device_id=DEVICE, user_id=PERSON, cursor=0),
            PersonAdmitted(user_id=PERSON, login_id=LOGIN, expires_at=NOW + timedelta(seconds=90)),
            PersonAdmitted(user_id=PERSON, login_id=LoginId("lgn_2"), expires_at=NOW + timedelta(hours=1)),
            LoginStillGood(login_id=LOGIN, expires_at=NOW + timedelta(minutes=2)),
            InboxFound(epoch=EPOCH, head=3, pruned=0),
            EventsRead(events=(event(1), event(2)), is_last=False),
            EventsRead(events=(opaque(3),), is_last=True),
            EventsRead(events=(), is_last=True),
            PageSent(is_last=False),
            PageSent(is_last=True),
            ProofAnswered(req="r1", answered=AnsweredContent(answer=Answer.ACCEPTED, attempts_left=5)),
        ]
    ),
    st.integers(0, 5).map(HeadMoved),
    st.builds(DeskRefused, question=st.sampled_from(QUESTIONS), error=st.sampled_from(ERRORS)),
)
stories = st.lists(st.tuples(happenings, st.integers(0, 40)), max_size=40)
usual = st.sampled_from(["greets", "syncs", "signs_in"])


@given(usual, stories)
def test_content_never_goes_below_the_signed_in_level(start: str, story: list[tuple[Happening, int]]) -> None:
    talk = Conversation()
    getattr(talk, start)()
    for happening, seconds in story:
        before = len(talk.sent)
        talk.happens(happening, after=timedelta(seconds=seconds))
        stay = talk.session.signed_in
        has_content = any(isinstance(frame, Event) and frame.action for frame in talk.sent[before:])
        assert not has_content or (stay is not None and talk.now < stay.expires_at)


@given(stories)
def test_nobody_is_welcomed_or_synced_twice(story: list[tuple[Happening, int]]) -> None:
    talk = Conversation()
    for happening, seconds in story:
        talk.happens(happening, after=timedelta(seconds=seconds))
    for kind in (Welcome, Synced):
        assert sum(isinstance(frame, kind) for frame in talk.sent) <= 1


@given(usual, stories)
def test_nothing_is_sent_or_ordered_after_the_close(start: str, story: list[tuple[Happening, int]]) -> None:
    talk = Conversation()
    getattr(talk, start)()
    closes = 0
    for happening, seconds in story:
        was_closed = talk.session.phase is Phase.CLOSED
        talk.happens(happening, after=timedelta(seconds=seconds))
        closes += sum(isinstance(order, Close) for order in talk.orders)
        assert not was_closed or talk.orders == ()
    assert closes == (talk.session.phase is Phase.CLOSED)


@given(usual, stories)
def test_only_one_page_is_read_or_on_its_way_at_a_time(start: str, story: list[tuple[Happening, int]]) -> None:
    talk = Conversation()
    getattr(talk, start)()
    talk.is_peer_slow = True
    for happening, seconds in story:
        was_reading = talk.session.feed.is_reading
        talk.happens(happening, after=timedelta(seconds=seconds))
        is_answered = isinstance(happening, PageSent | DeskRefused)
        if was_reading and not is_answered:
            assert not [order for order in talk.orders if isinstance(order, ReadEvents)]


@given(stories)
def test_no_answer_reaches_the_desk_but_a_signed_in_person_s(story: list[tuple[Happening, int]]) -> None:
    talk = Conversation()
    for happening, seconds in story:
        before = talk.session.signed_in
        talk.happens(happening, after=timedelta(seconds=seconds))
        for order in talk.orders:
            if isinstance(order, OfferProof):
                assert before is not None
                assert order.login_id == before.login_id


@given(usual, stories)
def test_every_frame_is_one_the_document_knows(start: str, story: list[tuple[Happening, int]]) -> None:
    talk = Conversation()
    getattr(talk, start)()
    for happening, seconds in story:
        talk.happens(happening, after=timedelta(seconds=seconds))
    for frame in talk.sent:
        check_from_server(write_frame(frame))


@given(st.binary(max_size=200), st.text(max_size=200))
def test_no_bytes_and_no_text_make_the_session_fail(raw: bytes, text: str) -> None:
    for start in ("greets", "signs_in"):
        talk = Conversation()
        getattr(talk, start)()
        talk.happens(TextReceived(raw.decode("latin-1")))
        talk.happens(TextReceived(text))
        assert talk.session.phase in {Phase.OPEN, Phase.CLOSED}
