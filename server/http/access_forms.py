"""What the ways in are sent and give over HTTP, besides sign-in and the first device (`forms`)."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta
from typing_extensions import override

from approvals.model.activation import LetterStatus
from approvals.model.enrolment import EnrolmentStatus
from approvals.model.person import Language
from channels.frames.content import DeviceContent
from channels.frames.fields import CardName, CodeDigits, Id, Milliseconds, Token
from server.http.forms import Cursor, EnrolmentForm, Form, Given, Limit, Typed


class ActivationForm(Form, frozen=True, kw_only=True):
    """The letter's secret, typed as it is read, and the confidential code chosen (6 to 12 digits)."""

    client_identifier: Typed
    user_number: Typed
    secret: Typed
    code: Typed

    @override
    def __repr__(self) -> str:
        return "ActivationForm(…)"


class CodeChangeForm(Form, frozen=True, kw_only=True):
    """The old confidential code, a code of the reader's CODE key, and the code to come; `card` as at sign-in."""

    old: Typed
    cap: CodeDigits
    card: CardName | None = None
    code: Typed

    @override
    def __repr__(self) -> str:
        return "CodeChangeForm(…)"


class LettersQuery(Form, frozen=True, kw_only=True):
    """Which letters; those due unless told otherwise."""

    status: LetterStatus = LetterStatus.DUE
    after: Cursor | None = None
    limit: Limit = 50


class TicketForm(Form, frozen=True, kw_only=True):
    """What the QR code holds."""

    ticket: Token

    @override
    def __repr__(self) -> str:
        return "TicketForm(…)"


class ScanForm(EnrolmentForm, frozen=True, kw_only=True):
    """What the QR code holds, the new device's key, and its signature over a nonce for `enrolment`."""

    ticket: Token

    @override
    def __repr__(self) -> str:
        return "ScanForm(…)"


class PairingForm(EnrolmentForm, frozen=True, kw_only=True):
    """The pairing code as it was typed, the bridge's key, and its signature over a nonce for `enrolment`."""

    code: Typed

    @override
    def __repr__(self) -> str:
        return "PairingForm(…)"


class DigitsForm(Form, frozen=True, kw_only=True):
    """The two digits another screen shows."""

    digits: Annotated[str, Meta(pattern=r"^[0-9]{2}(?![\s\S])")]


class WhoForm(Form, frozen=True, kw_only=True):
    """Who somebody says they are."""

    client_identifier: Typed
    user_number: Typed


class ConfirmedSignInForm(WhoForm, frozen=True, kw_only=True):
    """The secret given with the digits."""

    secret: Token

    @override
    def __repr__(self) -> str:
        return "ConfirmedSignInForm(…)"


class OfferedEnrolmentContent(Given, frozen=True, kw_only=True):
    """A QR code (`qr`, an SVG element) that holds the ticket; good once, until then."""

    id: Id
    ticket: Token
    qr: str
    expires: Milliseconds


class OfferedPairingContent(Given, frozen=True, kw_only=True):
    """The code to be typed at the card bridge; good once, until then."""

    id: Id
    code: str
    expires: Milliseconds


class ScannedContent(Given, frozen=True, kw_only=True):
    """The new device and its token, told this once, of no worth before the digits it shows are confirmed."""

    device: DeviceContent
    token: Token
    digits: str
    expires: Milliseconds


class EnrolmentContent(Given, frozen=True, kw_only=True):
    """How far an enrolment is; `device` is the name the new one gave itself."""

    id: Id
    status: EnrolmentStatus
    device: str | None
    expires: Milliseconds


class AskedForContent(Given, frozen=True, kw_only=True):
    """The digits to be shown, and the secret to come back with, told this once."""

    digits: str
    secret: Token
    expires: Milliseconds


class ConfirmationContent(Given, frozen=True, kw_only=True):
    """A sign-in that waits; the digits are on its own screen alone."""

    id: Id
    asked: Milliseconds
    expires: Milliseconds


class AddressedContent(Given, frozen=True, kw_only=True):
    """A letter of activation and whose it is, for who knows where they live; nothing of what it holds."""

    user: Id
    client_identifier: str
    user_number: str
    status: LetterStatus
    ordered: Milliseconds
    printed: Milliseconds | None
    expires: Milliseconds | None


class LetterContent(Given, frozen=True, kw_only=True):
    """What is printed on a letter, told this once: the secret, and no number it is typed with."""

    user: Id
    language: Language
    title: str
    lines: Sequence[str]
    secret: str
    expires: Milliseconds

    @override
    def __repr__(self) -> str:
        return "LetterContent(…)"
