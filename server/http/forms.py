"""What is sent and given over HTTP alone; what the stream knows too is in `channels.frames`.

Requests refuse fields they do not know. Times are whole milliseconds UTC since 1970, as everywhere on the wire.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct
from typing_extensions import override

from approvals.credentials.card_order import PinReport
from approvals.model.action import ActionStatus
from approvals.model.card import CardKind, Trouble
from approvals.model.card_order import Delivery, OrderReason, PinLetter
from approvals.model.challenge import RefusalReason
from approvals.model.person import Language, UserStatus
from approvals.ports.payloads import PayeeOrder
from channels.frames.content import ActionContent, DeviceContent, LoginContent, PersonContent, StatedContent
from channels.frames.fields import CardName, CodeDigits, DeviceSignature, Epoch, Id, Jws, Milliseconds, Sha256, Token
from channels.frames.fields import Sequence as EventNumber

Named: TypeAlias = Annotated[str, Meta(min_length=1, max_length=70)]
Typed: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
Reference: TypeAlias = Annotated[str, Meta(min_length=1, max_length=140)]
Cursor: TypeAlias = Annotated[str, Meta(min_length=1, max_length=512, description="`next` of the page before.")]
Limit: TypeAlias = Annotated[int, Meta(ge=1, le=100, description="Items a page.")]
Initiator: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=64, description="User number of who started it, or `unknown`.")
]
Scalar: TypeAlias = str | int | bool | None
PayloadValue: TypeAlias = Scalar | Sequence[Scalar | Mapping[str, Scalar]] | Mapping[str, Scalar]
"""No floats, and no deeper than a list of records: what an operation asks for is never more."""
PublicKey: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{87}(?![\s\S])",
        description="Uncompressed P-256 point (65 bytes, SEC 1 section 2.3.3), base64url without padding.",
    ),
]


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What callers send."""


class Given(Struct, frozen=True, kw_only=True):
    """What callers get: every field is always there, null where it does not apply."""


# --- coming in --------------------------------------------------------------------------------------------


class DeviceProof(Form, frozen=True, kw_only=True):
    """A known device's signature for sign-in, over a nonce of POST /v1/nonces."""

    device: Id
    nonce: Token
    signature: DeviceSignature


class SignInForm(Form, frozen=True, kw_only=True):
    """Confidential code, CAP code of the CODE key, or both; an enrolled device adds its signature.

    `card` says which card the CAP code is of, where the person has several.
    """

    client_identifier: Typed
    user_number: Typed
    code: Typed | None = None
    cap: CodeDigits | None = None
    card: CardName | None = None
    device: DeviceProof | None = None

    @override
    def __repr__(self) -> str:
        return "SignInForm(…)"


class CertificateNonceForm(Form, frozen=True, kw_only=True):
    """Who is going to sign in by certificate."""

    client_identifier: Typed
    user_number: Typed


class CertificateSignInForm(Form, frozen=True, kw_only=True):
    """A detached JWS (`typ` contreseing-signin+jws) over the nonce given to this client identifier and user number.

    It covers the RFC 8785 bytes of `environment`, `purpose` (sign_in), `origin_sha256` and `nonce_sha256`: hex of the
    SHA-256 of our origin and of the nonce's 32 bytes. `code` goes with a key kept by a browser.
    """

    client_identifier: Typed
    user_number: Typed
    nonce: Token
    jws: Jws
    code: Typed | None = None
    device: DeviceProof | None = None

    @override
    def __repr__(self) -> str:
        return "CertificateSignInForm(…)"


class MtlsSignInForm(Form, frozen=True, kw_only=True):
    """Who signs in with the certificate shown in the TLS handshake; `code` goes with a key kept by a browser."""

    client_identifier: Typed
    user_number: Typed
    code: Typed | None = None
    device: DeviceProof | None = None

    @override
    def __repr__(self) -> str:
        return "MtlsSignInForm(…)"


class EnrolmentForm(Form, frozen=True, kw_only=True):
    """A device's key, and its signature over a nonce of POST /v1/nonces for `enrolment`."""

    name: Named
    public_key: PublicKey
    nonce: Token
    signature: DeviceSignature


class OpeningForm(Form, frozen=True, kw_only=True):
    """A sensitive action to be held; `payload` is its kind's own (docs/api.md).

    An API key names client identifier and initiator; for a signed-in person they are their own, named or not.
    """

    client_identifier: Typed | None = None
    kind: Typed
    payload: Mapping[str, PayloadValue]
    initiator: Initiator | None = None
    reference: Reference | None = None


class RefusalForm(Form, frozen=True, kw_only=True):
    """Why the signer says no."""

    reason: RefusalReason


class ResynchronisationForm(Form, frozen=True, kw_only=True):
    """Two codes of the CODE key, one straight after the other."""

    first: CodeDigits
    second: CodeDigits

    @override
    def __repr__(self) -> str:
        return "ResynchronisationForm(…)"


class CardActivationForm(Form, frozen=True, kw_only=True):
    """The first code of a new card, by the CODE key."""

    code: CodeDigits

    @override
    def __repr__(self) -> str:
        return "CardActivationForm(…)"


class TroubleForm(Form, frozen=True, kw_only=True):
    """What is wrong with a card: it is out of use at once."""

    trouble: Trouble


class HolderForm(Form, frozen=True, kw_only=True):
    """Whom a maker says the card is of: it must be whom it was ordered for."""

    client_identifier: Typed
    user_number: Typed


class ProducedForm(Form, frozen=True, kw_only=True, tag_field="report", tag="produced"):
    """The card as it was made. `expires` is the month printed on it; its last good day is that month's last."""

    holder: HolderForm
    pan: Annotated[str, Meta(pattern=r"^[0-9]{12,19}(?![\s\S])")]
    psn: Annotated[str, Meta(pattern=r"^[0-9]{2}(?![\s\S])")]
    expires: Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])(?![\s\S])", description="Year and month.")]
    profile: Typed
    issuer_key: Typed
    issuer_key_version: Annotated[int, Meta(ge=1)] = 1

    @override
    def __repr__(self) -> str:
        return "ProducedForm(…)"


class SentForm(Form, frozen=True, kw_only=True, tag_field="report", tag="sent"):
    """The card left for its holder, or for the branch."""

    holder: HolderForm


class ReturnedForm(Form, frozen=True, kw_only=True, tag_field="report", tag="returned"):
    """The letter with the card came back."""

    holder: HolderForm


class PinForm(Form, frozen=True, kw_only=True):
    """Where the letter with the PIN is."""

    holder: HolderForm
    report: PinReport


class CardsQuery(Form, frozen=True, kw_only=True):
    """Whose cards: named by an API key; a signed-in person's are their own, in their own language."""

    client: Typed | None = None
    user: Typed | None = None
    language: Language = Language.FR


class CardOrdersQuery(Form, frozen=True, kw_only=True):
    """Which orders; every parameter narrows. `produced` tells those whose card is made from the others."""

    kind: CardKind | None = None
    produced: bool | None = None
    after: Cursor | None = None
    limit: Limit = 50


class ActionsQuery(Form, frozen=True, kw_only=True):
    """Which actions; every parameter narrows. People see those they started or are asked to sign."""

    status: ActionStatus | None = None
    kind: Typed | None = None
    bundle: Id | None = None
    after: Cursor | None = None
    limit: Limit = 50
    language: Language = Language.FR


class PeopleListQuery(Form, frozen=True, kw_only=True):
    """Which of a company's people; every parameter narrows."""

    status: UserStatus | None = None
    number: Typed | None = None
    after: Cursor | None = None
    limit: Limit = 50


class LanguageQuery(Form, frozen=True, kw_only=True):
    """The language the bank's core reads in; people read in their own."""

    language: Language = Language.FR


class PayeesQuery(Form, frozen=True, kw_only=True):
    """How the payees are walked; `text` keeps names that hold it and IBANs that begin with it."""

    order: PayeeOrder = PayeeOrder.RISK
    text: Annotated[str, Meta(min_length=1, max_length=70)] | None = None
    after: Cursor | None = None
    limit: Limit = 50


class CompanyQuery(Form, frozen=True, kw_only=True):
    """Whose: the client identifier, from the bank's core alone. People see their own company's."""

    client: Typed | None = None


class BeneficiariesQuery(CompanyQuery, frozen=True, kw_only=True):
    """How they are walked; `text` keeps names that hold it and IBANs that begin with it, `list` those on one list."""

    text: Annotated[str, Meta(min_length=1, max_length=70)] | None = None
    list: Named | None = None
    after: Cursor | None = None
    limit: Limit = 50


class RemittanceQuery(Form, frozen=True, kw_only=True):
    """Whose file the body is: named by an API key; a signed-in person's is their own, named or not."""

    client: Typed | None = None
    initiator: Initiator | None = None
    reference: Reference | None = None
    language: Language = Language.FR


# --- going out --------------------------------------------------------------------------------------------


class SignedInContent(Given, frozen=True, kw_only=True):
    """The login, and its token: told this once. A browser keeps it in a cookie: it is told `csrf` instead.

    `csrf` goes with every change the browser asks for, in `Contreseing-CSRF`.
    """

    login: LoginContent
    user: PersonContent
    token: Token | None = None
    csrf: str | None = None


class TicketContent(Given, frozen=True, kw_only=True):
    """What a browser shows on the stream for its login, and until when it may."""

    ticket: Token
    expires: Milliseconds


class SessionContent(Given, frozen=True, kw_only=True):
    """A login that is good now; `current` is the one that asks."""

    login: LoginContent
    device_name: str | None
    current: bool


class NonceContent(Given, frozen=True, kw_only=True):
    """Good once, until then."""

    nonce: Token
    expires: Milliseconds


class EnrolledContent(Given, frozen=True, kw_only=True):
    """The device, and its token for the stream: told this once."""

    device: DeviceContent
    token: Token


class BeneficiaryListsContent(Given, frozen=True, kw_only=True):
    """The lists somebody is on, in alphabetical order."""

    items: Sequence[str]


class FileSummaryContent(Given, frozen=True, kw_only=True):
    """What a file would ask to be signed; `sha256` is its payload's, by which its actions are told again."""

    sha256: Sha256
    size: int
    actions: Sequence[StatedContent]


class OpenedContent(Given, frozen=True, kw_only=True):
    """The actions one file opened: one a debtor account and currency."""

    actions: Sequence[ActionContent]


class SnapshotContent(Given, frozen=True, kw_only=True):
    """Where to begin after a `reset`: the inbox's head, read before the pending actions it goes with.

    `next` continues in GET /v1/actions?status=pending.
    """

    epoch: Epoch
    head: EventNumber
    actions: Sequence[ActionContent]
    next: str | None


class CardOrderContent(Given, frozen=True, kw_only=True):
    """The order of a card; `card` is its id from the order on. No number, no name, no address."""

    card: Id
    client_identifier: str
    user_number: str
    kind: CardKind
    delivery: Delivery
    reason: OrderReason
    replaces: Id | None
    ordered: Milliseconds
    produced: Milliseconds | None
    pin_letter: PinLetter


class HealthContent(Given, frozen=True, kw_only=True):
    """`ok`; anything else comes as a problem."""

    status: str
