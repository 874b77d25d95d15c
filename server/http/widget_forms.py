"""What the back end of a widget's host sends, and what the frame on its page does."""

from typing import Annotated, TypeAlias

from msgspec import Meta
from typing_extensions import override

from channels.frames.fields import Milliseconds, Token
from server.http.forms import Form, Given, Typed

Host: TypeAlias = Annotated[
    str, Meta(min_length=8, max_length=255, description="Origin of the page that holds the chat: scheme, host, port.")
]
FrameChallenge: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{43}(?![\s\S])",
        description="What the frame asked with: the SHA-256 of its verifier, base64url without padding (RFC 7636).",
    ),
]
Verifier: TypeAlias = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_-]{43,128}(?![\s\S])", description="What the frame drew, and told nobody.")
]


class WidgetTokenForm(Form, frozen=True, kw_only=True):
    """Who is signed in on the host's page, and which frame asked."""

    client_identifier: Typed
    user_number: Typed
    host: Host
    challenge: FrameChallenge


class WidgetTokenContent(Given, frozen=True, kw_only=True):
    """Good once, for the frame that asked, until then. The page hands it to the widget."""

    token: Token
    expires: Milliseconds


class WidgetSessionForm(Form, frozen=True, kw_only=True):
    """What the frame was handed by its host, and what it drew itself."""

    token: Token
    host: Host
    verifier: Verifier

    @override
    def __repr__(self) -> str:
        return "WidgetSessionForm(…)"
