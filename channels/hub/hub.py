"""Who is connected to this node, by person and by tab of a device; implements the Announcer port.

It keeps no event and no queue: a hint makes a connection read its person's inbox on. Hints of other nodes come in by
the fan-out; this node acts on its own at once and tells the others.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from approvals.desk.inbox import InboxDesk
from approvals.model.ids import ConversationId, DeviceId, LoginId, UserId
from channels.fanout.hints import Fanout, Hint, InboxesGrew, LoginOver, SeatLeft, SeatTaken, Typed
from channels.frames.closing import CloseCode
from channels.hub.elsewhere import Elsewhere
from channels.hub.live import Live, Seat
from channels.hub.order import SeatOrder

MOST_TABS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Drainage:
    """How a node empties: devices come back after 30 to 60 s, sockets close in batches, what is left is cut."""

    earliest_return: timedelta = timedelta(seconds=30)
    latest_return: timedelta = timedelta(seconds=60)
    batch: int = 200
    pause: timedelta = timedelta(milliseconds=500)
    grace: timedelta = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A seat's connection, and its place among the device's seats on all nodes."""

    connection: Live
    stamp: int


class Hub:
    """The connections of one node.

    `visitors` are all sockets, greeted or not; `seats` those whose device is known.
    """

    def __init__(self, *, fanout: Fanout, inboxes: InboxDesk, spread: Callable[[float, float], float]) -> None:
        """`spread` draws a number between two, so that a herd does not come back as one."""
        self._fanout = fanout
        self._inboxes = inboxes
        self._spread = spread
        self._order = SeatOrder()
        self._elsewhere = Elsewhere()
        self._visitors: set[Live] = set()
        self._seats: dict[Seat, _Taken] = {}
        self._by_user: dict[UserId, dict[Seat, Live]] = {}
        self._is_draining = False
        self._empty = asyncio.Event()
        fanout.listen(self._hear)

    @property
    def is_draining(self) -> bool:
        """No more upgrades are taken, and the node is not ready."""
        return self._is_draining

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self._visitors)

    def lags(self) -> list[int]:
        """How far behind each connection is that has not been sent all its inbox is known to have."""
        return [lag for connection in self._visitors if (lag := connection.lag)]

    # --- coming and going ---------------------------------------------------------------------------------

    def enter(self, connection: Live) -> None:
        """A socket was opened; it has no seat yet."""
        self._visitors.add(connection)
        self._empty.clear()

    def join(self, seat: Seat, connection: Live, now: datetime) -> None:
        """Give the connection its seat: a newer socket replaces the old one, a fifth tab closes the oldest."""
        self._close_seat(seat, CloseCode.REPLACED)
        stamp = self._order.next(now)
        self._seats[seat] = _Taken(connection, stamp)
        self._by_user.setdefault(seat.user_id, {})[seat] = connection
        self._elsewhere.came_here(seat.device_id, seat.tab)
        self._close_oldest(seat.user_id, seat.device_id)
        self._fanout.publish(SeatTaken(user=seat.user_id, device=seat.device_id, tab=seat.tab, stamp=stamp))

    def leave(self, connection: Live, seat: Seat | None) -> None:
        """The socket is gone; its seat is freed unless a newer one has taken it."""
        self._visitors.discard(connection)
        if not self._visitors:
            self._empty.set()
        taken = None if seat is None else self._seats.get(seat)
        if seat is not None and taken is not None and taken.connection is connection:
            self._leave_seat(seat)

    def _leave_seat(self, seat: Seat) -> Live | None:
        taken = self._seats.pop(seat, None)
        if taken is None:
            return None
        seats = self._by_user[seat.user_id]
        del seats[seat]
        if not seats:
            del self._by_user[seat.user_id]
        if not self._seats_of(seat.user_id, seat.device_id):
            self._elsewhere.forget(seat.device_id)
        self._fanout.publish(SeatLeft(device=seat.device_id, tab=seat.tab, stamp=taken.stamp))
        return taken.connection

    def _close_seat(self, seat: Seat, code: CloseCode) -> None:
        connection = self._leave_seat(seat)
        if connection is not None:
            connection.close(code)

    def _close_oldest(self, user_id: UserId, device_id: DeviceId) -> None:
        """Close the seats here that are not among the device's newest four, counting other nodes' too."""
        here = {seat: self._seats[seat].stamp for seat in self._seats_of(user_id, device_id)}
        newest = sorted([*here.values(), *self._elsewhere.stamps(device_id)])[-MOST_TABS:]
        for seat, stamp in here.items():
            if stamp not in newest:
                self._close_seat(seat, CloseCode.REPLACED)

    def _seats_of(self, user_id: UserId, device_id: DeviceId) -> list[Seat]:
        return [seat for seat in self._by_user.get(user_id, {}) if seat.device_id == device_id]

    # --- telling ------------------------------------------------------------------------------------------

    async def announce(self, heads: Mapping[UserId, int]) -> None:
        """Hint that inboxes have grown; called after the commit. Waits for nothing."""
        if heads:
            self._hint(heads)
            self._fanout.publish(InboxesGrew(heads=heads))

    def tell_typing(self, user_id: UserId, conversation_id: ConversationId) -> None:
        """Somebody types: told to the other side's screens on every node, and forgotten."""
        self._show_typing(user_id, conversation_id)
        self._fanout.publish(Typed(user=user_id, conversation=conversation_id))

    def _show_typing(self, user_id: UserId, conversation_id: ConversationId) -> None:
        for connection in list(self._by_user.get(user_id, {}).values()):
            connection.typing(conversation_id)

    async def reread_heads(self) -> None:
        """Make up for lost hints: to be called every 30 to 60 s, and after a fan-out resubscribed."""
        users = sorted(self._by_user)
        for start in range(0, len(users), 500):
            self._hint(await self._inboxes.heads(users[start : start + 500]))

    def turn_away(self) -> None:
        """Close every connection: this node may not serve, and its devices come back to another."""
        for connection in list(self._visitors):
            connection.close(CloseCode.OVERLOADED)

    def tick(self, now: datetime) -> None:
        """Let time pass for every connection: to be called every second."""
        for connection in list(self._visitors):
            connection.tick(now)

    def _hint(self, heads: Mapping[UserId, int]) -> None:
        for user_id, head in heads.items():
            for connection in list(self._by_user.get(user_id, {}).values()):
                connection.hint(head)

    # --- hearing other nodes ------------------------------------------------------------------------------

    def _hear(self, hint: Hint) -> None:
        match hint:
            case InboxesGrew(heads=heads):
                self._hint(heads)
            case SeatTaken():
                self._yield_seat(hint)
            case SeatLeft():
                self._elsewhere.left(hint.device, hint.tab, hint.stamp)
            case LoginOver():
                self._drop_login(hint.user, hint.login)
            case Typed():
                self._show_typing(hint.user, hint.conversation)
            case _:
                assert_never(hint)

    def _yield_seat(self, taken: SeatTaken) -> None:
        """Another node gave out a seat: the same tab's older socket here goes, and the oldest of five."""
        self._order.heard(taken.stamp)
        seat = Seat(taken.user, taken.device, taken.tab)
        ours = self._seats.get(seat)
        if ours is not None and ours.stamp > taken.stamp:
            return
        self._close_seat(seat, CloseCode.REPLACED)
        if self._seats_of(taken.user, taken.device):
            self._elsewhere.took(taken.device, taken.tab, taken.stamp)
            self._close_oldest(taken.user, taken.device)

    # --- making go ----------------------------------------------------------------------------------------

    def close_device(self, user_id: UserId, device_id: DeviceId) -> None:
        """The device was revoked: its connections here hear it at once (4002), others by the event in the inbox."""
        for seat in self._seats_of(user_id, device_id):
            self._close_seat(seat, CloseCode.REVOKED)

    def end_login(self, user_id: UserId, login_id: LoginId) -> None:
        """The login was ended: whatever stands on it drops to device-bound, on every node."""
        self._drop_login(user_id, login_id)
        self._fanout.publish(LoginOver(user=user_id, login=login_id))

    def _drop_login(self, user_id: UserId, login_id: LoginId) -> None:
        for connection in list(self._by_user.get(user_id, {}).values()):
            connection.end_login(login_id)

    async def drain(self, how: Drainage) -> None:
        """Empty the node: tell everybody when to come back, close in batches, cut what is left."""
        self._is_draining = True
        leaving = list(self._visitors)
        for connection in leaving:
            connection.drain(self._return_delay(how))
        for start in range(0, len(leaving), how.batch):
            await self._emptied(how.pause)
            for connection in leaving[start : start + how.batch]:
                connection.close(CloseCode.DRAINING)
        await self._emptied(how.grace)
        for connection in list(self._visitors):
            connection.abort()

    async def _emptied(self, limit: timedelta) -> None:
        """Wait until nobody is left, and no longer than that."""
        if not self._visitors:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(limit.total_seconds()):
                await self._empty.wait()

    def _return_delay(self, how: Drainage) -> int:
        earliest, latest = how.earliest_return.total_seconds(), how.latest_return.total_seconds()
        return int(self._spread(earliest, latest) * 1000)
