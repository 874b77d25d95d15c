"""What devices that are woken by push send and are given over HTTP."""

from typing import Annotated, TypeAlias

from msgspec import Meta
from typing_extensions import override

from approvals.model.push import PushChannel
from channels.frames.fields import Id, Milliseconds
from server.http.forms import Form, Given, PublicKey

Endpoint: TypeAlias = Annotated[
    str, Meta(pattern=r"^[!-~]{1,2048}(?![\s\S])", description="Address at the browser's push service.")
]
AuthSecret: TypeAlias = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_-]{22}(?![\s\S])", description="16 bytes, base64url without padding (RFC 8291).")
]
RegistrationToken: TypeAlias = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_:.-]{1,1024}(?![\s\S])", description="What FCM gave the app.")
]


class PushKeysForm(Form, frozen=True, kw_only=True):
    """The keys of a browser's PushSubscription."""

    p256dh: PublicKey
    auth: AuthSecret

    @override
    def __repr__(self) -> str:
        return "PushKeysForm(…)"


class WebPushForm(Form, frozen=True, kw_only=True, tag_field="channel", tag="web_push"):
    """What `PushSubscription.toJSON()` gives, but for its expiration."""

    endpoint: Endpoint
    keys: PushKeysForm

    @override
    def __repr__(self) -> str:
        return "WebPushForm(…)"


class FcmForm(Form, frozen=True, kw_only=True, tag_field="channel", tag="fcm"):
    """An app's registration token."""

    token: RegistrationToken

    @override
    def __repr__(self) -> str:
        return "FcmForm(…)"


class PushKeyContent(Given, frozen=True, kw_only=True):
    """What a browser subscribes to (`applicationServerKey`): the house's public VAPID key."""

    key: PublicKey


class PushSubscriptionContent(Given, frozen=True, kw_only=True):
    """A device that is woken, and when and how it last was; `current` is the device that asks.

    `last_sent`: a push service last took a message for it then. `last_outcome`: `sent`, or why the last attempt failed.
    """

    id: Id
    device: Id
    channel: PushChannel
    created: Milliseconds
    last_sent: Milliseconds | None
    last_outcome: str | None
    current: bool
