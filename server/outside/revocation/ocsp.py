"""OCSP (RFC 6960): the request for one certificate, and what of the answer decides before its signature is judged."""

from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from approvals.certificates.refusals import Cause, CertificateRefused, Reason, RevocationUnavailable

OLDEST: Final = timedelta(hours=4)
"""Of thisUpdate, where there is no nonce (RULES 16)."""
_AHEAD: Final = timedelta(seconds=1)  # a responder's clock may be this much before ours, as the judge allows


def request(certificate: x509.Certificate, issuer: x509.Certificate, nonce: bytes | None) -> bytes:
    """Return the request, DER. SHA-1 names the certificate and protects nothing (RFC 5019 2.1.1)."""
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303  # see above
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(serialization.Encoding.DER)


def usable_until(answer: bytes, nonce: bytes | None, now: datetime) -> datetime:
    """Return how long the answer may be kept: not at all, which is `now`, under a nonce.

    Raises RevocationUnavailable (no_answer, unreadable, replayed, stale).
    """
    try:
        return _usable_until(ocsp.load_der_ocsp_response(answer), nonce, now)
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension):
        raise RevocationUnavailable(Cause.UNREADABLE) from None


def require_known(answer: bytes) -> None:
    """Raise CertificateRefused (unknown_to_authority) for an answer that says so, once its signature is judged."""
    if ocsp.load_der_ocsp_response(answer).certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        raise CertificateRefused(Reason.UNKNOWN_TO_AUTHORITY)


def _usable_until(answer: ocsp.OCSPResponse, nonce: bytes | None, now: datetime) -> datetime:
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise RevocationUnavailable(Cause.NO_ANSWER)
    if nonce is not None and _nonce(answer) != nonce:
        raise RevocationUnavailable(Cause.REPLAYED)
    ends = [answer.next_update_utc] if answer.next_update_utc is not None else []
    if nonce is None:
        ends.append(answer.this_update_utc + OLDEST)
    if answer.this_update_utc > now + _AHEAD or any(end < now for end in ends):
        raise RevocationUnavailable(Cause.STALE)
    return now if nonce is not None else min(ends)


def _nonce(answer: ocsp.OCSPResponse) -> bytes | None:
    try:
        return answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return None
