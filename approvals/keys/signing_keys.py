"""Key pairs the house signs with: ES256 (RFC 7518 3.4), private halves sealed, public ones kept as JWK (RFC 7517).

A key pair never changes under its id, the thumbprint of RFC 7638; the newest signs, the old public halves stay as long
as what they signed (RULES 28). What is signed is `release_signer`'s and `audit_signer`'s.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from joserfc import jws
from joserfc.jwk import ECKey

from approvals.errors import KeyringError
from approvals.keys.keyring import Keyring
from approvals.ports.vault import SealedSecret

_ALGORITHM: Final = "ES256"
_CURVE: Final = "P-256"
_VERSION: Final = 1


class SigningKeys:
    """All key pairs of one kind."""

    def __init__(self, keyring: Keyring, secrets: Sequence[SealedSecret]) -> None:
        """Raises KeyringError when there is none or one does not open."""
        self._keyring = keyring
        self.hold(secrets)

    def hold(self, secrets: Sequence[SealedSecret]) -> None:
        """Sign with the newest of these from now on, and publish them all. Raises KeyringError, and changes nothing."""
        if not secrets:
            raise KeyringError("a signing key is missing: run `contreseing keys init`, or `keys rotate-audit`")
        newest = max(secrets, key=lambda secret: secret.created_at)
        self._key = ECKey.import_key(self._keyring.open(newest.kind, newest.id, newest.version, newest.sealed))
        self._key_id = newest.id
        self._published = public_keys(secrets)

    @property
    def key_id(self) -> str:
        """The `kid` of the key that signs now."""
        return self._key_id

    def sign_content(self, media_type: str, content: bytes) -> str:
        """Return the content as a compact JWS (RFC 7515); its header names the key and what the signature is for."""
        header = {"alg": _ALGORITHM, "kid": self._key_id, "typ": media_type}
        return jws.serialize_compact(header, content, self._key)

    def published_keys(self) -> bytes:
        """Return the JWKS document (RFC 7517 section 5): every public key, old ones included."""
        return self._published


def public_keys(secrets: Sequence[SealedSecret]) -> bytes:
    """Return the public halves of key pairs as a JWKS document; nothing is opened for it."""
    return msgspec.json.encode({"keys": [msgspec.Raw(each.public.encode()) for each in secrets if each.public]})


def make_signing_key(keyring: Keyring, kind: str, now: datetime) -> SealedSecret:
    """Return a new P-256 key pair, sealed."""
    key = ECKey.generate_key(_CURVE)
    key_id = key.thumbprint()
    public = {**key.as_dict(private=False), "kid": key_id, "use": "sig", "alg": _ALGORITHM}
    return SealedSecret(
        kind=kind,
        id=key_id,
        version=_VERSION,
        sealed=keyring.seal(kind, key_id, _VERSION, key.as_pem(private=True)),
        public=msgspec.json.encode(public).decode(),
        created_at=now,
    )
