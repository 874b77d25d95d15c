"""What an authority once said of a certificate, checked years later and offline, as of the time it was signed with.

Fetching such answers, and what is asked of fresh ones, is the server's; here only what an auditor needs.
"""

from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from approvals.evidence.refusals import EvidenceInvalid

_FRESH: Final = timedelta(hours=4)
"""How long an answer without an end speaks (RULES 16)."""
_AHEAD: Final = timedelta(minutes=5)
"""How far the authority's clock may be before ours."""


def check_ocsp(content: bytes, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> None:
    """Require a good answer about this certificate, signed for its issuer, that covers the time (RFC 6960)."""
    try:
        answer = ocsp.load_der_ocsp_response(content)
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise EvidenceInvalid("the OCSP answer says nothing")
        if not _is_of(answer, certificate, issuer):
            raise EvidenceInvalid("the OCSP answer is of another certificate")
        if answer.certificate_status is not ocsp.OCSPCertStatus.GOOD:
            raise EvidenceInvalid("the OCSP answer says the certificate is not good")
        _require_time(answer.this_update_utc, answer.next_update_utc, at)
        signer = _signer(answer, issuer, at)
        _require_signature(signer, answer.signature, answer.tbs_response_bytes, answer.signature_hash_algorithm)
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature, x509.ExtensionNotFound) as error:
        raise EvidenceInvalid("the OCSP answer cannot be read") from error


def check_crl(content: bytes, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> None:
    """Require a list of this issuer that covers the time and does not name the certificate (RFC 5280)."""
    try:
        revoked = x509.load_der_x509_crl(content)
        if revoked.issuer != issuer.subject or not revoked.is_signature_valid(_key(issuer)):
            raise EvidenceInvalid("the CRL is not this authority's")
        _require_time(revoked.last_update_utc, revoked.next_update_utc, at)
        if revoked.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
            raise EvidenceInvalid("the CRL names the certificate")
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise EvidenceInvalid("the CRL cannot be read") from error


def _is_of(answer: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the answer names what would be asked about this certificate."""
    asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, answer.hash_algorithm).build()
    named = (answer.serial_number, answer.issuer_name_hash, answer.issuer_key_hash)
    return named == (asked.serial_number, asked.issuer_name_hash, asked.issuer_key_hash)


def _require_time(this_update: datetime, next_update: datetime | None, at: datetime) -> None:
    if not this_update - _AHEAD <= at <= (next_update or this_update + _FRESH):
        raise EvidenceInvalid("what the authority said does not cover the time of the signature")


def _signer(answer: ocsp.OCSPResponse, issuer: x509.Certificate, at: datetime) -> x509.Certificate:
    """Return who signed: the issuer, or a responder it named for that and nothing else (RFC 6960, 4.2.2.2)."""
    for responder in answer.certificates:
        if responder == issuer:
            continue
        responder.verify_directly_issued_by(issuer)
        purposes = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        is_in_time = responder.not_valid_before_utc <= at <= responder.not_valid_after_utc
        if ExtendedKeyUsageOID.OCSP_SIGNING in purposes and is_in_time:
            return responder
    return issuer


def _require_signature(
    signer: x509.Certificate, signature: bytes, signed: bytes, digest: hashes.HashAlgorithm | None
) -> None:
    key = _key(signer)
    if digest is None:
        raise EvidenceInvalid("the OCSP answer is signed in a way that is not known")
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, signed, padding.PKCS1v15(), digest)
    else:
        key.verify(signature, signed, ec.ECDSA(digest))


def _key(certificate: x509.Certificate) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise EvidenceInvalid("an authority's key is of a kind that is not known")
    return key
