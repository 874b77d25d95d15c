"""What advisers send and are given over HTTP; what everybody shares is in `forms`."""

from collections.abc import Sequence
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta
from typing_extensions import override

from approvals.model.action import ActionStatus
from approvals.model.adviser import Role
from approvals.model.alert import AlertKind
from approvals.model.person import LegalForm, UserStatus
from approvals.model.policy import Means
from channels.frames.content import PersonContent
from channels.frames.fields import Day, Id, Milliseconds, TotpDigits
from server.http.forms import Cursor, Form, Given, Limit, Typed

Chosen: TypeAlias = Annotated[str, Meta(min_length=1, max_length=128, description="At least 12 characters.")]
Begins: TypeAlias = Annotated[str, Meta(min_length=1, max_length=70)]

# --- coming in --------------------------------------------------------------------------------------------


class AdviserSignInForm(Form, frozen=True, kw_only=True):
    """Password, and the authenticator's code or (the authenticator lost) a recovery code."""

    number: Typed
    password: Chosen
    totp: TotpDigits | None = None
    recovery_code: Typed | None = None

    @override
    def __repr__(self) -> str:
        return "AdviserSignInForm(…)"


class AdviserActivationForm(Form, frozen=True, kw_only=True):
    """The letter's secret, typed as it is read, and the password chosen."""

    number: Typed
    secret: Typed
    password: Chosen

    @override
    def __repr__(self) -> str:
        return "AdviserActivationForm(…)"


class AdviserConfirmationForm(Form, frozen=True, kw_only=True):
    """The letter's secret again, and the new authenticator's first code."""

    number: Typed
    secret: Typed
    totp: TotpDigits

    @override
    def __repr__(self) -> str:
        return "AdviserConfirmationForm(…)"


class AuthenticatorForm(Form, frozen=True, kw_only=True):
    """The first code of another authenticator."""

    totp: TotpDigits

    @override
    def __repr__(self) -> str:
        return "AuthenticatorForm(…)"


class PortfolioQuery(Form, frozen=True, kw_only=True):
    """Which companies; `text` begins the client identifier or the name, `adviser` is the id of who looks after them."""

    text: Begins | None = None
    adviser: Id | None = None
    after: Cursor | None = None
    limit: Limit = 50


class AuditQuery(Form, frozen=True, kw_only=True):
    """Which lines; every parameter narrows. `until` is the first moment past the period."""

    action: Id | None = None
    user: Id | None = None
    code: Typed | None = None
    since: Milliseconds | None = None
    until: Milliseconds | None = None
    after: Cursor | None = None
    limit: Limit = 50


# --- going out --------------------------------------------------------------------------------------------


class ShownSeedContent(Given, frozen=True, kw_only=True):
    """A new authenticator's seed, shown this once: as base32, as a key URI, as a QR code (data URI of an SVG)."""

    seed: str
    uri: str
    qr: str


class RecoveryCodesContent(Given, frozen=True, kw_only=True):
    """Each lets the adviser in once without the authenticator; shown this once."""

    recovery_codes: Sequence[str]


class AdviserContent(Given, frozen=True, kw_only=True):
    """One of the bank's own people."""

    id: Id
    number: str
    name: str
    role: Role
    status: UserStatus


class CompanyContent(Given, frozen=True, kw_only=True):
    """A company of the portfolio; `adviser` is the id of who looks after it."""

    id: Id
    client_identifier: str
    name: str
    siren: str
    legal_form: LegalForm
    sol: bool
    means: Sequence[Means]
    adviser: Id | None


class CompanyPersonContent(Given, frozen=True, kw_only=True):
    """A person of a company, as its adviser sees them."""

    person: PersonContent
    status: UserStatus
    main: bool


class CompanyFileContent(Given, frozen=True, kw_only=True):
    """A company and its people, by number."""

    company: CompanyContent
    people: Sequence[CompanyPersonContent]


class AuditLineContent(Given, frozen=True, kw_only=True):
    """One line of the audit; an erased value is empty."""

    code: str
    actor: str
    at: Milliseconds
    action: Id | None
    value: msgspec.Raw


# --- operations and figures -------------------------------------------------------------------------------


class CompanyActionsQuery(Form, frozen=True, kw_only=True):
    """Which of a company's operations."""

    status: ActionStatus | None = None
    after: Cursor | None = None
    limit: Limit = 20


class FiguresQuery(Form, frozen=True, kw_only=True):
    """Which day; today without one."""

    day: Day | None = None


class CountedContent(Given, frozen=True, kw_only=True):
    """How many operations are there now."""

    status: ActionStatus
    count: int


class SignedWithinContent(Given, frozen=True, kw_only=True):
    """How many signatures came within so many seconds and not within fewer; null: later than all of them."""

    seconds: int | None
    count: int


class FiguresContent(Given, frozen=True, kw_only=True):
    """The operations opened on one day, each state once, and their signatures by the time from opening to signing."""

    day: Day
    operations: Sequence[CountedContent]
    signatures: Sequence[SignedWithinContent]


# --- alerts -----------------------------------------------------------------------------------------------


class AlertQuery(Form, frozen=True, kw_only=True):
    """A page of alerts."""

    after: Cursor | None = None
    limit: Limit = 50


class AlertContent(Given, frozen=True, kw_only=True):
    """What somebody says was not them.

    `found` is how far it was then: a challenge `open` was refused in time, one `satisfied` had been signed. `device` is
    the device that was stopped, `stopped` whether a stay was, `taken_by` the adviser who looks into it.
    """

    id: Id
    kind: AlertKind
    client_identifier: str
    company: str
    user: PersonContent
    found: str
    raised: Milliseconds
    action: Id | None
    stopped: bool
    device: Id | None
    taken_by: Id | None
    taken: Milliseconds | None
