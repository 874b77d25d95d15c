"""Drives one session on one socket: what arrives goes in, what the session orders is carried out.

Its own task is the one aiohttp runs for the request. A hint or the passing of time is taken without waiting; only
when there is something to do for it is a task spawned.
"""

import logging
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from aiohttp import WSMessage, WSMsgType
from msgspec.structs import replace

from approvals.model.ids import ConversationId, LoginId
from channels.frames.closing import CloseCode
from channels.frames.from_server import MOST_BYTES_OUT, Event, FromServer, write_frame
from channels.hub.live import Seat
from channels.session.happenings import (
    BinaryReceived,
    ClosingAsked,
    DrainBegan,
    Happening,
    HeadMoved,
    LoginOver,
    PageSent,
    PeerTypes,
    PingReceived,
    PongReceived,
    TextReceived,
    TimePassed,
)
from channels.session.life import cleared, open_session, step
from channels.session.orders import Close, EndPage, Join, Order, PingPeer, PongPeer, Send
from channels.session.state import Phase
from channels.websocket.asking import Asking
from channels.websocket.parts import StreamParts
from channels.websocket.socket import PeerTooSlow, Socket

log: Final = logging.getLogger(__name__)


class Connection:
    """One device's tab, live; satisfies the hub's `Live`."""

    def __init__(self, parts: StreamParts, socket: Socket) -> None:
        self._parts = parts
        self._socket = socket
        self._asking = Asking(parts)
        self._seat: Seat | None = None
        opened = open_session(parts.ids.make("str"), parts.ids.secret(), parts.pace, parts.clock.now())
        self._session, self._greeting = opened.session, opened.orders
        self._wakes_at = self._session.wakes_at
        self._head = 0

    @property
    def lag(self) -> int:
        return max(self._head - self._session.feed.cursor, 0)

    async def run(self) -> None:
        """Serve the socket until it is closed by either end."""
        self._parts.hub.enter(self)
        log.info("stream opened", extra={"session": self._session.id})
        try:
            await self._guard(self._greeting)
            await self._listen()
        finally:
            self._parts.hub.leave(self, self._seat)
            self._socket.finish()
            log.info("stream closed", extra={"session": self._session.id})

    async def _listen(self) -> None:
        while self._session.phase is not Phase.CLOSED:
            happening = _heard(await self._socket.receive())
            if happening is None:
                return
            await self._guard(self._step(happening))

    # --- the hub's side: told without waiting -------------------------------------------------------------

    def hint(self, head: int) -> None:
        self._head = max(self._head, head)
        self._tell(HeadMoved(head))

    def tick(self, now: datetime) -> None:
        if self._wakes_at is not None and now >= self._wakes_at:
            self._tell(TimePassed())

    def typing(self, conversation_id: ConversationId) -> None:
        self._tell(PeerTypes(conversation_id))

    def drain(self, after_ms: int) -> None:
        self._tell(DrainBegan(after_ms))

    def end_login(self, login_id: LoginId) -> None:
        stay = self._session.signed_in
        if stay is not None and stay.login_id == login_id:
            self._tell(LoginOver())

    def close(self, code: CloseCode) -> None:
        self._tell(ClosingAsked(code))

    def abort(self) -> None:
        self._socket.abort()

    def _tell(self, happening: Happening) -> None:
        orders = self._step(happening)
        if orders:
            self._parts.spawn(self._guard(orders))

    # --- the session's side: orders carried out -----------------------------------------------------------

    def _step(self, happening: Happening) -> tuple[Order, ...]:
        moved = step(self._session, happening, self._parts.clock.now())
        self._session = moved.session
        self._wakes_at = moved.session.wakes_at
        return moved.orders

    async def _guard(self, orders: Iterable[Order]) -> None:
        """Carry out orders; whatever goes wrong ends this connection and no other."""
        try:
            await self._carry_out(orders)
        except PeerTooSlow:
            await self._end(CloseCode.TOO_SLOW)
        except ConnectionError:
            self._socket.abort()
        except Exception:
            log.exception("stream failed", extra={"session": self._session.id})
            await self._end(CloseCode.INTERNAL)

    async def _end(self, code: CloseCode) -> None:
        self._step(ClosingAsked(code))
        await self._close(code)

    async def _close(self, code: CloseCode) -> None:
        log.info("stream closing", extra={"session": self._session.id, "code": code.value})
        await self._socket.close(code)

    async def _carry_out(self, orders: Iterable[Order]) -> None:
        left = deque(orders)
        while left:
            happening = await self._do(left.popleft())
            if happening is not None:
                left.extend(self._step(happening))

    async def _do(self, order: Order) -> Happening | None:
        match order:
            case Send(frame):
                await self._send(frame)
            case EndPage(is_last):
                return PageSent(is_last)
            case PingPeer():
                await self._socket.ping()
            case PongPeer(payload):
                await self._socket.pong(payload)
            case Close(code):
                await self._close(code)
            case Join():
                self._join()
            case _:
                return await self._asking.ask(order)
        return None

    async def _send(self, frame: FromServer) -> None:
        """Send what may be sent now; content too long for a frame is left to HTTP."""
        allowed = cleared(self._session, frame, self._parts.clock.now())
        if allowed is None:
            return
        text = write_frame(allowed)
        if len(text) > MOST_BYTES_OUT and isinstance(allowed, Event):
            text = write_frame(replace(allowed, action=None))
        await self._socket.send_text(text)

    def _join(self) -> None:
        session = self._session
        place = session.place
        if session.hello is None or place is None or session.user_id is None:
            return
        self._seat = Seat(session.user_id, place, session.hello.tab)
        self._parts.hub.join(self._seat, self, self._parts.clock.now())


def _heard(message: WSMessage) -> Happening | None:
    """Return what a message means to the session; None when the socket is done."""
    match message.type:
        case WSMsgType.TEXT:
            return TextReceived(str(message.data))
        case WSMsgType.BINARY:
            return BinaryReceived()
        case WSMsgType.PING:
            return PingReceived(bytes(message.data))
        case WSMsgType.PONG:
            return PongReceived()
        case _:
            return None
