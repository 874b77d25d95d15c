"""Card keys in a PKCS#11 token: issuer keys never leave it, and what comes of them lives there for one cryptogram.

Needs the extra `hsm`. The session is `token_session`'s; the same cryptograms from keys in software are `software`'s.
"""

import ctypes
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final, cast

from pkcs11 import DEFAULT, Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass, SecretKey, Session
from pkcs11.types import DeriveMixin, EncryptMixin

from approvals.cap.card_key import CardKeyReference
from approvals.cap.des import BLOCK, pad, xor
from approvals.cap.keys import KeyTree, SessionKey, card_diversifiers, session_blocks, session_diversifier
from approvals.cap.profile import CapProfile
from approvals.errors import CapKeyError, CapProfileError
from approvals.keys.keyring import Keyring
from approvals.keys.software import open_pan
from approvals.keys.token_session import TokenSession

_KEY_BITS: Final = 192
_SECRET: Final = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
_OF_A_KEY: Final = {**_SECRET, Attribute.VALUE_LEN: DEFAULT}  # DES keys have one length: SoftHSM2 refuses to be told it
_ENCRYPTS: Final = MechanismFlag.ENCRYPT
_DERIVES: Final = MechanismFlag.DERIVE

Blocks = tuple[bytes, bytes]
"""What becomes the two halves of a key, each 8 bytes, once it is enciphered under the key above."""


class TokenCardKeys:
    """Implements the CardKeys port. Issuer keys are found once a session, by their label."""

    def __init__(self, keyring: Keyring, session: TokenSession) -> None:
        self._keyring = keyring
        self._session = session
        self._found_in: Session | None = None
        self._issuer_keys: dict[str, SecretKey] = {}

    def cryptogram(self, card: CardKeyReference, atc: int, message: bytes) -> bytes:
        """The card's 8-byte cryptogram over the whole message, as `SoftwareCardKeys` gives it.

        Raises CapKeyError when the token does not hold the issuer key, CapProfileError for a profile whose keys no
        token can derive, KeyringError when the PAN does not open, CardKeysUnavailable.
        """
        profile = card.profile
        pan = open_pan(self._keyring, card.card_id, card.pan_sealed)
        key = card_diversifiers(profile.card_key_option, pan, card.psn)
        number = profile.unpredictable_number(message)
        session_key = _session_key(profile, atc, number)
        padded = pad(message, profile.padding)
        return self._session.use(
            lambda token: _cryptogram(
                self._issuer_key(token, key_label(card.issuer_key_id, card.key_version)), key, session_key, padded
            )
        )

    def _issuer_key(self, token: Session, label: str) -> SecretKey:
        if token is not self._found_in:  # handles are one session's: in another they name nothing, or another key
            self._found_in, self._issuer_keys = token, {}
        if label not in self._issuer_keys:
            self._issuer_keys[label] = _issuer_key(token, label)
        return self._issuer_keys[label]


def require_issuer_key(session: TokenSession, issuer_key_id: str, key_version: int) -> None:
    """Raise CapKeyError unless the token holds the issuer key and keeps it in, CardKeysUnavailable."""
    session.use(partial(_issuer_key, label=key_label(issuer_key_id, key_version)))


def check_value(session: TokenSession, issuer_key_id: str, key_version: int) -> bytes:
    """Return 8 bytes that are the same for the same key and tell nothing of it: published keys are known by them.

    The MAC (CVN 10) over one block of zeros, of the card whose number and sequence number are zeros. Raises
    CapKeyError, CardKeysUnavailable.
    """
    zeros = bytes(BLOCK)
    card_key = (zeros, xor(zeros, b"\xff" * BLOCK))
    label = key_label(issuer_key_id, key_version)
    return session.use(lambda token: _retail_mac(_issuer_key(token, label), card_key, zeros))


def key_label(issuer_key_id: str, key_version: int) -> str:
    """Return the label an issuer key is found by in the token."""
    return f"issuer-key/{issuer_key_id}/{key_version}"


def put_issuer_key(session: TokenSession, issuer_key_id: str, key_version: int, issuer_key: bytes) -> None:
    """Write an issuer key (16 bytes) into the token, for deriving alone and never to leave it.

    Raises CapKeyError when the token holds one of this name already, CardKeysUnavailable.
    """
    label = key_label(issuer_key_id, key_version)

    def write(token: Session) -> None:
        if _found(token, label):
            raise CapKeyError(f"the token holds {label} already")
        token.create_object(_template(label, issuer_key))

    session.use(write)


def is_derivable(profile: CapProfile) -> bool:
    """Whether a token can derive this profile's keys.

    Not those of the EMV2000 tree: each node is enciphered from another key's secret value, and PKCS#11 has no
    mechanism that takes one key as the data of another's derivation.
    """
    return not isinstance(profile.session_key, KeyTree)


def _template(label: str, issuer_key: bytes) -> dict[Attribute, object]:
    """K1 ‖ K2 ‖ K1: a DES3 key is what every token takes, a double-length one is not."""
    uses = dict.fromkeys(
        (Attribute.ENCRYPT, Attribute.DECRYPT, Attribute.SIGN, Attribute.VERIFY, Attribute.WRAP, Attribute.UNWRAP),
        False,
    )
    return {
        Attribute.CLASS: ObjectClass.SECRET_KEY,
        Attribute.KEY_TYPE: KeyType.DES3,
        Attribute.LABEL: label,
        Attribute.VALUE: issuer_key + issuer_key[:BLOCK],
        Attribute.TOKEN: True,
        Attribute.PRIVATE: True,
        Attribute.DERIVE: True,
        **_SECRET,
        **uses,
    }


def _found(token: Session, label: str) -> list[SecretKey]:
    wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: label}
    return [cast("SecretKey", each) for each in token.get_objects(wanted)]


def _issuer_key(token: Session, label: str) -> SecretKey:
    found = _found(token, label)
    if len(found) != 1:
        raise CapKeyError(f"the token holds {len(found) or 'no'} keys labelled {label}")
    (key,) = found
    if not key[Attribute.DERIVE]:
        raise CapKeyError(f"{label} in the token may not be derived from: set CKA_DERIVE")
    if not key[Attribute.SENSITIVE] or key[Attribute.EXTRACTABLE]:
        raise CapKeyError(f"{label} can leave the token: load it sensitive and not extractable")
    return key


def _session_key(profile: CapProfile, atc: int, unpredictable_number: bytes) -> Blocks | None:
    match profile.session_key:
        case SessionKey.CARD_KEY:
            return None
        case SessionKey.EMV_COMMON | SessionKey.MASTERCARD as derivation:
            return session_blocks(session_diversifier(derivation, atc, unpredictable_number))
        case KeyTree():
            raise CapProfileError(f"profile {profile.id}: a token cannot derive the keys of an EMV2000 tree")


def _cryptogram(issuer_key: SecretKey, card_key: Blocks, session_key: Blocks | None, padded: bytes) -> bytes:
    if session_key is None:
        return _retail_mac(issuer_key, card_key, padded)
    left, right = card_key
    with _derived(issuer_key, left + right + left, _DERIVES) as key:
        return _retail_mac(key, session_key, padded)


def _retail_mac(above: SecretKey, key: Blocks, padded: bytes) -> bytes:
    """ISO/IEC 9797-1 algorithm 3 under the key these blocks become: L ‖ L ‖ L is single DES, L ‖ R ‖ L triple."""
    left, right = key
    with _derived(above, left * 3, _ENCRYPTS) as single, _derived(above, left + right + left, _ENCRYPTS) as triple:
        chained = bytes(BLOCK)
        if len(padded) > BLOCK:
            chained = _encrypted(single, padded[:-BLOCK], Mechanism.DES3_CBC, bytes(BLOCK))[-BLOCK:]
        return _encrypted(triple, xor(chained, padded[-BLOCK:]), Mechanism.DES3_ECB)


def _encrypted(key: SecretKey, blocks: bytes, mechanism: Mechanism, vector: bytes | None = None) -> bytes:
    return cast("bytes", cast("EncryptMixin", key).encrypt(blocks, mechanism=mechanism, mechanism_param=vector))


@contextmanager
def _derived(above: SecretKey, blocks: bytes, use: MechanismFlag) -> Iterator[SecretKey]:
    """A session object of these enciphered blocks (CKM_DES3_ECB_ENCRYPT_DATA, 3 blocks), destroyed after its use."""
    data = ctypes.create_string_buffer(blocks, len(blocks))
    # CK_KEY_DERIVATION_STRING_DATA: python-pkcs11 packs it for AES alone, and takes it as bytes for the others.
    parameter = struct.pack("@NN", ctypes.addressof(data), len(blocks))
    key = cast("DeriveMixin", above).derive_key(
        KeyType.DES3,
        _KEY_BITS,
        capabilities=use,
        mechanism=Mechanism.DES3_ECB_ENCRYPT_DATA,
        mechanism_param=parameter,
        template=_OF_A_KEY,
    )
    try:
        yield key
    finally:
        key.destroy()
