"""Push subscriptions: which device of a person is woken, over which service, and how far it has been told."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from approvals.model.ids import DeviceId, PushSubscriptionId, UserId

PUSH_TARGET: Final = "push-target"
"""What a target is sealed as, with its subscription's id."""
PUSH_TARGET_VERSION: Final = 1
"""A subscription keeps one target for its life; another target is another subscription."""


class PushChannel(StrEnum):
    """By whose service a device is woken."""

    WEB_PUSH = "web_push"  # RFC 8030, at the browser's own service
    FCM = "fcm"  # Firebase Cloud Messaging, HTTP v1


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPushTarget:
    """What a browser's PushSubscription holds: an address, a P-256 point (65 bytes), 16 secret bytes (RFC 8291)."""

    endpoint: str = field(repr=False)
    p256dh: bytes = field(repr=False)
    auth: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FcmTarget:
    """An app's registration token."""

    registration: str = field(repr=False)


PushTarget: TypeAlias = WebPushTarget | FcmTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSubscription:
    """One device that is woken; its target is sealed (RULES 28).

    `told_up_to` is its own cursor in its person's inbox, apart from the device's. `next_at` is when it may be tried
    again, `attempts` how often in a row that failed; `last_outcome` is `sent`, or the stable word of what went wrong.
    """

    id: PushSubscriptionId
    user_id: UserId
    device_id: DeviceId
    channel: PushChannel
    target_sealed: bytes = field(repr=False)
    target_digest: bytes = field(repr=False)
    created_at: datetime
    told_up_to: int
    next_at: datetime
    attempts: int = 0
    last_sent_at: datetime | None = None
    last_outcome: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PushBacklog:
    """How many subscriptions have events to be told, and the age's beginning of the oldest of those events."""

    behind: int
    oldest: datetime | None
