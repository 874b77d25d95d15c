"""A person's USB key: SoftHSM2 holds it, a small authority certifies it."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from tests.pki import Issued, IssuingAuthority
from tests.soft_token import SoftTokens, see_tokens_anew


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDesk:
    """The person's PC: store of tokens, and the authority that issues for them."""

    tokens: SoftTokens
    authority: IssuingAuthority
    folder: Path

    def plug_in(self, issued: Issued, label: str, *, with_key: bool = True) -> None:
        """A USB key with this certificate on it."""
        self.tokens.make(label)
        self.put_on(label, issued, with_key=with_key)

    def put_on(self, label: str, issued: Issued, *, with_key: bool = True, number: str = "01") -> None:
        """One more certificate on a USB key, under a `number` of its own (CKA_ID)."""
        self._write(label, number, "cert", issued.der)
        if with_key:
            private = issued.key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            public = issued.key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            self._write(label, number, "privkey", private)
            self._write(label, number, "pubkey", public)
        see_tokens_anew()

    def _write(self, label: str, number: str, kind: str, content: bytes) -> None:
        file = self.folder / f"{label}.{kind}"
        file.write_bytes(content)
        self.tokens.load(label, "--write-object", str(file), "--type", kind, "--id", number, "--label", "certificate")
