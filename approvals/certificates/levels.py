"""Which RGS level a certificate has, by the policies its authority issues it under."""

from typing import Final

from approvals.certificates.reading import Reading
from approvals.certificates.refusals import CertificateRefused, Reason
from approvals.model.certificate import Authority, Level

_ASCENDING: Final = (Level.ONE_STAR, Level.TWO_STARS, Level.THREE_STARS)


def level_of(reading: Reading, authority: Authority) -> Level:
    """Return the highest of the accepted policies it names: it was issued under each. Raises CertificateRefused."""
    found = [authority.policies[policy] for policy in reading.policies if policy in authority.policies]
    if not found:
        raise CertificateRefused(Reason.WRONG_POLICY)
    return max(found, key=_ASCENDING.index)


def require_level(level: Level, least: Level) -> None:
    """Raise CertificateRefused (level_too_low) below what the policy of the action wants."""
    if _ASCENDING.index(level) < _ASCENDING.index(least):
        raise CertificateRefused(Reason.LEVEL_TOO_LOW)


def require_browser_level(level: Level) -> None:
    """Raise CertificateRefused (key_in_browser) above RGS *: no browser keeps a key of ** or *** (RULES 15)."""
    if level is not Level.ONE_STAR:
        raise CertificateRefused(Reason.KEY_IN_BROWSER)
