"""A live connection as the hub sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from approvals.model.ids import ConversationId, DeviceId, LoginId, UserId
from channels.frames.closing import CloseCode


@dataclass(frozen=True, slots=True)
class Seat:
    """One tab of one device of one person."""

    user_id: UserId
    device_id: DeviceId
    tab: str


class Live(Protocol):
    """Everything is told without waiting: the connection finds its own time to act."""

    @property
    def lag(self) -> int:
        """How many events the inbox is known to have that were not sent."""
        ...

    def hint(self, head: int) -> None:
        """The person's inbox has come to `head`."""
        ...

    def tick(self, now: datetime) -> None:
        """Act on what time has brought, if it has."""
        ...

    def typing(self, conversation_id: ConversationId) -> None:
        """The other side of a conversation types."""
        ...

    def drain(self, after_ms: int) -> None:
        """Tell the device that the server leaves."""
        ...

    def end_login(self, login_id: LoginId) -> None:
        """Drop to device-bound if this is the login it stands on."""
        ...

    def close(self, code: CloseCode) -> None: ...

    def abort(self) -> None:
        """Let go of the socket at once."""
        ...
