"""Signs release tokens: compact JWS by ES256 (RFC 7515, RFC 7518 3.4), with the newest of the house's keys.

Private keys rest sealed under the keyring; public ones are published as JWKS (RFC 7517), the old ones as long as the
evidence they signed (RULES 28). What a token claims is `approvals.release`'s; checking it is the bank core's.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from joserfc import jws
from joserfc.jwk import ECKey

from approvals.errors import KeyringError
from approvals.keys.keyring import Keyring
from approvals.model.json import Facts
from approvals.ports.vault import SealedSecret

KIND: Final = "release"
"""The kind release keys are kept under in `Secrets`; their id is the key's own (`kid`)."""
MEDIA_TYPE: Final = "contreseing-release+jwt"
_ALGORITHM: Final = "ES256"
_CURVE: Final = "P-256"
_VERSION: Final = 1
"""A key pair never changes under its id: its id is its thumbprint."""


class ReleaseSigner:
    """Implements the ReleaseSigner port."""

    def __init__(self, keyring: Keyring, secrets: Sequence[SealedSecret]) -> None:
        """`secrets` are all release keys of the house. Raises KeyringError when there is none or one does not open."""
        self._keyring = keyring
        self.hold(secrets)

    def hold(self, secrets: Sequence[SealedSecret]) -> None:
        """Sign with the newest of these from now on, and publish them all. Raises KeyringError, and changes nothing."""
        if not secrets:
            raise KeyringError("there is no release key: run `contreseing keys init`")
        newest = max(secrets, key=lambda secret: secret.created_at)
        self._key = ECKey.import_key(self._keyring.open(newest.kind, newest.id, newest.version, newest.sealed))
        self._header = {"alg": _ALGORITHM, "kid": newest.id, "typ": MEDIA_TYPE}
        self._published = [secret.public for secret in secrets if secret.public is not None]

    @property
    def key_id(self) -> str:
        """The `kid` of the key that signs now."""
        return self._header["kid"]

    def sign(self, claims: Facts) -> str:
        """Return the claims as a compact JWS; its header names the key and the token's type."""
        return jws.serialize_compact(self._header, msgspec.json.encode(claims), self._key)

    def published_keys(self) -> bytes:
        """Return the JWKS document (RFC 7517 section 5): every public key, old ones included."""
        return msgspec.json.encode({"keys": [msgspec.Raw(public.encode()) for public in self._published]})


def make_release_key(keyring: Keyring, now: datetime) -> SealedSecret:
    """Return a new P-256 key pair, sealed; its `kid` is the thumbprint of RFC 7638."""
    key = ECKey.generate_key(_CURVE)
    key_id = key.thumbprint()
    public = {**key.as_dict(private=False), "kid": key_id, "use": "sig", "alg": _ALGORITHM}
    return SealedSecret(
        kind=KIND,
        id=key_id,
        version=_VERSION,
        sealed=keyring.seal(KIND, key_id, _VERSION, key.as_pem(private=True)),
        public=msgspec.json.encode(public).decode(),
        created_at=now,
    )
