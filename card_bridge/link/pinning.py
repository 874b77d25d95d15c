"""Which server the bridge speaks to: one key, seen at the pairing, or whatever one authority of the bank's vouches for.

A certificate changes more often than a key; where the bank changes keys too, it gives its authority's file.
"""

import hashlib
import ssl
from urllib.parse import urlsplit

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from card_bridge.link.refusals import AddressUnsafe, ServerChanged

_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    """`key` is the SHA-256 (hex) of the server's SubjectPublicKeyInfo; `authority` is certificates in PEM."""

    key: str | None = None
    authority: str | None = None


def require_address(address: str) -> str:
    """Return an origin: https, or this machine for the demo. Raises AddressUnsafe."""
    parts = urlsplit(address.rstrip("/"))
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    is_bare = not (parts.path or parts.query or parts.fragment or parts.username)
    if not (is_safe and is_bare and parts.hostname):
        raise AddressUnsafe
    return f"{parts.scheme}://{parts.netloc}"


def tls(address: str, pin: Pin) -> ssl.SSLContext | None:
    """Return the context for an address, None for this machine without TLS; names and chains are checked."""
    if not address.startswith("https:"):
        return None
    context = ssl.create_default_context(cadata=pin.authority)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def key_digest(certificate: bytes) -> str:
    """Return the digest a pin holds, of a certificate in DER."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def require_pinned(socket: ssl.SSLSocket | ssl.SSLObject | None, pin: Pin) -> None:
    """Raise ServerChanged where the key is pinned and the server has another; before anything is said to it."""
    if socket is None or pin.key is None:
        return
    certificate = socket.getpeercert(binary_form=True)
    if certificate is None or key_digest(certificate) != pin.key:
        raise ServerChanged
