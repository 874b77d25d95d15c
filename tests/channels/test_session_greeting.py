from datetime import timedelta

import pytest

from approvals.errors import LoginEnded, NotAuthenticated, StoreUnavailable
from approvals.model.ids import DeviceId
from approvals.model.inbox import EventKind
from approvals.model.json import Json
from channels.frames.closing import CloseCode
from channels.frames.from_server import (
    Challenge,
    Event,
    Level,
    Reset,
    ResetReason,
    Synced,
    Welcome,
)
from channels.session.happenings import (
    DeskRefused,
    DeviceRecognised,
    EventsRead,
    HeadMoved,
    InboxFound,
    LoginOver,
    PageSent,
    PersonAdmitted,
    TextReceived,
    TimePassed,
)
from channels.session.orders import (
    Admit,
    Close,
    FindInbox,
    Join,
    ReadEvents,
    Recognise,
)
from tests.channels.conversation import ANSWER, DEVICE, EPOCH, HELLO, LOGIN, PERSON, Conversation, opaque

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
    talk.happens(PersonAdmitted(user_id=PERSON, login_id=LOGIN, expires_at=talk.now + timedelta(minutes=5)))
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


@pytest.mark.parametrize(
    "shown", [{}, {"device": DEVICE, "ticket": "ctt_x"}, {"token": "x", "ticket": "ctt_x"}, {"login": "ctl_x"}]
)
def test_neither_a_whole_device_nor_a_ticket_alone_is_no_hello(talk: Conversation, shown: dict[str, str]) -> None:
    talk.says({"type": "hello", "v": 1, "tab": "main", **shown})
    assert talk.close_code == CloseCode.BAD_PROTOCOL


# --- a screen that is no enrolled device -------------------------------------------------------------------

SCREEN: dict[str, Json] = {"type": "hello", "v": 1, "tab": "main", "ticket": "ctt_secret"}


def on_a_screen(talk: Conversation) -> None:
    talk.says(SCREEN)
    talk.happens(PersonAdmitted(user_id=PERSON, login_id=LOGIN, expires_at=talk.now + timedelta(minutes=5)))
    talk.happens(InboxFound(epoch=EPOCH, head=0, pruned=0))
    talk.happens(EventsRead(events=(), is_last=True))
    talk.happens(PageSent(is_last=True))


def test_a_ticket_alone_opens_the_stream_signed_in(talk: Conversation) -> None:
    talk.says(SCREEN)
    assert talk.ordered(Admit) == Admit("ctt_secret")
    talk.happens(PersonAdmitted(user_id=PERSON, login_id=LOGIN, expires_at=talk.now + timedelta(minutes=5)))
    assert talk.orders == (Join(), FindInbox(PERSON))
    assert talk.session.place == DeviceId(LOGIN)
    talk.happens(InboxFound(epoch=EPOCH, head=0, pruned=0))
    assert talk.last(Welcome).level is Level.SIGNED_IN


def test_a_ticket_that_is_not_good_is_closed_with_4001(talk: Conversation) -> None:
    talk.says(SCREEN)
    talk.happens(DeskRefused(question=talk.ordered(Admit), error=NotAuthenticated("used")))
    assert talk.close_code == CloseCode.NOT_AUTHENTICATED


def test_a_screen_whose_login_is_over_is_closed_with_4001(talk: Conversation) -> None:
    on_a_screen(talk)
    talk.happens(LoginOver())
    assert talk.close_code == CloseCode.NOT_AUTHENTICATED


def test_a_page_refused_to_a_screen_closes_it_and_reads_nothing_more(talk: Conversation) -> None:
    on_a_screen(talk)
    talk.happens(HeadMoved(1))
    talk.happens(DeskRefused(question=talk.ordered(ReadEvents), error=LoginEnded("over")))
    assert talk.orders == (Close(CloseCode.NOT_AUTHENTICATED),)


def test_what_a_screen_acknowledges_moves_no_cursor(talk: Conversation) -> None:
    on_a_screen(talk)
    talk.happens(HeadMoved(1))
    talk.happens(EventsRead(events=(opaque(1),), is_last=True))
    talk.says({"type": "ack", "s": 1})
    assert talk.orders == ()


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
    assert talk.ordered(Recognise).device == DEVICE


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


def test_no_event_overtakes_a_page_that_a_slow_peer_has_not_taken(talk: Conversation) -> None:
    talk.greets(head=2)
    talk.is_peer_slow = True
    talk.happens(EventsRead(events=(opaque(1), opaque(2)), is_last=True))
    talk.happens(HeadMoved(3))
    assert talk.orders == ()
    talk.happens(PageSent(is_last=True))
    assert talk.ordered(ReadEvents).after == 2


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
