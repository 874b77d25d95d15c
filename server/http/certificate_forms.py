"""What is sent and given over HTTP about certificates, their orders and their authorities."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct
from typing_extensions import override

from approvals.model.certificate import CertificateStatus, CertificateUse, CompanyFrom, Level
from approvals.model.certificate_order import CertificateOrderStatus
from approvals.model.person import Language
from channels.frames.content import PersonContent
from channels.frames.fields import Id, Milliseconds, Token
from server.http.forms import Form, Given, Typed

Pasted: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=32_768, description="A certificate: one PEM block, or its DER as base64.")
]
Jws: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=17_500, description="A detached JWS (RFC 7515 appendix F).")
]


class CheckForm(Form, frozen=True, kw_only=True):
    """A certificate to be judged; with `client` and `user`, for this person of the portfolio."""

    certificate: Pasted
    client: Typed | None = None
    user: Typed | None = None

    @override
    def __repr__(self) -> str:
        return "CheckForm(…)"


class RenewalForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The certificate that the new one takes over from; `jws` is that one's signature naming the new one."""

    certificate: Id
    jws: Jws | None = None

    @override
    def __repr__(self) -> str:
        return "RenewalForm(…)"


class CertificateForm(Form, frozen=True, kw_only=True):
    """A certificate to be enrolled; `jws` is its key's signature of sign-in type over a nonce of POST /v1/nonces."""

    certificate: Pasted
    nonce: Token
    jws: Jws
    in_browser: Annotated[bool, Meta(description="A browser keeps the key: each approval then takes the code too.")] = (
        False
    )
    renews: RenewalForm | None = None

    @override
    def __repr__(self) -> str:
        return "CertificateForm(…)"


class CertificateOrderForm(Form, frozen=True, kw_only=True):
    """Whom the certificate is for: an adviser names both, a person neither."""

    client: Typed | None = None
    user: Typed | None = None


class CertificateOrderMoveForm(Form, frozen=True, kw_only=True):
    """How far the order is; that it is enrolled is seen from the enrolment."""

    status: Literal["ordered", "received", "abandoned"]


# --- going out --------------------------------------------------------------------------------------------


class HolderContent(Given, frozen=True, kw_only=True):
    """Whom a certificate names."""

    serial_number: str
    given_name: str
    surname: str
    siren: str


class CertificateContent(Given, frozen=True, kw_only=True):
    """An enrolled certificate; `thumbprint` is its `x5t#S256`. `expired` is so whatever the status says.

    `in_browser`: a browser keeps its key, which signs with the confidential code besides.
    """

    id: Id
    person: PersonContent | None
    authority: str
    holder: HolderContent
    level: Level
    uses: Sequence[CertificateUse]
    thumbprint: str
    not_before: Milliseconds
    not_after: Milliseconds
    status: CertificateStatus
    expired: bool
    enrolled: Milliseconds
    in_browser: bool


class CertificateOrderContent(Given, frozen=True, kw_only=True):
    """An order; `shop` is where the person orders it, `certificate` what came of it."""

    id: Id
    person: PersonContent | None
    shop: str
    status: CertificateOrderStatus
    requested: Milliseconds
    moved: Milliseconds
    certificate: Id | None


class HeldCertificatesContent(Given, frozen=True, kw_only=True):
    """Certificates, oldest first, and orders, newest first. `keys_in_browsers`: a browser may keep a key here."""

    certificates: Sequence[CertificateContent]
    orders: Sequence[CertificateOrderContent]
    keys_in_browsers: bool


class ReasonContent(Given, frozen=True, kw_only=True):
    """One reason against a certificate: its stable code, and the words for it."""

    code: str
    words: Mapping[Language, str]


class CheckContent(Given, frozen=True, kw_only=True):
    """Whether and why a certificate is accepted, as far as it could be read; kept and logged nowhere."""

    accepted: bool
    words: Mapping[Language, str]
    reasons: Sequence[ReasonContent]
    authority: str | None
    level: Level | None
    uses: Sequence[CertificateUse]
    holder: HolderContent | None
    thumbprint: str | None
    not_before: Milliseconds | None
    not_after: Milliseconds | None


class AuthorityContent(Given, frozen=True, kw_only=True):
    """An authority as the bank accepts it; `certificate` is the SHA-256 of its own, as `x5t#S256`."""

    id: Id
    name: str
    certificate: str
    policies: Mapping[str, Level]
    uses: Sequence[CertificateUse]
    both_uses: bool
    company_from: CompanyFrom
    ocsp_url: str | None
    crl_url: str | None
    nonce: bool
    withdrawn: Milliseconds | None


class AuthoritiesContent(Given, frozen=True, kw_only=True):
    """All of them, those withdrawn too, by name."""

    items: Sequence[AuthorityContent]
