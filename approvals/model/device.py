"""Where a person comes from: their device, and one signed-in stay (a login)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import DeviceId, LoginId, UserId


class DeviceKind(StrEnum):
    """What a device is: it decides what it may be asked."""

    PHONE = "phone"
    BROWSER = "browser"
    BRIDGE = "bridge"  # a card bridge: challenges of other screens may be handed over to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A phone, browser or card bridge with its own P-256 key. `cursor` is the last event it acknowledged.

    `public_key` is the uncompressed point (65 bytes, SEC 1 section 2.3.3); `token_digest` the SHA-256 of its token.
    """

    id: DeviceId
    user_id: UserId
    name: str
    public_key: bytes
    token_digest: bytes
    created_at: datetime
    kind: DeviceKind = DeviceKind.PHONE
    cursor: int = 0
    revoked_at: datetime | None = None


class Factor(StrEnum):
    """What a login was opened with."""

    CONFIDENTIAL_CODE = "confidential_code"
    CAP = "cap"
    DEVICE = "device"
    PASSWORD = "password"  # noqa: S105  # the word on the wire, no password
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    CERTIFICATE = "certificate"
    PHONE = "phone"  # confirmed there, with the two digits shown here (RULES 24)
    HOST = "host"  # vouched for by the page of the bank's that holds the widget (RULES 25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A signed-in stay: ends after 5 minutes without a human act (RTS art. 4(3)(d)) or at `expires_at`.

    Each has a unique id and official times (RTS art. 29). `token_digest` is the SHA-256 of its token.
    """

    id: LoginId
    user_id: UserId
    device_id: DeviceId | None
    factors: frozenset[Factor]
    token_digest: bytes
    created_at: datetime
    last_act_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
