"""What a key may be used for: signing in and approving are asked of different bits of its certificate."""

from typing import Final

from cryptography.x509.oid import ExtendedKeyUsageOID

from approvals.certificates.reading import KeyUsage, Reading
from approvals.certificates.refusals import CertificateRefused, Reason
from approvals.model.certificate import Authority, CertificateUse

_CLIENT: Final = ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string
_OF_MACHINES: Final = frozenset(
    purpose.dotted_string
    for purpose in (
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.CODE_SIGNING,
        ExtendedKeyUsageOID.TIME_STAMPING,
        ExtendedKeyUsageOID.OCSP_SIGNING,
    )
)
_BOTH: Final = {KeyUsage.DIGITAL_SIGNATURE, KeyUsage.NON_REPUDIATION}


def require_use(reading: Reading, authority: Authority, use: CertificateUse) -> None:
    """Raise CertificateRefused (not_personal, use_not_accepted, no_usage) unless the key may be used so.

    A certificate without key usage, which RFC 5280 would let do anything, may do nothing.
    """
    if reading.is_authority or not _OF_MACHINES.isdisjoint(reading.purposes or ()):
        raise CertificateRefused(Reason.NOT_PERSONAL)
    if use not in authority.uses:
        raise CertificateRefused(Reason.USE_NOT_ACCEPTED)
    if not _may(reading, use, both_uses=authority.both_uses):
        raise CertificateRefused(Reason.NO_USAGE)


def _may(reading: Reading, use: CertificateUse, *, both_uses: bool) -> bool:
    match use:
        case CertificateUse.SIGN_IN:
            return KeyUsage.DIGITAL_SIGNATURE in reading.usages and _CLIENT in (reading.purposes or ())
        case CertificateUse.APPROVAL:
            # A key that also signs what others put to it, as TLS does, could be made to approve unseen.
            return reading.usages == {KeyUsage.NON_REPUDIATION} or (both_uses and reading.usages == _BOTH)
