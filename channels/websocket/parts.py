"""What the stream leans on; joined once, in the composition root."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TypeAlias

from approvals.desk.access import AccessDesk
from approvals.desk.answers import AnswerDesk
from approvals.desk.conversations.talking import TalkDesk
from approvals.desk.cursors import CursorDesk
from approvals.desk.devices import DeviceDesk
from approvals.desk.inbox import InboxDesk
from approvals.desk.tickets import TicketDesk
from approvals.ports.world import CardProfiles, Clock, Ids
from channels.hub.hub import Hub
from channels.session.state import Pace
from channels.websocket.socket import Patience

Spawn: TypeAlias = Callable[[Coroutine[None, None, None]], object]
"""Starts a task in the one TaskGroup; what it is given never raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamDesks:
    """The desks the stream asks."""

    access: AccessDesk
    devices: DeviceDesk
    inboxes: InboxDesk
    cursors: CursorDesk
    answers: AnswerDesk
    tickets: TicketDesk
    talk: TalkDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamParts:
    """`request_secret` keys the digests of answers (`request_key`); `page` is how many events are read at a time."""

    desks: StreamDesks
    profiles: CardProfiles
    hub: Hub
    clock: Clock
    ids: Ids
    spawn: Spawn
    request_secret: bytes = field(repr=False)
    pace: Pace
    patience: Patience
    page: int = 50
