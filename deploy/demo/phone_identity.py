"""What a phone keeps of itself: a P-256 key of its own making, and who the bank says it is."""

import base64
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from approvals.credentials.device import signed_bytes


class _Memory(msgspec.Struct, kw_only=True):
    """The file: the private key as a number in hexadecimal; device id and token once the phone is enrolled."""

    private_key: str
    device: str = ""
    token: str = ""


class PhoneIdentity:
    """Signs as this phone; its file is its keychain."""

    def __init__(self, path: Path, origin: str) -> None:
        """`origin` is the server's, as the phone reached it: part of everything it signs."""
        self._path = path
        self._origin = origin
        self._memory = self._read()
        self._key = ec.derive_private_key(int(self._memory.private_key, 16), ec.SECP256R1())

    @property
    def device(self) -> str:
        """The id the bank gave it; empty before it is enrolled."""
        return self._memory.device

    @property
    def token(self) -> str:
        return self._memory.token

    @property
    def public_key(self) -> str:
        """The uncompressed point (65 bytes), base64url."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return _base64url(point)

    def sign(self, purpose: str, nonce: str) -> str:
        """Return the raw signature (r then s), base64url."""
        signed = signed_bytes(purpose, self._origin, nonce, self.device)
        r, s = decode_dss_signature(self._key.sign(signed, ec.ECDSA(hashes.SHA256())))
        return _base64url(r.to_bytes(32) + s.to_bytes(32))

    def keep(self, device: str, token: str) -> None:
        """Remember who the bank says this phone is."""
        self._memory.device, self._memory.token = device, token
        self._write(self._memory)

    def _read(self) -> _Memory:
        if self._path.exists():
            return msgspec.json.decode(self._path.read_bytes(), type=_Memory)
        key = ec.generate_private_key(ec.SECP256R1())
        memory = _Memory(private_key=f"{key.private_numbers().private_value:064x}")
        self._write(memory)
        return memory

    def _write(self, memory: _Memory) -> None:
        self._path.touch(mode=0o600)
        self._path.write_bytes(msgspec.json.encode(memory))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
