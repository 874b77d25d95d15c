"""The life of a certificate, pure: in use, warned of 60, 30 and 7 days ahead, then out of use for good (BANK).

Being past its end is no status: `not_after` tells it, and whoever uses the certificate asks.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from approvals.credentials.certificate_refusals import CertificateNotActive
from approvals.model.certificate import Certificate, CertificateStatus

_AHEAD: Final = (timedelta(days=60), timedelta(days=30), timedelta(days=7), timedelta(0))
"""When the person is told; at the last one that it is over."""

ADMISSION_LIFE: Final = timedelta(days=30)
"""How long two advisers' admission of a certificate waits for its holder."""
FIRST_ENTRY: Final = timedelta(days=1)
"""How long after the letter was used it stands in for a strong proof, for who has none yet (RULES 24)."""


class Aging(Enum):
    """What the calendar did."""

    NEARS_ITS_END = auto()
    HAS_ENDED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """The certificate with its next look, and what the person is told; None where this is none of its days."""

    certificate: Certificate
    told: Aging | None


def next_due(not_after: datetime, now: datetime) -> datetime | None:
    """Return the first of its days still to come; what is past already is not told after the event."""
    days = [not_after - ahead for ahead in _AHEAD]
    return next((day for day in days if day > now), None)


def age(certificate: Certificate, now: datetime) -> Aged:
    """Look at a certificate whose day has come: warnings missed meanwhile become one."""
    aged = replace(certificate, due_at=next_due(certificate.not_after, now))
    if certificate.due_at is None or certificate.due_at > now:
        return Aged(certificate=certificate, told=None)
    return Aged(certificate=aged, told=Aging.HAS_ENDED if certificate.not_after <= now else Aging.NEARS_ITS_END)


def end(certificate: Certificate, status: CertificateStatus) -> Certificate:
    """Take it out of use for good; the same twice is once. Raises CertificateNotActive for another end."""
    if certificate.status is status:
        return certificate
    if certificate.status is not CertificateStatus.ACTIVE:
        raise CertificateNotActive(f"the certificate is {certificate.status}")
    return replace(certificate, status=status, due_at=None)


def is_usable(certificate: Certificate, now: datetime) -> bool:
    """In use, and within its dates; whether it is revoked only its authority can say."""
    return certificate.status is CertificateStatus.ACTIVE and certificate.not_before <= now < certificate.not_after
