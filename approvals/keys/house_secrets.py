"""The house's own secrets: the kinds they are kept under, how they are made, how they are opened (RULES 28).

Every value is sealed under the keyring before it leaves here. Canaries are `canaries`', key pairs `signing_keys`',
card and issuer keys `software`'s; where the sealed rows rest is the store's.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from approvals.errors import KeyringError
from approvals.keys.audit_signer import make_audit_key
from approvals.keys.canaries import CANARY, make_canaries
from approvals.keys.keyring import Keyring
from approvals.keys.push_secrets import make_vapid_key
from approvals.keys.release_signer import make_release_key
from approvals.keys.software import seal_issuer_key
from approvals.model.card_order import Maker
from approvals.ports.vault import SealedSecret

ISSUER_KEY: Final = "issuer-key"
LINKING: Final = "linking"
"""What the digits a signer types are derived from (RULES 12)."""
WEBHOOK: Final = "webhook"
"""What the bank's core knows our releases by: `whsec_` and base64, as Standard Webhooks write it."""

MAKER_WEBHOOKS: Final = {Maker.MANUFACTURER: "manufacturer-webhook", Maker.PIN_PRINTER: "pin-printer-webhook"}
"""What each maker of cards knows our orders by; two secrets, as theirs are two houses."""

_THE_ONE: Final = "house"
_SIZE: Final = 32


def make_house_secrets(keyring: Keyring, now: datetime) -> list[SealedSecret]:
    """Return what a new house starts with: canaries, linking and webhook secrets, release, audit and VAPID key."""
    return [
        *make_canaries(keyring, now),
        _seal(keyring, LINKING, secrets.token_bytes(_SIZE), now),
        *(_seal(keyring, kind, _webhook_secret(), now) for kind in (WEBHOOK, *MAKER_WEBHOOKS.values())),
        make_release_key(keyring, now),
        make_audit_key(keyring, now),
        make_vapid_key(keyring, now),
    ]


def make_issuer_key(
    keyring: Keyring, issuer_key_id: str, key_version: int, issuer_key: bytes, now: datetime
) -> SealedSecret:
    """Return the issuer key (16 bytes) of the bank's card maker, sealed for the store."""
    sealed = seal_issuer_key(keyring, issuer_key_id, key_version, issuer_key)
    return SealedSecret(kind=ISSUER_KEY, id=issuer_key_id, version=key_version, sealed=sealed, created_at=now)


def open_newest(keyring: Keyring, kind: str, found: Sequence[SealedSecret]) -> bytes:
    """Return the newest of the secrets of one kind. Raises KeyringError when there is none or it does not open."""
    if not found:
        raise KeyringError(f"there is no {kind} secret: run `contreseing keys init`")
    newest = max(found, key=lambda secret: secret.version)
    return keyring.open(newest.kind, newest.id, newest.version, newest.sealed)


def reseal_secret(keyring: Keyring, secret: SealedSecret) -> SealedSecret | None:
    """Return the secret under the newest key; None where it is, and for canaries, of which each key has its own."""
    if secret.kind == CANARY:
        return None
    sealed = keyring.reseal(secret.kind, secret.id, secret.version, secret.sealed)
    return None if sealed is None else replace(secret, sealed=sealed)


def _webhook_secret() -> bytes:
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SIZE)).decode()}".encode()


def _seal(keyring: Keyring, kind: str, secret: bytes, now: datetime) -> SealedSecret:
    sealed = keyring.seal(kind, _THE_ONE, 1, secret)
    return SealedSecret(kind=kind, id=_THE_ONE, version=1, sealed=sealed, created_at=now)
