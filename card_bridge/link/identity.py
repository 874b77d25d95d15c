"""What a bridge keeps of itself, in a file only its person reads: its key, its token, and which server it is of."""

import base64
import os
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typing_extensions import override

from approvals.credentials.device import signed_bytes
from card_bridge.link.pinning import Pin
from card_bridge.link.refusals import FileTooOpen, NotPaired


class Paired(msgspec.Struct, frozen=True, kw_only=True):
    """Who this bridge is. `private_key` is the number in hex; `device` and `token` are empty before the pairing."""

    address: str
    pin: Pin
    private_key: str
    device: str = ""
    token: str = ""

    @override
    def __repr__(self) -> str:
        return f"Paired(address={self.address!r}, device={self.device!r})"


def new_identity(address: str, pin: Pin) -> Paired:
    """Make a key; nobody knows it yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Paired(address=address, pin=pin, private_key=f"{key.private_numbers().private_value:064x}")


def public_point(paired: Paired) -> str:
    """Return the uncompressed point (65 bytes), base64url."""
    return _base64url(_key(paired).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def sign(paired: Paired, purpose: str, nonce: str) -> str:
    """Return the raw signature (r then s), base64url; the origin is the address the bridge was paired with."""
    signed = signed_bytes(purpose, paired.address, nonce, paired.device)
    r, s = decode_dss_signature(_key(paired).sign(signed, ec.ECDSA(hashes.SHA256())))
    return _base64url(r.to_bytes(32) + s.to_bytes(32))


def keep(file: Path, paired: Paired) -> None:
    """Write the file, whole or not at all, for its person alone."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(msgspec.json.encode(paired))
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)


def load(file: Path) -> Paired:
    """Raises NotPaired, FileTooOpen."""
    try:
        if file.stat().st_mode & 0o077:
            raise FileTooOpen
        return msgspec.json.decode(file.read_bytes(), type=Paired)
    except (FileNotFoundError, msgspec.DecodeError):
        raise NotPaired from None


def _key(paired: Paired) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(paired.private_key, 16), ec.SECP256R1())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
