"""What a device signs to show it is itself: its key, a nonce of the server's, one purpose, one origin (RULES 22)."""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from approvals.errors import DeviceSignatureRefused, InvalidRequest

STREAM: Final = "stream"
SIGN_IN: Final = "sign-in"
ENROLMENT: Final = "enrolment"
CARD_BLOCKED: Final = "card-blocked"


def signed_bytes(purpose: str, origin: str, nonce: str, device: str) -> bytes:
    """Return what the device signs: four lines of UTF-8 under a heading; `device` is empty before it has an id."""
    return f"contreseing device signature v1\n{purpose}\n{origin}\n{nonce}\n{device}".encode()


def read_public_key(point: bytes) -> bytes:
    """Return the uncompressed P-256 point (65 bytes) if it is one. Raises InvalidRequest."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise InvalidRequest("not an uncompressed P-256 point", field="public_key") from None
    if len(point) != 65:
        raise InvalidRequest("not an uncompressed P-256 point", field="public_key")
    return point


def require_signature(public_key: bytes, signature: bytes, signed: bytes) -> None:
    """Check an ECDSA P-256 SHA-256 signature in the raw r and s form (64 bytes, as JOSE and WebCrypto give it).

    Raises DeviceSignatureRefused.
    """
    try:
        encoded = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
        if len(signature) != 64:
            raise DeviceSignatureRefused("a raw P-256 signature has 64 bytes")
        key.verify(encoded, signed, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        raise DeviceSignatureRefused("the device's key did not sign this") from None
