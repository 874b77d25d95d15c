"""The hints, as they cross between nodes, and the port they are told through."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Protocol, TypeAlias

import msgspec
from msgspec import Meta

from approvals.model.ids import ConversationId, DeviceId, LoginId, UserId

MOST_TOGETHER: Final = 500
"""Hints, and inboxes in one hint, that travel in one message."""

Stamp: TypeAlias = Annotated[int, Meta(ge=0, lt=2**53)]
"""Orders the seats of one device over all nodes (`channels.hub.order`)."""


class _Hint(msgspec.Struct, frozen=True, kw_only=True, tag_field="hint"):
    """Ids and numbers only: who reads the fan-out learns no content."""


class InboxesGrew(_Hint, frozen=True, kw_only=True, tag="inboxes_grew"):
    """These people's inboxes have come to these heads."""

    heads: Annotated[Mapping[UserId, Annotated[int, Meta(ge=0, lt=2**53)]], Meta(max_length=MOST_TOGETHER)]


class SeatTaken(_Hint, frozen=True, kw_only=True, tag="seat_taken"):
    """A tab of a device is connected to the node that says so."""

    user: UserId
    device: DeviceId
    tab: str
    stamp: Stamp


class SeatLeft(_Hint, frozen=True, kw_only=True, tag="seat_left"):
    """The seat taken with this stamp is free."""

    device: DeviceId
    tab: str
    stamp: Stamp


class LoginOver(_Hint, frozen=True, kw_only=True, tag="login_over"):
    """The person ended this login."""

    user: UserId
    login: LoginId


class Typed(_Hint, frozen=True, kw_only=True, tag="typed"):
    """Somebody types in a conversation of this person's."""

    user: UserId
    conversation: ConversationId


Hint: TypeAlias = InboxesGrew | SeatTaken | SeatLeft | LoginOver | Typed
Listener: TypeAlias = Callable[[Hint], None]


@dataclass(slots=True, kw_only=True)
class FanoutFigures:
    """What became of the hints since the node started, for metrics and logs alone."""

    is_connected: bool
    subscriptions: int = 0
    sent: int = 0
    dropped: int = 0
    heard: int = 0
    ignored: int = 0  # messages that are not ours to understand


class Fanout(Protocol):
    """To the other nodes of the house. Telling never waits and never fails."""

    @property
    def figures(self) -> FanoutFigures: ...

    def publish(self, hint: Hint) -> None:
        """Tell every other node, soon, if they can be reached."""
        ...

    def listen(self, listener: Listener) -> None:
        """Call it with every hint of another node from now on."""
        ...

    def jobs(self) -> Sequence[Coroutine[None, None, None]]:
        """What must run meanwhile, for ever; to be asked once."""
        ...
