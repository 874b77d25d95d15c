"""A signature by certificate: a detached JWS (RFC 7515 appendix F), composed by who signs and verified by who trusts.

What is signed is rebuilt by the verifier and never carried; the header names the enrolled certificate and no other
key. Whether that certificate is good, and whose it is, is not said here. Pure: the card bridge composes with it too.
"""

import base64
import hashlib
import json
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import msgspec
import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, RSAKey
from msgspec import Struct

from approvals.certificates.reading import UNREADABLE, thumbprint
from approvals.certificates.signature_refusals import SignatureFault, SignatureRefused

_LONGEST_HEADER: Final = 16_384
_LONGEST: Final = _LONGEST_HEADER + 2 + 1024  # a signature of RSA 4096 is 683 characters
_SHORTEST_RSA: Final = 2048


class Algorithm(StrEnum):
    """The algorithms taken (RFC 7518 section 3.1); SHA-256 in all of them."""

    ES256 = "ES256"
    PS256 = "PS256"
    RS256 = "RS256"


class SignedType(StrEnum):
    """What a signature is for: one for this is never one for that (CERTIFICATES.md)."""

    APPROVAL = "contreseing-approval+jws"
    SIGN_IN = "contreseing-signin+jws"
    RENEWAL = "contreseing-renewal+jws"


class _Header(Struct, frozen=True, kw_only=True):
    alg: str
    typ: str
    x5c: list[str]
    x5t: str = msgspec.field(name="x5t#S256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Detached:
    """A detached JWS as its text says, nothing of it verified.

    `alg` and `typ` are those we take; `x5c` the certificate it claims, DER. `header` is the encoded text that was
    signed, `signature` the raw bytes.
    """

    header: str = field(repr=False)
    alg: Algorithm
    typ: SignedType
    thumbprint: str
    x5c: bytes = field(repr=False)
    signature: bytes = field(repr=False)


# --- composing --------------------------------------------------------------------------------------------


def header(certificate: bytes, algorithm: Algorithm, signed_type: SignedType) -> str:
    """Return the protected header that names this certificate (DER), encoded."""
    members = {
        "alg": algorithm.value,
        "typ": signed_type.value,
        "x5c": [base64.b64encode(certificate).decode("ascii")],
        "x5t#S256": thumbprint(certificate),
    }
    return _encoded(json.dumps(members, separators=(",", ":")).encode("ascii"))


def signing_input(encoded_header: str, payload: bytes) -> bytes:
    """Return the bytes that the key signs (RFC 7515 section 5.1, step 8)."""
    return f"{encoded_header}.{_encoded(payload)}".encode("ascii")


def assemble(encoded_header: str, signature: bytes) -> str:
    """Return the detached JWS; an ECDSA signature is r and s, 32 bytes each (RFC 7518 section 3.4)."""
    return f"{encoded_header}..{_encoded(signature)}"


def sign_in_payload(environment: str, origin: str, nonce: bytes) -> bytes:
    """Return what a sign-in signs: hashes of the origin and of the server's nonce, 32 bytes, neither carried."""
    facts = {
        "environment": environment,
        "purpose": "sign_in",
        "origin_sha256": hashlib.sha256(origin.encode()).hexdigest(),
        "nonce_sha256": hashlib.sha256(nonce).hexdigest(),
    }
    return rfc8785.dumps(facts)


def renewal_payload(environment: str, origin: str, nonce: bytes, successor: str) -> bytes:
    """Return what an enrolled certificate signs to be followed by another, named by its `x5t#S256`."""
    facts = {
        "environment": environment,
        "purpose": "renewal",
        "origin_sha256": hashlib.sha256(origin.encode()).hexdigest(),
        "nonce_sha256": hashlib.sha256(nonce).hexdigest(),
        "successor": successor,
    }
    return rfc8785.dumps(facts)


# --- reading ----------------------------------------------------------------------------------------------


def read_detached(text: str) -> Detached:
    """Return what the text says. Raises SignatureRefused for anything but a header of ours and a signature."""
    if len(text) > _LONGEST:
        raise SignatureRefused(SignatureFault.TOO_LONG)
    encoded_header, gap, encoded_signature = text.partition("..")
    if not gap or "." in encoded_header or "." in encoded_signature:
        raise SignatureRefused(SignatureFault.NOT_DETACHED)
    members = _members(_decoded(encoded_header))
    algorithm, signed_type = _algorithm(members.alg), _signed_type(members.typ)
    return Detached(
        header=encoded_header,
        alg=algorithm,
        typ=signed_type,
        thumbprint=members.x5t,
        x5c=_claimed(members.x5c),
        signature=_decoded(encoded_signature),
    )


def _members(content: bytes) -> _Header:
    """Return the header's members: exactly ours, each once."""
    try:
        pairs = json.loads(content, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):  # bytes that are no UTF-8 too
        raise SignatureRefused(SignatureFault.NOT_AN_OBJECT) from None
    if not isinstance(pairs, dict):
        raise SignatureRefused(SignatureFault.NOT_AN_OBJECT)
    _require_ours(pairs)
    try:
        return msgspec.convert(pairs, _Header)
    except msgspec.ValidationError:
        raise SignatureRefused(SignatureFault.MEMBER_MISTYPED) from None


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """RFC 7515 section 4: member names are unique; parsers that keep the last of two are fooled by the first."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise SignatureRefused(SignatureFault.MEMBER_TWICE)
    return members


_OURS: Final = frozenset({"alg", "typ", "x5c", "x5t#S256"})
_REFUSED: Final[Mapping[str, SignatureFault]] = {
    "crit": SignatureFault.CRITICAL_UNKNOWN,
    "b64": SignatureFault.UNENCODED,
    "jwk": SignatureFault.FOREIGN_KEY,
    "jku": SignatureFault.FOREIGN_KEY,
    "x5u": SignatureFault.FOREIGN_KEY,
    "kid": SignatureFault.FOREIGN_KEY,
}


def _require_ours(members: Mapping[str, object]) -> None:
    for name, fault in _REFUSED.items():
        if name in members:
            raise SignatureRefused(fault)
    if members.keys() - _OURS:
        raise SignatureRefused(SignatureFault.MEMBER_UNKNOWN)
    if _OURS - members.keys():
        raise SignatureRefused(SignatureFault.MEMBER_MISSING)


def _algorithm(name: str) -> Algorithm:
    if name in set(Algorithm):
        return Algorithm(name)
    if name.lower() == "none":
        raise SignatureRefused(SignatureFault.ALGORITHM_NONE)
    symmetric = name in {"HS256", "HS384", "HS512"}
    raise SignatureRefused(SignatureFault.ALGORITHM_SYMMETRIC if symmetric else SignatureFault.ALGORITHM)


def _signed_type(name: str) -> SignedType:
    try:
        return SignedType(name)
    except ValueError:
        raise SignatureRefused(SignatureFault.PURPOSE) from None


def _claimed(chain: list[str]) -> bytes:
    """Return the one certificate named: what issued it is the bank's to know, never the signer's to bring."""
    if len(chain) != 1:
        raise SignatureRefused(SignatureFault.CHAIN)
    try:
        content = base64.b64decode(chain[0], validate=True)
    except ValueError:
        raise SignatureRefused(SignatureFault.BASE64) from None
    if base64.b64encode(content).decode("ascii") != chain[0]:
        raise SignatureRefused(SignatureFault.BASE64)
    return content


# --- verifying --------------------------------------------------------------------------------------------


def verify(signed: Detached, signed_type: SignedType, payload: bytes, certificate: bytes) -> None:
    """Check that the key of this certificate (DER) signed the payload for this purpose. Raises SignatureRefused."""
    if signed.typ is not signed_type:
        raise SignatureRefused(SignatureFault.PURPOSE)
    if signed.thumbprint != thumbprint(certificate):
        raise SignatureRefused(SignatureFault.THUMBPRINT)
    if signed.x5c != certificate:
        raise SignatureRefused(SignatureFault.CHAIN)
    registry = jws.JWSRegistry(algorithms=list(Algorithm))
    registry.max_header_length = _LONGEST_HEADER
    text = assemble(signed.header, signed.signature)
    try:
        jws.deserialize_compact(text, _key_of(certificate), registry=registry, payload=payload)
    except BadSignatureError:
        raise SignatureRefused(SignatureFault.WRONG) from None
    except (JoseError, ValueError):
        raise SignatureRefused(SignatureFault.KEY_UNFIT) from None


def _key_of(certificate: bytes) -> ECKey | RSAKey:
    """Return the public key; joserfc then holds its kind and curve against the algorithm."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except UNREADABLE:
        raise SignatureRefused(SignatureFault.KEY_UNFIT) from None
    if isinstance(key, EllipticCurvePublicKey):
        return ECKey.import_key(key)
    if isinstance(key, RSAPublicKey) and key.key_size >= _SHORTEST_RSA:
        return RSAKey.import_key(key)
    raise SignatureRefused(SignatureFault.KEY_UNFIT)


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _decoded(text: str) -> bytes:
    """Decode base64url (RFC 7515 section 2): no padding, no other alphabet, no bits that mean nothing."""
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError):
        raise SignatureRefused(SignatureFault.BASE64) from None
    if _encoded(content) != text:
        raise SignatureRefused(SignatureFault.BASE64)
    return content
