"""A certificate's DER, read into what the checks need; nothing of it is believed yet.

Every byte string is a value or CertificateRefused(malformed): what the parser alone would take lightly (an extension
that comes twice, a key nobody can use) is refused here too.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.utils import CryptographyDeprecationWarning

from approvals.certificates.refusals import CertificateRefused, Reason
from approvals.certificates.subject import read_holder
from approvals.model.certificate import Authority, Holder

LARGEST: Final = 16 * 1024
"""Bytes of one certificate; those of French authorities have 2 to 3 KiB."""


UNREADABLE: Final = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    CryptographyDeprecationWarning,  # where warnings are errors; what it warns of is refused below all the same
)
"""All that escapes the parser for bytes that are no certificate to work with, from loading to reading extensions."""


class KeyUsage(StrEnum):
    """The two bits that decide here (RFC 5280 4.2.1.3)."""

    DIGITAL_SIGNATURE = "digital_signature"
    NON_REPUDIATION = "non_repudiation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a certificate says of itself.

    `thumbprint` is RFC 7515's `x5t#S256`. `policies` and `purposes` (extended key usages) are dotted OIDs;
    `purposes` is None where it restricts nothing.
    """

    certificate: x509.Certificate = field(repr=False)
    der: bytes = field(repr=False)
    thumbprint: str
    holder: Holder = field(repr=False)
    key: CertificatePublicKeyTypes = field(repr=False)
    policies: frozenset[str]
    usages: frozenset[KeyUsage]
    purposes: frozenset[str] | None
    is_authority: bool
    not_before: datetime
    not_after: datetime


def read(der: bytes, authority: Authority) -> Reading:
    """Return what it says; the company is read where this authority writes it.

    Raises CertificateRefused (malformed, person_unreadable, company_unreadable).
    """
    if len(der) > LARGEST:
        raise CertificateRefused(Reason.MALFORMED)
    try:
        return _read(x509.load_der_x509_certificate(der), der, authority)
    except UNREADABLE:
        raise CertificateRefused(Reason.MALFORMED) from None


def thumbprint(der: bytes) -> str:
    """Return SHA-256 over the certificate, base64url without padding (RFC 7515 4.1.8)."""
    return urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


def fingerprint(der: bytes) -> str:
    """Return the same digest as authorities publish it and people compare it: pairs of hexadecimal digits."""
    return hashlib.sha256(der).digest().hex(":").upper()


def _read(certificate: x509.Certificate, der: bytes, authority: Authority) -> Reading:
    if certificate.serial_number <= 0:  # RFC 5280 4.1.2.2
        raise CertificateRefused(Reason.MALFORMED)
    extensions = certificate.extensions
    return Reading(
        certificate=certificate,
        der=der,
        thumbprint=thumbprint(der),
        holder=read_holder(certificate.subject, authority.company_from),
        key=certificate.public_key(),
        policies=_policies(extensions),
        usages=_usages(extensions),
        purposes=_purposes(extensions),
        is_authority=_is_authority(extensions),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def _policies(extensions: x509.Extensions) -> frozenset[str]:
    try:
        found = extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(each.policy_identifier.dotted_string for each in found)


def _usages(extensions: x509.Extensions) -> frozenset[KeyUsage]:
    """Return those set; none where the extension is missing, which allows nothing here."""
    try:
        found = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return frozenset()
    bits = {KeyUsage.DIGITAL_SIGNATURE: found.digital_signature, KeyUsage.NON_REPUDIATION: found.content_commitment}
    return frozenset(usage for usage, is_set in bits.items() if is_set)


def _purposes(extensions: x509.Extensions) -> frozenset[str] | None:
    try:
        found = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return None
    return frozenset(each.dotted_string for each in found)


def _is_authority(extensions: x509.Extensions) -> bool:
    try:
        return extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
