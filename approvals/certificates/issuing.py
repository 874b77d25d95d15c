"""Who issued a certificate, among the authorities the bank knows; and whether a certificate is an authority's own."""

from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from approvals.certificates.algorithms import require_algorithms
from approvals.certificates.reading import UNREADABLE
from approvals.certificates.refusals import CertificateRefused, Reason
from approvals.model.certificate import Authority


def find_issuer(der: bytes, authorities: Sequence[Authority]) -> Authority:
    """Return the authority whose pinned key signed it in its pinned name; an accepted one before one withdrawn.

    Raises CertificateRefused (malformed, unknown_authority).
    """
    certificate = _load(der)
    found = [authority for authority in authorities if _is_issued_by(certificate, authority)]
    if not found:
        raise CertificateRefused(Reason.UNKNOWN_AUTHORITY)
    return min(found, key=lambda authority: authority.withdrawn_at is not None)


def require_authority(der: bytes) -> x509.Certificate:
    """Return the certificate if it may issue others (RFC 5280 4.2.1.3, 4.2.1.9).

    Raises CertificateRefused (malformed, for one that issues nothing too; algorithm, key_too_short).
    """
    certificate = _load(der)
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (*UNREADABLE, x509.ExtensionNotFound):
        raise CertificateRefused(Reason.MALFORMED) from None
    if not (constraints.ca and usage.key_cert_sign):
        raise CertificateRefused(Reason.MALFORMED)
    require_algorithms(certificate)
    return certificate


def _load(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except UNREADABLE:
        raise CertificateRefused(Reason.MALFORMED) from None


def _is_issued_by(certificate: x509.Certificate, authority: Authority) -> bool:
    try:
        certificate.verify_directly_issued_by(x509.load_der_x509_certificate(authority.certificate))
    except (*UNREADABLE, InvalidSignature):
        return False
    return True
