"""Everything a certificate alone shows, in one order: issuer, dates, algorithms, policy, use.

It costs half a millisecond and stands before the full check of path and revocation, which a foreign certificate thus
never reaches.
"""

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from approvals.certificates.algorithms import require_algorithms
from approvals.certificates.levels import level_of
from approvals.certificates.reading import Reading
from approvals.certificates.refusals import CertificateRefused, Reason
from approvals.certificates.usage import require_use
from approvals.model.certificate import Authority, CertificateUse, Level


def check(reading: Reading, authority: Authority, use: CertificateUse, now: datetime) -> Level:
    """Return its level. Raises CertificateRefused with the first reason found."""
    if authority.withdrawn_at is not None:
        raise CertificateRefused(Reason.AUTHORITY_WITHDRAWN)
    require_algorithms(reading.certificate)
    require_issuer(reading, authority)
    require_dates(reading, now)
    level = level_of(reading, authority)
    require_use(reading, authority, use)
    return level


def uses_of(reading: Reading, authority: Authority) -> frozenset[CertificateUse]:
    """Return what this certificate may be enrolled for, perhaps nothing."""
    return frozenset(use for use in CertificateUse if _may(reading, authority, use))


def require_issuer(reading: Reading, authority: Authority) -> None:
    """Raise CertificateRefused (unknown_authority) unless the pinned key signed it in the pinned name."""
    try:
        issuer = x509.load_der_x509_certificate(authority.certificate)
        reading.certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        raise CertificateRefused(Reason.UNKNOWN_AUTHORITY) from None


def require_dates(reading: Reading, now: datetime) -> None:
    """Raise CertificateRefused (not_yet_valid, expired)."""
    if now < reading.not_before:
        raise CertificateRefused(Reason.NOT_YET_VALID)
    if now > reading.not_after:
        raise CertificateRefused(Reason.EXPIRED)


def _may(reading: Reading, authority: Authority, use: CertificateUse) -> bool:
    try:
        require_use(reading, authority, use)
    except CertificateRefused:
        return False
    return True
