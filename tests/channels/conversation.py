"""A session driven by hand: what happens to it, and what it orders. Only the desk and the socket are left out."""

import json
from datetime import datetime, timedelta
from typing import TypeVar

from approvals.model.ids import DeviceId, LoginId, UserId
from approvals.model.inbox import EventKind
from approvals.model.json import Json
from approvals.model.person import Language
from channels.frames.from_server import Event, FromServer
from channels.session.happenings import (
    DeviceRecognised,
    EventsRead,
    Happening,
    InboxFound,
    PageSent,
    PersonAdmitted,
    TextReceived,
)
from channels.session.life import cleared, open_session, step
from channels.session.orders import Close, EndPage, Order, Send
from channels.session.state import Pace
from channels.views.actions import core_content
from tests.builders import NOW
from tests.channels.sheets import make_sheet

Wanted = TypeVar("Wanted")

DEVICE = DeviceId("dev_1")
PERSON = UserId("usr_1")
LOGIN = LoginId("lgn_1")
EPOCH = "epoch-1"
HELLO: dict[str, Json] = {
    "type": "hello",
    "v": 1,
    "device": DEVICE,
    "tab": "main",
    "token": "ctd_secret",
    "signature": "A" * 86,
    "epoch": EPOCH,
    "after": 0,
}
ANSWER: dict[str, Json] = {
    "type": "answer",
    "req": "r1",
    "challenge": "chl_1",
    "proof": {"method": "cap", "code": "12345678"},
}


class Conversation:
    """One session and the time it lives in; `orders` are those of the last happening.

    The socket takes a page at once, unless `is_peer_slow`.
    """

    def __init__(self, pace: Pace | None = None) -> None:
        self.now: datetime = NOW
        opened = open_session("str_1", "nonce", pace or Pace(), self.now)
        self.session = opened.session
        self.orders: tuple[Order, ...] = opened.orders
        self.sent: list[FromServer] = []
        self.is_peer_slow = False
        self._note_sent()

    def happens(self, happening: Happening, *, after: timedelta = timedelta()) -> None:
        self.now += after
        moved = step(self.session, happening, self.now)
        self.session, self.orders = moved.session, moved.orders
        self._note_sent()
        if self.orders and isinstance(self.orders[-1], EndPage) and not self.is_peer_slow:
            before = self.orders
            self.happens(PageSent(self.orders[-1].is_last))
            self.orders = (*before, *self.orders)

    def says(self, frame: dict[str, Json]) -> None:
        self.happens(TextReceived(json.dumps(frame)))

    def _note_sent(self) -> None:
        """Keep what a driver would send now."""
        for order in self.orders:
            if isinstance(order, Send):
                frame = cleared(self.session, order.frame, self.now)
                self.sent += [frame] if frame is not None else []

    def ordered(self, kind: type[Wanted]) -> Wanted:
        """Return the one order of this kind among the last."""
        (found,) = [order for order in self.orders if isinstance(order, kind)]
        return found

    def last(self, kind: type[Wanted]) -> Wanted:
        """Return the last frame of this kind that was sent."""
        return [frame for frame in self.sent if isinstance(frame, kind)][-1]

    @property
    def close_code(self) -> int | None:
        return next((order.code for order in self.orders if isinstance(order, Close)), None)

    # --- the usual ways -----------------------------------------------------------------------------------

    def greets(self, *, after: int = 0, epoch: str | None = EPOCH, head: int = 0, pruned: int = 0) -> None:
        """Say hello, be recognised, and come to the end of the inbox's first page."""
        self.says({**HELLO, "after": after, "epoch": epoch})
        self.happens(DeviceRecognised(device_id=DEVICE, user_id=PERSON, cursor=0))
        self.happens(InboxFound(epoch=EPOCH, head=head, pruned=pruned))

    def syncs(self) -> None:
        self.greets()
        self.happens(EventsRead(events=(), is_last=True))

    def signs_in(self, *, ends_in: timedelta = timedelta(minutes=5)) -> None:
        self.syncs()
        self.says({"type": "auth", "token": "ctl_secret"})
        self.happens(PersonAdmitted(user_id=PERSON, login_id=LOGIN, expires_at=self.now + ends_in))


def event(s: int, kind: EventKind = EventKind.CHALLENGE_OPENED, about: str = "act_1") -> Event:
    """An event with content, as it is read for somebody who is signed in."""
    content = core_content(make_sheet(), Language.FR, NOW)
    return Event(s=s, id=about, kind=kind, at=0, words="…", action=content)


def opaque(s: int, kind: EventKind = EventKind.CHALLENGE_OPENED, about: str = "act_1") -> Event:
    return Event(s=s, id=about, kind=kind, at=0, words="…", action=None)
