"""An electronic certificate: the authority that issued it, whom it names, and the person here it works for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import AuthorityId, CertificateId, UserId


class CertificateUse(StrEnum):
    """What a signature is for; the key's usage must allow it (CERTIFICATES.md, "Check usage by purpose")."""

    SIGN_IN = "sign_in"
    APPROVAL = "approval"


class Level(StrEnum):
    """RGS level: from `**` on the key lives in hardware."""

    ONE_STAR = "*"
    TWO_STARS = "**"
    THREE_STARS = "***"


class CompanyFrom(StrEnum):
    """Where an authority writes the company's SIREN."""

    ORGANIZATION_IDENTIFIER = "organization_identifier"  # NTRFR-<SIREN> (ETSI EN 319 412-1, 5.1.4)
    ORGANIZATIONAL_UNIT = "organizational_unit"  # 0002 <SIREN> (RGS annex A4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """An issuing authority the bank accepts, as its advisers keep it.

    `certificate` is the issuing CA's own, DER, pinned. `policies` are the certificate policies accepted (dotted OIDs)
    with the level of each. `both_uses` says whether one key may sign in and approve. `has_nonce`: its OCSP responder
    echoes nonces, and then must (RULES 16). Revocation is asked at these addresses, never at those a certificate names.
    """

    id: AuthorityId
    name: str
    certificate: bytes
    policies: Mapping[str, Level]
    uses: frozenset[CertificateUse]
    both_uses: bool
    company_from: CompanyFrom
    ocsp_url: str | None
    crl_url: str | None
    has_nonce: bool
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The person and company a certificate names; the person is never told by the common name alone."""

    serial_number: str  # of the subject (X.520 serialNumber), given by the authority to one person
    given_name: str
    surname: str
    siren: str


class CertificateStatus(StrEnum):
    """Expiry is a date, not a state: `not_after` tells it."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"  # its renewal is enrolled
    REVOKED = "revoked"  # the authority says so: for good
    REMOVED = "removed"  # by the person or an adviser


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One enrolled certificate; it works under one user number only (RULES 14).

    `der` is the certificate, `thumbprint` the SHA-256 over it, base64url without padding (RFC 7515 `x5t#S256`).
    `due_at` is when the calendar next does something to it: a warning ahead of its end, then the end. `in_browser`:
    its key is kept by a browser, so it counts as possession alone (RULES 15).
    """

    id: CertificateId
    user_id: UserId
    authority_id: AuthorityId
    der: bytes
    thumbprint: str
    holder: Holder
    level: Level
    uses: frozenset[CertificateUse]
    not_before: datetime
    not_after: datetime
    status: CertificateStatus
    enrolled_at: datetime
    due_at: datetime | None = None
    in_browser: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """A certificate found good for one use at one time, with the bytes that show it years later.

    `chain` is DER from the certificate to the pinned authority; `ocsp` or `crl` the answer it rests on, DER.
    """

    level: Level
    chain: tuple[bytes, ...]
    ocsp: bytes | None
    crl: bytes | None
    at: datetime
