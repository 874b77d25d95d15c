"""Whether an enrolled certificate may be used, by what is kept of it; path and revocation are asked when it is."""

from datetime import datetime

from approvals.certificates.levels import require_level
from approvals.certificates.refusals import CertificateRefused
from approvals.model.certificate import Certificate, CertificateStatus, CertificateUse, Level


def is_current(certificate: Certificate, use: CertificateUse, now: datetime) -> bool:
    """It is enrolled for this use, in its time, and nothing ended it."""
    in_time = certificate.not_before <= now < certificate.not_after
    return certificate.status is CertificateStatus.ACTIVE and use in certificate.uses and in_time


def reaches(certificate: Certificate, least: Level | None) -> bool:
    """It has the level a policy asks; a key kept by a browser never has more than the first (RULES 15)."""
    level = Level.ONE_STAR if certificate.in_browser else certificate.level
    try:
        require_level(level, least or Level.ONE_STAR)
    except CertificateRefused:
        return False
    return True


def may_approve(certificate: Certificate, least: Level | None, now: datetime) -> bool:
    return is_current(certificate, CertificateUse.APPROVAL, now) and reaches(certificate, least)
