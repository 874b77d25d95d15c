from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from approvals.desk.inbox import InboxDesk
from approvals.model.ids import DeviceId, LoginId, UserId
from approvals.store.book import SqlBook
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
        self.is_aborted = False

    def hint(self, head: int) -> None:
        self.heads.append(head)

    def tick(self, now: datetime) -> None:
        self.ticks.append(now)

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
