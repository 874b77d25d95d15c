"""The algorithms allowed, by name: RSA from 2048 bits, P-256, P-384, each with SHA-256 or longer (RGS annex B1)."""

from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import SignatureAlgorithmOID

from approvals.certificates.refusals import CertificateRefused, Reason

_LEAST_BITS: Final = 2048
_MOST_BITS: Final = 8192  # longer ones only cost whoever checks them
_LEAST_EXPONENT: Final = 65537
_CURVES: Final = (ec.SECP256R1, ec.SECP384R1)
_DIGESTS: Final = frozenset({"sha256", "sha384", "sha512"})
_SIGNATURES: Final = frozenset(
    {
        SignatureAlgorithmOID.RSA_WITH_SHA256,
        SignatureAlgorithmOID.RSA_WITH_SHA384,
        SignatureAlgorithmOID.RSA_WITH_SHA512,
        SignatureAlgorithmOID.RSASSA_PSS,
        SignatureAlgorithmOID.ECDSA_WITH_SHA256,
        SignatureAlgorithmOID.ECDSA_WITH_SHA384,
        SignatureAlgorithmOID.ECDSA_WITH_SHA512,
    }
)


def require_algorithms(certificate: x509.Certificate) -> None:
    """Raise CertificateRefused (algorithm, key_too_short) for its key or the signature on it."""
    try:
        digest = certificate.signature_hash_algorithm
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise CertificateRefused(Reason.ALGORITHM) from None
    if certificate.signature_algorithm_oid not in _SIGNATURES or digest is None or digest.name not in _DIGESTS:
        raise CertificateRefused(Reason.ALGORITHM)
    require_key(key)


def require_key(key: CertificatePublicKeyTypes) -> None:
    """Raise CertificateRefused (algorithm, key_too_short)."""
    match key:
        case rsa.RSAPublicKey():
            if key.key_size < _LEAST_BITS:
                raise CertificateRefused(Reason.KEY_TOO_SHORT)
            is_allowed = key.key_size <= _MOST_BITS and key.public_numbers().e >= _LEAST_EXPONENT
        case ec.EllipticCurvePublicKey():
            is_allowed = isinstance(key.curve, _CURVES)
        case _:
            is_allowed = False
    if not is_allowed:
        raise CertificateRefused(Reason.ALGORITHM)
