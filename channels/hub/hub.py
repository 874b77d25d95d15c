"""Who is connected to this node, by person and by tab of a device; implements the Announcer port.

It keeps no event and no queue: a hint makes a connection read its person's inbox on.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from approvals.desk.inbox import InboxDesk
from approvals.model.ids import DeviceId, LoginId, UserId
from channels.fanout import Fanout
from channels.frames.closing import CloseCode
from channels.hub.live import Live, Seat

MOST_TABS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Drainage:
    """How a node empties: devices come back after 30 to 60 s, sockets close in batches, what is left is cut."""

    earliest_return: timedelta = timedelta(seconds=30)
    latest_return: timedelta = timedelta(seconds=60)
    batch: int = 200
    pause: timedelta = timedelta(milliseconds=500)
    grace: timedelta = timedelta(seconds=5)


class Hub:
    """The connections of one node.

    `visitors` are all sockets, greeted or not; `seats` those whose device is known, oldest first.
    """

    def __init__(self, *, fanout: Fanout, inboxes: InboxDesk, spread: Callable[[float, float], float]) -> None:
        """`spread` draws a number between two, so that a herd does not come back as one."""
        self._fanout = fanout
        self._inboxes = inboxes
        self._spread = spread
        self._visitors: set[Live] = set()
        self._seats: dict[Seat, Live] = {}
        self._by_user: dict[UserId, dict[Seat, Live]] = {}
        self._is_draining = False
        fanout.listen(self._hint)

    @property
    def is_draining(self) -> bool:
        """No more upgrades are taken, and the node is not ready."""
        return self._is_draining

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self._visitors)

    # --- coming and going ---------------------------------------------------------------------------------

    def enter(self, connection: Live) -> None:
        """A socket was opened; it has no seat yet."""
        self._visitors.add(connection)

    def join(self, seat: Seat, connection: Live) -> None:
        """Give the connection its seat: a newer socket replaces the old one, a fifth tab closes the oldest."""
        before = self._leave_seat(seat)
        if before is not None:
            before.close(CloseCode.REPLACED)
        tabs = [taken for taken in self._by_user.get(seat.user_id, {}) if taken.device_id == seat.device_id]
        for oldest in tabs[: max(len(tabs) + 1 - MOST_TABS, 0)]:
            self._close_seat(oldest, CloseCode.REPLACED)
        self._seats[seat] = connection
        self._by_user.setdefault(seat.user_id, {})[seat] = connection

    def leave(self, connection: Live, seat: Seat | None) -> None:
        """The socket is gone; its seat is freed unless a newer one has taken it."""
        self._visitors.discard(connection)
        if seat is not None and self._seats.get(seat) is connection:
            self._leave_seat(seat)

    def _leave_seat(self, seat: Seat) -> Live | None:
        connection = self._seats.pop(seat, None)
        seats = self._by_user.get(seat.user_id, {})
        seats.pop(seat, None)
        if not seats:
            self._by_user.pop(seat.user_id, None)
        return connection

    def _close_seat(self, seat: Seat, code: CloseCode) -> None:
        connection = self._leave_seat(seat)
        if connection is not None:
            connection.close(code)

    # --- telling ------------------------------------------------------------------------------------------

    async def announce(self, heads: Mapping[UserId, int]) -> None:
        """Hint that inboxes have grown; called after the commit."""
        if heads:
            await self._fanout.publish(heads)

    async def reread_heads(self) -> None:
        """Make up for lost hints: to be called every 30 to 60 s, and after a fan-out resubscribed."""
        users = sorted(self._by_user)
        for start in range(0, len(users), 500):
            self._hint(await self._inboxes.heads(users[start : start + 500]))

    def tick(self, now: datetime) -> None:
        """Let time pass for every connection: to be called every second."""
        for connection in list(self._visitors):
            connection.tick(now)

    def _hint(self, heads: Mapping[UserId, int]) -> None:
        for user_id, head in heads.items():
            for connection in list(self._by_user.get(user_id, {}).values()):
                connection.hint(head)

    # --- making go ----------------------------------------------------------------------------------------

    def close_device(self, user_id: UserId, device_id: DeviceId) -> None:
        """The device was revoked: its connections hear it at once (4002)."""
        for seat in [seat for seat in self._by_user.get(user_id, {}) if seat.device_id == device_id]:
            self._close_seat(seat, CloseCode.REVOKED)

    def end_login(self, user_id: UserId, login_id: LoginId) -> None:
        """The login was ended: whatever stands on it drops to device-bound."""
        for connection in list(self._by_user.get(user_id, {}).values()):
            connection.end_login(login_id)

    async def drain(self, how: Drainage) -> None:
        """Empty the node: tell everybody when to come back, close in batches, cut what is left."""
        self._is_draining = True
        leaving = list(self._visitors)
        for connection in leaving:
            connection.drain(self._return_delay(how))
        for start in range(0, len(leaving), how.batch):
            await asyncio.sleep(how.pause.total_seconds())
            for connection in leaving[start : start + how.batch]:
                connection.close(CloseCode.DRAINING)
        if self._visitors:
            await asyncio.sleep(how.grace.total_seconds())
        for connection in list(self._visitors):
            connection.abort()

    def _return_delay(self, how: Drainage) -> int:
        earliest, latest = how.earliest_return.total_seconds(), how.latest_return.total_seconds()
        return int(self._spread(earliest, latest) * 1000)
