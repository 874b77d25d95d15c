"""The house's signatures, checked with public keys alone: detached JWS over canonical bytes, and release tokens.

ES256 only (RFC 7518 section 3.4), whatever the header asks for. Making signatures is `approvals.keys`'.
"""

import base64
from binascii import Error as Base64Error
from collections.abc import Collection, Mapping
from typing import Final

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from msgspec import Struct

from approvals.evidence.refusals import AnchorsUnreadable, EvidenceInvalid
from approvals.model.json import Facts

_ALGORITHM: Final = "ES256"


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


class _KeySet(Struct, frozen=True):
    keys: tuple[dict[str, str | list[str]], ...]


class PublicKeys:
    """Keys somebody trusts, by their id."""

    def __init__(self, keys: Mapping[str, ECKey]) -> None:
        self._keys = keys

    @property
    def ids(self) -> Collection[str]:
        return self._keys.keys()

    def check_detached(self, signature: str, content: bytes, media_type: str) -> str:
        """Return the id of the key that signed the content for this purpose. Raises EvidenceInvalid."""
        header, gap, value = signature.partition("..")
        if not gap or "." in value:
            raise EvidenceInvalid("a signature is not a JWS without its content")
        payload = base64.urlsafe_b64encode(content).decode().rstrip("=")
        return self._check(f"{header}.{payload}.{value}", media_type)

    def read_token(self, token: str, media_type: str) -> Facts:
        """Return the claims of a compact JWS. Raises EvidenceInvalid."""
        self._check(token, media_type)
        claims: Facts = msgspec.json.decode(_decoded(token.split(".", maxsplit=2)[1]))
        return claims

    def _check(self, token: str, media_type: str) -> str:
        """Every character counts: another way to write the same bytes in base64 is refused."""
        header = _header(token)
        if header.typ != media_type or header.alg != _ALGORITHM:
            raise EvidenceInvalid("a signature was made for something else")
        if header.kid not in self._keys:
            raise EvidenceInvalid("a signature is by a key that is not pinned")
        try:
            jws.deserialize_compact(token, self._keys[header.kid], algorithms=[_ALGORITHM])
        except (JoseError, ValueError) as error:
            raise EvidenceInvalid("a signature does not hold") from error
        _decoded(token.rpartition(".")[2])
        return header.kid


def read_key_set(content: bytes) -> PublicKeys:
    """Return the keys of a JWKS (RFC 7517 section 5). Raises AnchorsUnreadable."""
    try:
        keys = msgspec.json.decode(content, type=_KeySet).keys
        return PublicKeys({str(key["kid"]): ECKey.import_key(key) for key in keys})
    except (msgspec.MsgspecError, JoseError, KeyError, ValueError) as error:
        raise AnchorsUnreadable("the pinned keys cannot be read") from error


def _header(token: str) -> _Header:
    try:
        return msgspec.json.decode(_decoded(token.partition(".")[0]), type=_Header)
    except ValueError as error:  # msgspec's too
        raise EvidenceInvalid("a signature's header cannot be read") from error


def _decoded(text: str) -> bytes:
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError) as error:
        raise EvidenceInvalid("a signature is not in base64url") from error
    if base64.urlsafe_b64encode(content).decode().rstrip("=") != text:
        raise EvidenceInvalid("a signature is not in base64url")
    return content
