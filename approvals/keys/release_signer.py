"""Signs release tokens: compact JWS by ES256, with the newest of the house's release keys.

The bank's core checks them with the public keys it pinned. What a token claims is `approvals.release`'s.
"""

from datetime import datetime
from typing import Final

import msgspec

from approvals.keys.keyring import Keyring
from approvals.keys.signing_keys import SigningKeys, make_signing_key
from approvals.model.json import Facts
from approvals.model.release import RELEASE_TYPE
from approvals.ports.vault import SealedSecret

KIND: Final = "release"
"""The kind release keys are kept under in `Secrets`; their id is the key's own (`kid`)."""


class ReleaseSigner(SigningKeys):
    """Implements the ReleaseSigner port."""

    def sign(self, claims: Facts) -> str:
        """Return the claims as a compact JWS; its header names the key and the token's type."""
        return self.sign_content(RELEASE_TYPE, msgspec.json.encode(claims))


def make_release_key(keyring: Keyring, now: datetime) -> SealedSecret:
    """Return a new release key pair, sealed."""
    return make_signing_key(keyring, KIND, now)
