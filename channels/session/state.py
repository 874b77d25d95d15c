"""Where a connection stands, and when it next wants to be told the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from approvals.model.ids import DeviceId, LoginId, UserId
from channels.frames.from_device import Hello
from channels.frames.from_server import Level
from channels.session.bucket import Bucket, Rate

_INBOUND: Final = Rate(burst=20, per_second=1)


class Phase(Enum):
    """How far the connection has come."""

    GREETING = auto()  # waits for hello
    CHECKING = auto()  # the desk is asked who this is
    OPEN = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How patient the server is. `ping_every` is the setting: NATs drop what is silent for a minute."""

    hello_within: timedelta = timedelta(seconds=10)
    ping_every: timedelta = timedelta(seconds=30)
    pong_within: timedelta = timedelta(seconds=15)
    warn_before: timedelta = timedelta(seconds=60)
    inbound: Rate = _INBOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The login behind the connection, and when it ends unless the person acts. `warned` of it once."""

    login_id: LoginId
    expires_at: datetime
    warned: bool = False
    asked: bool = False  # the desk is being asked whether it still holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """How far the inbox was sent. `is_dirty`: it grew while a page was being read, or was on its way."""

    cursor: int = 0
    is_reading: bool = False
    is_dirty: bool = False
    is_synced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One connection. Device and person are None until the desk recognised them; `hello` is kept until then.

    A screen that is no enrolled device stays without one: it stands on its login alone.
    """

    id: str
    nonce: str
    pace: Pace
    opened_at: datetime
    heard_at: datetime
    allowance: Bucket
    phase: Phase = Phase.GREETING
    pinged_at: datetime | None = None
    hello: Hello | None = None
    device_id: DeviceId | None = None
    user_id: UserId | None = None
    signed_in: SignedIn | None = None
    feed: Feed = Feed()
    acknowledged: int = 0  # how far the device's own cursor is, by any of its connections
    confirmed: int = 0  # how far the peer is, by its hello and by what it acknowledged here

    @property
    def place(self) -> DeviceId | None:
        """Whose tabs are counted together: the device's, or those of the login of a screen that is none."""
        if self.device_id is not None or self.signed_in is None:
            return self.device_id
        return DeviceId(self.signed_in.login_id)

    @property
    def level(self) -> Level:
        return Level.DEVICE_BOUND if self.signed_in is None else Level.SIGNED_IN

    @property
    def wakes_at(self) -> datetime | None:
        """When `TimePassed` next changes something; None for never."""
        match self.phase:
            case Phase.GREETING:
                return self.opened_at + self.pace.hello_within
            case Phase.CHECKING | Phase.CLOSED:
                return None
            case Phase.OPEN:
                looks_at = self.looks_at
                return self._beats_at if looks_at is None else min(self._beats_at, looks_at)

    @property
    def looks_at(self) -> datetime | None:
        """When the login is to be read again: before the warning, and before the end."""
        if self.signed_in is None or self.signed_in.asked:
            return None
        ends = self.signed_in.expires_at
        return ends if self.signed_in.warned else ends - self.pace.warn_before

    @property
    def _beats_at(self) -> datetime:
        if self.pinged_at is not None:
            return self.pinged_at + self.pace.pong_within
        return self.heard_at + self.pace.ping_every
