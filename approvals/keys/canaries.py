"""Canaries: one sealed constant a key version, which tells a wrong key file before a secret is opened (RULES 28)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.errors import KeyringError
from approvals.keys.keyring import Keyring
from approvals.ports.vault import SealedSecret

CANARY: Final = "canary"
_THE_ONE: Final = "house"


def make_canaries(keyring: Keyring, now: datetime) -> list[SealedSecret]:
    """Return one a key version; the version of the row is the version of the key."""
    return [
        SealedSecret(kind=CANARY, id=_THE_ONE, version=version, sealed=sealed, created_at=now)
        for version, sealed in keyring.canaries().items()
    ]


def make_canary(keyring: Keyring, now: datetime) -> SealedSecret:
    """Return the canary of the newest key."""
    return max(make_canaries(keyring, now), key=lambda canary: canary.version)


def require_canaries(keyring: Keyring, found: Sequence[SealedSecret]) -> None:
    """Raise KeyringError unless the key file is the one the secrets were sealed under."""
    if not found:
        raise KeyringError("the database holds no secrets yet: run `contreseing keys init`")
    for canary in found:
        keyring.check_canary(canary.version, canary.sealed)
