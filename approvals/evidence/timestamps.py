"""Timestamps of RFC 3161: the request over a digest, the token taken from a reply, and its check with a pinned key.

Of DER (X.690) and CMS (RFC 5652) only what is needed is read: definite lengths, one signer, signed attributes.
Asking the authority is the server's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from approvals.evidence.refusals import EvidenceInvalid, TimestampRefused

_INTEGER, _OCTETS, _OID, _SEQUENCE, _SET, _TIME = 0x02, 0x04, 0x06, 0x30, 0x31, 0x18
_FIRST: Final = 0xA0  # [0], constructed
_SHA256: Final = bytes.fromhex("608648016503040201")
_TST_INFO: Final = bytes.fromhex("2a864886f70d0109100104")  # id-ct-TSTInfo
_MESSAGE_DIGEST: Final = bytes.fromhex("2a864886f70d010904")
_CONTENT_TYPE: Final = bytes.fromhex("2a864886f70d010903")
_DIGESTS: Final[Mapping[bytes, type[hashes.HashAlgorithm]]] = {
    _SHA256: hashes.SHA256,
    bytes.fromhex("608648016503040202"): hashes.SHA384,
    bytes.fromhex("608648016503040203"): hashes.SHA512,
}
_GRANTED: Final = {b"\x00", b"\x01"}  # granted, granted with modifications


@dataclass(frozen=True, slots=True)
class _Element:
    """One element of DER; `whole` is its encoding with tag and length."""

    tag: int
    content: bytes
    whole: bytes

    def parts(self, *tags: int) -> list["_Element"]:
        """Return the elements inside, which begin with these tags."""
        found = list(_elements(self.content))
        if [each.tag for each in found[: len(tags)]] != list(tags):
            raise ValueError("another element was expected")
        return found


def request(digest: bytes) -> bytes:
    """Return a TimeStampReq over a SHA-256 digest that asks for the authority's certificate, DER."""
    algorithm = _der(_SEQUENCE, _der(_OID, _SHA256) + b"\x05\x00")
    imprint = _der(_SEQUENCE, algorithm + _der(_OCTETS, digest))
    return _der(_SEQUENCE, _der(_INTEGER, b"\x01") + imprint + b"\x01\x01\xff")


def token_in(reply: bytes, digest: bytes) -> bytes:
    """Return the token of a TimeStampResp, DER. Raises TimestampRefused unless it is one over this digest."""
    try:
        status, *rest = _only(reply).parts(_SEQUENCE)
        if status.parts(_INTEGER)[0].content not in _GRANTED or not rest:
            raise TimestampRefused("the timestamp authority refuses")
        if _imprint(_tst_info(rest[0].whole)) != digest:
            raise TimestampRefused("the timestamp is of something else")
    except (ValueError, IndexError) as error:
        raise TimestampRefused("the timestamp authority's reply cannot be read") from error
    return rest[0].whole


def check_token(token: bytes, digest: bytes, pinned: Sequence[x509.Certificate]) -> datetime:
    """Return when the digest was there, as one of the pinned authorities signed it. Raises EvidenceInvalid."""
    try:
        info = _tst_info(token)
        if _imprint(info) != digest:
            raise EvidenceInvalid("the timestamp is of something else")
        at = _time(info)
        signer = _signed_data(token)[-1].parts(_SEQUENCE)
        if len(signer) != 1 or not any(_is_by(signer[0], info, at, each) for each in pinned):
            raise EvidenceInvalid("the timestamp is by none of the authorities that are pinned")
    except (ValueError, IndexError) as error:
        raise EvidenceInvalid("the timestamp cannot be read") from error
    return at


def _is_by(signer: _Element, info: bytes, at: datetime, certificate: x509.Certificate) -> bool:
    """Whether this certificate's key signed, as a timestamp authority (RFC 3161 section 2.3), while it was valid."""
    _, _, algorithm, attributes, _, signature = signer.parts(_INTEGER, _SEQUENCE, _SEQUENCE, _FIRST, _SEQUENCE)[:6]
    digest = _DIGESTS.get(algorithm.parts(_OID)[0].content)
    if digest is None or not _is_authority(certificate, at):
        return False
    said = dict(_attribute(each) for each in attributes.parts())
    if said.get(_CONTENT_TYPE) != _TST_INFO or said.get(_MESSAGE_DIGEST) != _hash(digest(), info):
        return False
    signed = _der(_SET, attributes.content)  # RFC 5652 section 5.4: as a SET, not under its tag
    return _verifies(certificate, signature.content, signed, digest())


def _is_authority(certificate: x509.Certificate, at: datetime) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return False
    is_in_time = certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    return is_in_time and usage.critical and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def _verifies(certificate: x509.Certificate, signature: bytes, signed: bytes, digest: hashes.HashAlgorithm) -> bool:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(digest))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _signed_data(token: bytes) -> list[_Element]:
    (_, explicit, *_) = _only(token).parts(_OID, _FIRST)
    return explicit.parts(_SEQUENCE)[0].parts(_INTEGER, _SET, _SEQUENCE)


def _tst_info(token: bytes) -> bytes:
    kind, explicit = _signed_data(token)[2].parts(_OID, _FIRST)
    if kind.content != _TST_INFO:
        raise ValueError("the token is no timestamp")
    return explicit.parts(_OCTETS)[0].content


def _imprint(info: bytes) -> bytes:
    algorithm, digest = _only(info).parts(_INTEGER, _OID, _SEQUENCE)[2].parts(_SEQUENCE, _OCTETS)
    if algorithm.parts(_OID)[0].content != _SHA256:
        raise ValueError("the timestamp is over another digest than SHA-256")
    return digest.content


def _time(info: bytes) -> datetime:
    text = _only(info).parts(_INTEGER, _OID, _SEQUENCE, _INTEGER, _TIME)[4].content.decode("ascii")
    seconds, _, _ = text.removesuffix("Z").partition(".")
    return datetime.strptime(seconds, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _attribute(attribute: _Element) -> tuple[bytes, bytes]:
    kind, values = attribute.parts(_OID, _SET)
    return kind.content, values.parts()[0].content


def _hash(digest: hashes.HashAlgorithm, content: bytes) -> bytes:
    hashing = hashes.Hash(digest)
    hashing.update(content)
    return hashing.finalize()


def _only(content: bytes) -> _Element:
    (element,) = _elements(content)
    if element.tag != _SEQUENCE:
        raise ValueError("another element was expected")
    return element


def _elements(content: bytes) -> Iterator[_Element]:
    position = 0
    while position < len(content):
        tag, length, start = content[position], content[position + 1], position + 2
        if length >= 0x80:
            width = length & 0x7F
            length, start = int.from_bytes(content[start : start + width]), start + width
        if start + length > len(content):
            raise ValueError("an element is cut short")
        yield _Element(tag, content[start : start + length], content[position : start + length])
        position = start + length


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content
