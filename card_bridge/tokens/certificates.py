"""The certificates on a token: whose they are, and whether each is fit for what is asked. Pure.

The bank decides whether it accepts one; here the person is only spared a signature that could never be taken.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID

from approvals.model.certificate import CertificateUse

_UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension)


class Unfit(StrEnum):
    """Why a certificate cannot serve."""

    UNREADABLE = "unreadable"
    NO_KEY = "no_key"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    WRONG_USAGE = "wrong_usage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A certificate as the token holds it: DER, CKA_ID, the token's label, whether a key of that CKA_ID is seen."""

    der: bytes = field(repr=False)
    key_id: bytes
    token: str
    has_key: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom a certificate names, as it is shown; each is empty where the certificate says nothing."""

    person: str
    company: str
    issuer: str
    policies: tuple[str, ...]
    not_after: datetime


def unfit(found: Found, use: CertificateUse, now: datetime) -> Unfit | None:
    """Return why it cannot serve; None when it can."""
    try:
        certificate = x509.load_der_x509_certificate(found.der)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return Unfit.WRONG_USAGE
    except _UNREADABLE:
        return Unfit.UNREADABLE
    if not found.has_key:
        return Unfit.NO_KEY
    if now < certificate.not_valid_before_utc:
        return Unfit.NOT_YET_VALID
    if now >= certificate.not_valid_after_utc:
        return Unfit.EXPIRED
    is_for_it = usage.digital_signature if use is CertificateUse.SIGN_IN else usage.content_commitment
    return None if is_for_it else Unfit.WRONG_USAGE


def named(found: Found) -> Named | None:
    """Return whom it names; None when it cannot be read."""
    try:
        certificate = x509.load_der_x509_certificate(found.der)
        policies = _policies(certificate)
    except _UNREADABLE:
        return None
    subject = certificate.subject
    return Named(
        person=" ".join(filter(None, (_text(subject, NameOID.GIVEN_NAME), _text(subject, NameOID.SURNAME)))),
        company=" ".join(
            filter(None, (_text(subject, NameOID.ORGANIZATION_NAME), _text(subject, NameOID.ORGANIZATION_IDENTIFIER)))
        ),
        issuer=_text(certificate.issuer, NameOID.COMMON_NAME),
        policies=policies,
        not_after=certificate.not_valid_after_utc,
    )


def _policies(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(each.policy_identifier.dotted_string for each in found)


def _text(name: x509.Name, attribute: x509.ObjectIdentifier) -> str:
    """One line of it: what a terminal would obey is not shown to it."""
    values = [each.value for each in name.get_attributes_for_oid(attribute) if isinstance(each.value, str)]
    return "".join(letter for letter in " ".join(values) if letter.isprintable())
