import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from approvals.desk.inbox import InboxDesk
from approvals.model.ids import ConversationId, DeviceId, LoginId, UserId
from approvals.store.book import SqlBook
from channels.fanout.hints import FanoutFigures, Hint
from channels.fanout.local import LocalFanout
from channels.frames.closing import CloseCode
from channels.hub.hub import Drainage, Hub
from channels.hub.live import Seat
from tests.builders import NOW

ANNE, BRUNO = UserId("usr_1"), UserId("usr_2")
PHONE = DeviceId("dev_1")
AT_ONCE = Drainage(pause=timedelta(), grace=timedelta())


class Listener:
    """The Live port: keeps what it was told."""

    def __init__(self) -> None:
        self.heads: list[int] = []
        self.codes: list[CloseCode] = []
        self.ticks: list[datetime] = []
        self.logins: list[LoginId] = []
        self.delays: list[int] = []
        self.typed: list[ConversationId] = []
        self.is_aborted = False
        self.lag = 0

    def hint(self, head: int) -> None:
        self.heads.append(head)

    def tick(self, now: datetime) -> None:
        self.ticks.append(now)

    def typing(self, conversation_id: ConversationId) -> None:
        self.typed.append(conversation_id)

    def drain(self, after_ms: int) -> None:
        self.delays.append(after_ms)

    def end_login(self, login_id: LoginId) -> None:
        self.logins.append(login_id)

    def close(self, code: CloseCode) -> None:
        self.codes.append(code)

    def abort(self) -> None:
        self.is_aborted = True


def latest(earliest: float, latest: float) -> float:
    del earliest
    return latest


@pytest.fixture
def hub(book: SqlBook) -> Hub:
    return Hub(fanout=LocalFanout(), inboxes=InboxDesk(book), spread=latest)


def seat(tab: str = "main", *, user: UserId = ANNE, device: DeviceId = PHONE) -> Seat:
    return Seat(user, device, tab)


def come(hub: Hub, at: Seat) -> Listener:
    listener = Listener()
    hub.enter(listener)
    hub.join(at, listener, NOW)
    return listener


async def test_only_the_person_s_own_connections_hear_of_their_inbox(hub: Hub) -> None:
    anne, bruno = come(hub, seat()), come(hub, seat(user=BRUNO, device=DeviceId("dev_2")))
    await hub.announce({ANNE: 7})
    assert (anne.heads, bruno.heads) == ([7], [])


async def test_every_tab_of_every_device_hears(hub: Hub) -> None:
    tabs = [come(hub, seat("a")), come(hub, seat("b")), come(hub, seat(device=DeviceId("dev_9")))]
    await hub.announce({ANNE: 1})
    assert [tab.heads for tab in tabs] == [[1], [1], [1]]


async def test_a_newer_socket_of_the_same_tab_replaces_the_old_one(hub: Hub) -> None:
    old, new = come(hub, seat()), come(hub, seat())
    assert old.codes == [CloseCode.REPLACED]
    hub.leave(old, seat())
    await hub.announce({ANNE: 1})
    assert new.heads == [1]


def test_a_fifth_tab_closes_the_oldest_and_no_other(hub: Hub) -> None:
    tabs = [come(hub, seat(name)) for name in "abcde"]
    assert [tab.codes for tab in tabs] == [[CloseCode.REPLACED], [], [], [], []]


def test_a_node_that_may_not_serve_turns_every_device_away_to_come_back_elsewhere(hub: Hub) -> None:
    tabs = [come(hub, seat("a")), come(hub, seat("b", device=DeviceId("dev_9")))]
    hub.turn_away()
    assert [tab.codes for tab in tabs] == [[CloseCode.OVERLOADED]] * 2


def test_four_tabs_are_counted_by_device(hub: Hub) -> None:
    tabs = [come(hub, seat(name)) for name in "abcd"]
    other = come(hub, seat("e", device=DeviceId("dev_9")))
    assert not any(tab.codes for tab in [*tabs, other])


def test_a_tab_that_was_replaced_counts_as_the_newest(hub: Hub) -> None:
    first = come(hub, seat("a"))
    others = [come(hub, seat(name)) for name in "bcd"]
    again = come(hub, seat("a"))
    come(hub, seat("e"))
    assert first.codes == [CloseCode.REPLACED]
    assert (again.codes, others[0].codes) == ([], [CloseCode.REPLACED])


async def test_who_has_left_hears_nothing(hub: Hub) -> None:
    anne = come(hub, seat())
    hub.leave(anne, seat())
    await hub.announce({ANNE: 1})
    hub.tick(NOW)
    assert (anne.heads, anne.ticks, hub.count) == ([], [], 0)


def test_time_passes_for_sockets_that_have_not_greeted_yet(hub: Hub) -> None:
    visitor = Listener()
    hub.enter(visitor)
    hub.tick(NOW)
    assert visitor.ticks == [NOW]


def test_a_revoked_device_is_closed_on_every_tab_and_no_other_device(hub: Hub) -> None:
    tabs, other = [come(hub, seat("a")), come(hub, seat("b"))], come(hub, seat(device=DeviceId("dev_9")))
    hub.close_device(ANNE, PHONE)
    assert [tab.codes for tab in tabs] == [[CloseCode.REVOKED]] * 2
    assert other.codes == []


def test_an_ended_login_is_told_to_the_person_s_connections(hub: Hub) -> None:
    anne, bruno = come(hub, seat()), come(hub, seat(user=BRUNO, device=DeviceId("dev_2")))
    hub.end_login(ANNE, LoginId("lgn_1"))
    assert (anne.logins, bruno.logins) == ([LoginId("lgn_1")], [])


async def test_draining_tells_when_to_come_back_closes_and_cuts_what_is_left(hub: Hub) -> None:
    anne, visitor = come(hub, seat()), Listener()
    hub.enter(visitor)
    await hub.drain(AT_ONCE)
    assert hub.is_draining
    assert anne.delays == [60_000]
    assert anne.codes == visitor.codes == [CloseCode.DRAINING]
    assert anne.is_aborted
    assert visitor.is_aborted


class CountedHeads(InboxDesk):
    """The inbox desk, asked for heads: every inbox has come to 9."""

    def __init__(self, book: SqlBook) -> None:
        super().__init__(book)
        self.asked: list[int] = []

    @override
    async def heads(self, user_ids: Sequence[UserId]) -> Mapping[UserId, int]:
        self.asked.append(len(user_ids))
        return dict.fromkeys(user_ids, 9)


async def test_heads_are_read_again_for_everybody_here_in_bites(book: SqlBook) -> None:
    desk = CountedHeads(book)
    hub = Hub(fanout=LocalFanout(), inboxes=desk, spread=latest)
    people = [come(hub, seat(user=UserId(f"usr_{n}"), device=DeviceId(f"dev_{n}"))) for n in range(700)]
    await hub.reread_heads()
    assert desk.asked == [500, 200]
    assert all(person.heads == [9] for person in people)


# --- several nodes ------------------------------------------------------------------------------------------


class Wire:
    """The Fanout port of one node: a hint is a call to the others, or waits while `is_held`."""

    def __init__(self) -> None:
        self.figures = FanoutFigures(is_connected=True)
        self.others: list[Wire] = []
        self.is_held = False
        self._held: list[Hint] = []
        self._listeners: list[Callable[[Hint], None]] = []

    def publish(self, hint: Hint) -> None:
        self._held.append(hint)
        if not self.is_held:
            self.let_go()

    def let_go(self) -> None:
        """Tell the others what waits."""
        held, self._held = self._held, []
        for hint in held:
            for other in self.others:
                for listener in other._listeners:  # noqa: SLF001  # another Wire
                    listener(hint)

    def listen(self, listener: Callable[[Hint], None]) -> None:
        self._listeners.append(listener)

    def jobs(self) -> Sequence[Coroutine[None, None, None]]:
        return ()


@pytest.fixture
def wires() -> tuple[Wire, Wire]:
    first, second = Wire(), Wire()
    first.others, second.others = [second], [first]
    return first, second


@pytest.fixture
def hubs(book: SqlBook, wires: tuple[Wire, Wire]) -> tuple[Hub, Hub]:
    first, second = (Hub(fanout=wire, inboxes=InboxDesk(book), spread=latest) for wire in wires)
    return first, second


async def test_an_inbox_that_grew_is_hinted_on_every_node_once(hubs: tuple[Hub, Hub]) -> None:
    here, there = (come(hub, seat(name)) for hub, name in zip(hubs, "ab", strict=True))
    await hubs[0].announce({ANNE: 5})
    assert (here.heads, there.heads) == ([5], [5])


def test_a_tab_that_comes_to_another_node_leaves_this_one(hubs: tuple[Hub, Hub]) -> None:
    old, new = come(hubs[0], seat()), come(hubs[1], seat())
    assert (old.codes, new.codes) == ([CloseCode.REPLACED], [])
    back = come(hubs[0], seat())
    assert (new.codes, back.codes) == ([CloseCode.REPLACED], [])


def test_a_clock_that_lags_makes_no_newer_socket_old(hubs: tuple[Hub, Hub]) -> None:
    """The node whose clock is behind has heard of the older seat, so its own is the newer all the same."""
    old, new = Listener(), Listener()
    hubs[0].join(seat(), old, NOW)
    hubs[1].join(seat(), new, NOW - timedelta(seconds=2))
    assert (old.codes, new.codes) == ([CloseCode.REPLACED], [])


def test_of_two_sockets_that_came_at_once_one_stays(hubs: tuple[Hub, Hub], wires: tuple[Wire, Wire]) -> None:
    for wire in wires:
        wire.is_held = True
    first, second = Listener(), Listener()
    hubs[0].join(seat(), first, NOW)
    hubs[1].join(seat(), second, NOW + timedelta(microseconds=1))
    for wire in wires:
        wire.let_go()
    assert (first.codes, second.codes) == ([CloseCode.REPLACED], [])


def test_the_oldest_of_five_tabs_goes_wherever_it_is(hubs: tuple[Hub, Hub]) -> None:
    tabs = [come(hubs[n % 2], seat(name)) for n, name in enumerate("abcde")]
    assert [tab.codes for tab in tabs] == [[CloseCode.REPLACED], [], [], [], []]


def test_a_tab_that_left_its_node_is_not_counted(hubs: tuple[Hub, Hub]) -> None:
    here, there = come(hubs[0], seat("a")), come(hubs[1], seat("b"))
    hubs[1].leave(there, seat("b"))
    others = [come(hubs[1], seat(name)) for name in "cde"]
    assert not any(tab.codes for tab in [here, *others])
    come(hubs[1], seat("f"))
    assert here.codes == [CloseCode.REPLACED]


def test_an_ended_login_is_told_on_every_node(hubs: tuple[Hub, Hub]) -> None:
    here, there = (come(hub, seat(name)) for hub, name in zip(hubs, "ab", strict=True))
    hubs[0].end_login(ANNE, LoginId("lgn_1"))
    assert here.logins == there.logins == [LoginId("lgn_1")]


# --- the end of a drain -------------------------------------------------------------------------------------


class Leaver(Listener):
    """Leaves the hub as soon as it is closed."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub

    @override
    def close(self, code: CloseCode) -> None:
        super().close(code)
        asyncio.get_running_loop().call_soon(self._hub.leave, self, None)


async def test_draining_waits_no_longer_than_the_last_socket_stays(hub: Hub) -> None:
    patient = Drainage(batch=2, pause=timedelta(milliseconds=20), grace=timedelta(seconds=30))
    leavers = [Leaver(hub) for _ in range(5)]
    for leaver in leavers:
        hub.enter(leaver)
    began = time.monotonic()
    await hub.drain(patient)
    assert 0.05 < time.monotonic() - began < 1
    assert not any(leaver.is_aborted for leaver in leavers)


async def test_an_empty_node_drains_at_once(hub: Hub) -> None:
    async with asyncio.timeout(1):
        await hub.drain(Drainage(pause=timedelta(seconds=30), grace=timedelta(seconds=30)))
    assert hub.is_draining


async def test_typing_is_shown_on_every_screen_of_the_other_side_and_told_to_other_nodes(hub: Hub) -> None:
    phone, tablet, stranger = come(hub, seat()), come(hub, seat("tablet")), come(hub, seat(user=BRUNO))
    hub.tell_typing(ANNE, ConversationId("cnv_1"))
    assert (phone.typed, tablet.typed, stranger.typed) == (["cnv_1"], ["cnv_1"], [])
