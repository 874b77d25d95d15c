"""USB keys by PKCS#11: what certificates they hold, and one signature under one login.

It signs approvals that `statements` wrote out and sign-ins, never a digest handed to it; it logs out after each.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol, cast

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from pkcs11 import MGF, PROTECTED_AUTH, Attribute, Mechanism, ObjectClass, PKCS11Error, Session, Token, TokenFlag
from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PinLocked
from pkcs11.types import SignMixin

from approvals.certificates import signature
from approvals.certificates.signature import Algorithm, SignedType
from card_bridge.tokens.certificates import Found
from card_bridge.tokens.refusals import (
    CertificateWithoutKey,
    KeyLastTryLeft,
    KeyNotUsable,
    KeyPinLocked,
    KeyPinWrong,
    ModuleUnusable,
    NoToken,
    TokenFailed,
)
from card_bridge.tokens.statements import Statement

_SHORTEST_RSA: Final = 2048
_PSS: Final = (Mechanism.SHA256, MGF.SHA256, 32)


class PinPrompt(Protocol):
    """How the person is asked; `tries_left` is 1 when the key says so, else None: PKCS#11 tells no number."""

    def type_pin(self, tries_left: int | None) -> bytearray: ...

    def announce_pad(self, tries_left: int | None) -> None: ...

    def warn_of_lost_tries(self) -> None:
        """Say that a wrong PIN was typed since the last right one (CKF_USER_PIN_COUNT_LOW)."""
        ...


class UsbKeys:
    """The USB keys behind one PKCS#11 module."""

    def __init__(self, module: Path, prompt: PinPrompt, *, insists: bool = False) -> None:
        """`insists`: the person takes the last PIN try. Raises ModuleUnusable."""
        self._prompt = prompt
        self._insists = insists
        try:
            self._library = pkcs11.lib(str(module))
        except PKCS11Error:
            raise ModuleUnusable from None

    def certificates(self) -> list[Found]:
        """Every certificate of every key plugged in; no PIN is asked. Raises NoToken, TokenFailed."""
        with _refusals():
            return [each for token in self._tokens() for each in _certificates_of(token)]

    def sign_approval(self, found: Found, statement: Statement) -> str:
        """Sign a statement that was written out here, as a detached JWS (RFC 7515 appendix F).

        Raises KeyPinWrong, KeyPinLocked, KeyLastTryLeft, CertificateWithoutKey, KeyNotUsable, NoToken, TokenFailed,
        and what the prompt raises.
        """
        return self._sign(found, SignedType.APPROVAL, statement.envelope)

    def sign_in(self, found: Found, *, environment: str, origin: str, nonce: bytes) -> str:
        """Sign the server's nonce for this origin, which the caller pinned. Raises as `sign_approval`."""
        return self._sign(found, SignedType.SIGN_IN, signature.sign_in_payload(environment, origin, nonce))

    def _sign(self, found: Found, signed_type: SignedType, payload: bytes) -> str:
        with _refusals():
            token = self._token_of(found)
            algorithm = _algorithm(found, token)
            header = signature.header(found.der, algorithm, signed_type)
            with self._logged_in(token) as session:
                signed = _signed(session, found, algorithm, signature.signing_input(header, payload))
            return signature.assemble(header, signed)

    def _tokens(self) -> list[Token]:
        tokens = [slot.get_token() for slot in self._library.get_slots(token_present=True)]
        usable = [token for token in tokens if TokenFlag.TOKEN_INITIALIZED in token.flags]
        if not usable:
            raise NoToken
        return usable

    def _token_of(self, found: Found) -> Token:
        """The key it was found on, by the certificate itself: labels are not unique."""
        for token in self._tokens():
            if any(each.der == found.der and each.key_id == found.key_id for each in _certificates_of(token)):
                return token
        raise NoToken

    @contextmanager
    def _logged_in(self, token: Token) -> Iterator[Session]:
        tries_left = self._tries_left(token)
        if TokenFlag.USER_PIN_COUNT_LOW in token.flags:
            self._prompt.warn_of_lost_tries()
        if TokenFlag.PROTECTED_AUTHENTICATION_PATH in token.flags:
            self._prompt.announce_pad(tries_left)
            session = token.open(user_pin=PROTECTED_AUTH)
        else:
            session = self._opened_with_typed_pin(token, tries_left)
        try:
            yield session
        finally:
            session.close()  # python-pkcs11 logs out with it

    def _opened_with_typed_pin(self, token: Token, tries_left: int | None) -> Session:
        typed = self._prompt.type_pin(tries_left)
        try:
            return token.open(user_pin=typed.decode("utf-8", errors="replace"))
        finally:
            typed[:] = bytes(len(typed))

    def _tries_left(self, token: Token) -> int | None:
        if TokenFlag.USER_PIN_LOCKED in token.flags:
            raise KeyPinLocked
        is_last = TokenFlag.USER_PIN_FINAL_TRY in token.flags
        if is_last and not self._insists:
            raise KeyLastTryLeft
        return 1 if is_last else None


def _certificates_of(token: Token) -> list[Found]:
    with token.open() as session:
        keys = {
            key[Attribute.ID]
            for kind in (ObjectClass.PUBLIC_KEY, ObjectClass.PRIVATE_KEY)  # private ones are mostly hidden till login
            for key in session.get_objects({Attribute.CLASS: kind})
        }
        found = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
        return [
            Found(der=each[Attribute.VALUE], key_id=key_id, token=token.label, has_key=key_id in keys)
            for each in found
            for key_id in (each[Attribute.ID],)
        ]


def _algorithm(found: Found, token: Token) -> Algorithm:
    key = x509.load_der_x509_certificate(found.der).public_key()
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return Algorithm.ES256
    if isinstance(key, RSAPublicKey) and key.key_size >= _SHORTEST_RSA:
        can_pss = Mechanism.SHA256_RSA_PKCS_PSS in token.slot.get_mechanisms()
        return Algorithm.PS256 if can_pss else Algorithm.RS256
    raise KeyNotUsable


def _signed(session: Session, found: Found, algorithm: Algorithm, content: bytes) -> bytes:
    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: found.key_id}
    keys = list(session.get_objects(wanted))
    if len(keys) != 1:
        raise CertificateWithoutKey
    key = cast("SignMixin", keys[0])
    match algorithm:
        case Algorithm.ES256:
            return key.sign(hashlib.sha256(content).digest(), mechanism=Mechanism.ECDSA)
        case Algorithm.PS256:
            return key.sign(content, mechanism=Mechanism.SHA256_RSA_PKCS_PSS, mechanism_param=_PSS)
        case Algorithm.RS256:
            return key.sign(content, mechanism=Mechanism.SHA256_RSA_PKCS)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except PinLocked:
        raise KeyPinLocked from None
    except (PinIncorrect, PinInvalid, PinLenRange):
        raise KeyPinWrong from None
    except PKCS11Error:
        raise TokenFailed from None
