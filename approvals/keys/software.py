"""Card keys held in software: issuer keys sealed at rest, card keys derived when first asked for.

The small surface, one cryptogram, is what an HSM offers too. What goes into the message is `approvals.cap`'s.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from approvals.cap.card_key import CardKeyReference
from approvals.cap.cryptogram import cryptogram_for
from approvals.cap.keys import CardKeyOption, derive_card_key
from approvals.errors import CapKeyError
from approvals.keys.keyring import Keyring
from approvals.model.ids import CardId

_ISSUER_KEY: Final = "issuer-key"
_PAN: Final = "pan"
_PAN_VERSION: Final = 1
"""A card keeps one number for its life; a renewed card is another card."""

IssuerKeys = Mapping[tuple[str, int], bytes]
"""Sealed issuer keys by id and version, as `seal_issuer_key` makes them."""


class SoftwareCardKeys:
    """Implements the CardKeys port. Card keys stay in memory, the last `cached_cards` used; repr shows none."""

    def __init__(self, keyring: Keyring, issuer_keys: IssuerKeys, *, cached_cards: int = 4096) -> None:
        self._keyring = keyring
        self._issuer_keys = issuer_keys
        self._card_key = lru_cache(maxsize=cached_cards)(self._derive_card_key)

    def hold(self, issuer_keys: IssuerKeys) -> None:
        """Derive from these from now on; cards known already keep their keys, which never change."""
        self._issuer_keys = issuer_keys

    def cryptogram(self, card: CardKeyReference, atc: int, message: bytes) -> bytes:
        """The card's 8-byte cryptogram over the whole message: CDOL1 values, AIP, counter, card results.

        Raises CapKeyError when the issuer key is not held, KeyringError when a sealed value does not open.
        """
        option = card.profile.card_key_option
        key = self._card_key(option, card.card_id, card.issuer_key_id, card.key_version, card.pan_sealed, card.psn)
        return cryptogram_for(card.profile, key, atc=atc, message=message)

    def _derive_card_key(
        self,
        option: CardKeyOption,
        card_id: CardId,
        issuer_key_id: str,
        key_version: int,
        pan_sealed: bytes,
        psn: str,
    ) -> bytes:
        sealed = self._issuer_keys.get((issuer_key_id, key_version))
        if sealed is None:
            raise CapKeyError(f"issuer key {issuer_key_id} version {key_version} is not held")
        issuer_key = self._keyring.open(_ISSUER_KEY, issuer_key_id, key_version, sealed)
        return derive_card_key(option, issuer_key, open_pan(self._keyring, card_id, pan_sealed), psn)


def seal_issuer_key(keyring: Keyring, issuer_key_id: str, key_version: int, issuer_key: bytes) -> bytes:
    """An issuer key (16 bytes) as the store keeps it."""
    return keyring.seal(_ISSUER_KEY, issuer_key_id, key_version, issuer_key)


def reseal_pan(keyring: Keyring, card_id: CardId, sealed: bytes) -> bytes | None:
    """A card's PAN under the newest key; None where it is."""
    return keyring.reseal(_PAN, card_id, _PAN_VERSION, sealed)


def seal_pan(keyring: Keyring, card_id: CardId, pan: str) -> bytes:
    """A card's PAN as the store keeps it."""
    return keyring.seal(_PAN, card_id, _PAN_VERSION, pan.encode())


def open_pan(keyring: Keyring, card_id: CardId, sealed: bytes) -> str:
    """Return a card's PAN. Raises KeyringError."""
    return keyring.open(_PAN, card_id, _PAN_VERSION, sealed).decode()
