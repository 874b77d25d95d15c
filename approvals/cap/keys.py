"""From the issuer's key to the card's, and from the card's to the key of one transaction.

EMV book 2, annex A1. Where the keys rest, and who may open them, is `approvals.keys`'s.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha1
from typing import Final, Literal

from approvals.cap.des import BLOCK, KEY_LENGTH, encrypt_block, xor
from approvals.errors import CapKeyError

_LETTERS_TO_DIGITS: Final = str.maketrans("abcdef", "012345")


class CardKeyOption(StrEnum):
    """How the card's key comes from the issuer's (EMV book 2, A1.4). B differs from A above 16 PAN digits."""

    A = "A"
    B = "B"


class SessionKey(StrEnum):
    """How the key of one transaction comes from the card's, where no tree is walked."""

    CARD_KEY = "none"  # Visa CVN 10: the card's key itself
    EMV_COMMON = "emv-csk"  # EMV book 2, A1.3.1: R = ATC ‖ 00…
    MASTERCARD = "mastercard-skd"  # R = ATC ‖ 0000 ‖ unpredictable number


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTree:
    """The EMV2000 tree (EMV 4.1 book 2, A1.3): each node derives `branches` keys, `height` levels deep."""

    branches: int
    height: int


SessionKeyDerivation = SessionKey | KeyTree


def derive_card_key(option: CardKeyOption, issuer_key: bytes, pan: str, psn: str) -> bytes:
    """The 16-byte card key from a 16-byte issuer key, the PAN (12 to 19 digits) and its two-digit sequence number.

    Raises CapKeyError when one of them has not that shape; the message never holds them.
    """
    _require_key(issuer_key)
    left, right = card_diversifiers(option, pan, psn)
    return odd_parity(encrypt_block(issuer_key, left) + encrypt_block(issuer_key, right))


def card_diversifiers(option: CardKeyOption, pan: str, psn: str) -> tuple[bytes, bytes]:
    """Y and its complement: enciphered under the issuer key, they are the halves of the card's (EMV book 2, A1.4).

    Raises CapKeyError as `derive_card_key`.
    """
    if not (12 <= len(pan) <= 19 and len(psn) == 2 and (pan + psn).isascii() and (pan + psn).isdigit()):
        raise CapKeyError("a card key is derived from a PAN of 12 to 19 digits and a sequence number of 2")
    half = bytes.fromhex(_diversifier(option, pan, psn))
    return half, bytes(byte ^ 0xFF for byte in half)


def derive_session_key(
    derivation: SessionKeyDerivation, card_key: bytes, *, atc: int, unpredictable_number: bytes
) -> bytes:
    """The 16-byte key of the transaction `atc` (0 to 65535); the 4-byte number serves Mastercard's way alone.

    Raises CapKeyError when the card key has not 16 bytes.
    """
    _require_key(card_key)
    if isinstance(derivation, KeyTree):
        return _leaf_key(derivation, card_key, atc)
    if derivation is SessionKey.CARD_KEY:
        return card_key
    return common_session_key(card_key, session_diversifier(derivation, atc, unpredictable_number))


def common_session_key(card_key: bytes, diversifier: bytes) -> bytes:
    """EMV common session key, from its 8-byte diversifier."""
    left, right = session_blocks(diversifier)
    return odd_parity(encrypt_block(card_key, left) + encrypt_block(card_key, right))


def session_diversifier(
    derivation: Literal[SessionKey.EMV_COMMON, SessionKey.MASTERCARD], atc: int, unpredictable_number: bytes
) -> bytes:
    """R, the 8 bytes a session key comes from."""
    rest = unpredictable_number if derivation is SessionKey.MASTERCARD else bytes(4)
    return atc.to_bytes(2) + bytes(2) + rest


def session_blocks(diversifier: bytes) -> tuple[bytes, bytes]:
    """What becomes the halves of a session key under the card's key: R with F0, then 0F, as its third byte."""
    left, right = (diversifier[:2] + mark + diversifier[3:] for mark in (b"\xf0", b"\x0f"))
    return left, right


def odd_parity(key: bytes) -> bytes:
    """Set each byte's lowest bit so that its ones are odd: cards and HSMs keep DES keys so."""
    return bytes(byte ^ (byte.bit_count() + 1) % 2 for byte in key)


def _require_key(key: bytes) -> None:
    if len(key) != KEY_LENGTH:
        raise CapKeyError(f"a CAP key has {KEY_LENGTH} bytes")


def _diversifier(option: CardKeyOption, pan: str, psn: str) -> str:
    if option is CardKeyOption.B and len(pan) > 16:
        return _decimal_hash(pan + psn)
    return (pan + psn)[-16:].zfill(16)


def _decimal_hash(digits: str) -> str:
    """Option B: the first 16 decimal digits of the SHA-1, completed by its letters read as 0 to 5.

    SHA-1 only spreads the PAN here; the secret is the issuer key.
    """
    packed = bytes.fromhex(digits if len(digits) % 2 == 0 else f"0{digits}")
    digest = sha1(packed, usedforsecurity=False).hexdigest()
    decimals = "".join(filter(str.isdigit, digest))
    letters = "".join(filter(str.isalpha, digest))
    return (decimals + letters.translate(_LETTERS_TO_DIGITS))[:16]


def _leaf_key(tree: KeyTree, card_key: bytes, atc: int) -> bytes:
    """Walk from the card key down to the leaf of this counter; the leaf is masked by its grandparent."""
    parent, grandparent = card_key, bytes(KEY_LENGTH)
    for level in range(tree.height - 1, 0, -1):
        branch = atc // tree.branches**level % tree.branches
        parent, grandparent = _child_key(parent, grandparent, branch), parent
    leaf = _child_key(parent, grandparent, atc % tree.branches)
    return odd_parity(xor(leaf, grandparent))


def _child_key(parent: bytes, grandparent: bytes, branch: int) -> bytes:
    left = xor(grandparent[:BLOCK], branch.to_bytes(BLOCK))
    right = xor(grandparent[BLOCK:], (branch ^ 0xF0).to_bytes(BLOCK))
    return encrypt_block(parent, left) + encrypt_block(parent, right)
