"""A signature by certificate checked years later, offline, as of the time it was made, with an auditor's own anchors.

What the signer signed, with which key, under which authority, and that the authority then held the certificate good.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, cast

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from msgspec import Struct

from approvals.certificates.reading import UNREADABLE
from approvals.certificates.signature import Detached, SignedType, read_detached, verify
from approvals.certificates.signature_refusals import SignatureRefused
from approvals.evidence.file import Object
from approvals.evidence.refusals import EvidenceInvalid
from approvals.evidence.revocation_check import check_crl, check_ocsp
from approvals.model.json import Facts
from approvals.statement import canonical

StampCheck = Callable[[bytes, bytes], datetime]
"""From a timestamp token and the digest it is over to when it was made. Raises EvidenceInvalid."""

_APART: Final = timedelta(minutes=5)
"""How far the clocks of bank and timestamp authority may be apart."""


class _Told(Struct, frozen=True, kw_only=True):
    """What a verdict on a signature says; exhibits by their SHA-256."""

    jws: str
    content: str
    chain: tuple[str, str]
    ocsp: str | None
    crl: str | None
    timestamp: str | None


class _Verdict(Struct, frozen=True, kw_only=True):
    evidence: _Told


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureAnchors:
    """What the auditor pinned for signatures: issuing authorities, and how a timestamp is checked."""

    authorities: Sequence[x509.Certificate] = ()
    stamps: StampCheck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAt:
    """When the signature was made, and whether a timestamp authority says so or the bank."""

    at: datetime
    is_stamped: bool


def check_signature(
    proof: Object, envelope: Object, exhibits: Mapping[str, bytes], anchors: SignatureAnchors
) -> SignedAt:
    """Require that a right proof by certificate holds. Raises EvidenceInvalid, KeyError, TypeError, ValueError."""
    told = msgspec.convert(proof["verdict"], _Verdict).evidence
    signed = _verified(told, envelope, exhibits)
    certificate, issuer = _chain(told, exhibits, anchors)
    signed_at = _time(proof, signed, told, exhibits, anchors)
    if not certificate.not_valid_before_utc <= signed_at.at <= certificate.not_valid_after_utc:
        raise EvidenceInvalid("the certificate was not valid when it signed")
    if told.ocsp is not None:
        check_ocsp(exhibits[told.ocsp], certificate, issuer, signed_at.at)
    elif told.crl is not None:
        check_crl(exhibits[told.crl], certificate, issuer, signed_at.at)
    else:
        raise EvidenceInvalid("nothing says that the certificate was not revoked")
    return signed_at


def _verified(told: _Told, envelope: Object, exhibits: Mapping[str, bytes]) -> Detached:
    """The envelope is the challenge's own, in the language that was read; its bytes are what the key signed."""
    content = base64.b64decode(told.content, validate=True)
    said = msgspec.json.decode(content, type=Object)
    if canonical(cast("Facts", said)) != content or said != {**envelope, "language": said["language"]}:
        raise EvidenceInvalid("a signature is over another envelope")
    try:
        signed = read_detached(told.jws)
        verify(signed, SignedType.APPROVAL, content, exhibits[told.chain[0]])
    except SignatureRefused as refused:
        raise EvidenceInvalid(f"a signature does not hold ({refused.fault})") from None
    return signed


def _chain(
    told: _Told, exhibits: Mapping[str, bytes], anchors: SignatureAnchors
) -> tuple[x509.Certificate, x509.Certificate]:
    """Return certificate and issuer, which must be one the auditor pinned; nothing stands between them."""
    try:
        certificate, issuer = (x509.load_der_x509_certificate(exhibits[digest]) for digest in told.chain)
    except UNREADABLE:
        raise EvidenceInvalid("a certificate cannot be read") from None
    if issuer not in anchors.authorities:
        raise EvidenceInvalid("a certificate's authority is none of those that are pinned")
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        raise EvidenceInvalid("a certificate is not its authority's") from None
    return certificate, issuer


def _time(
    proof: Object,
    signed: Detached,
    told: _Told,
    exhibits: Mapping[str, bytes],
    anchors: SignatureAnchors,
) -> SignedAt:
    """Return the timestamp's time where an authority for it is pinned, else the verdict's."""
    offered, judged = (
        datetime.fromtimestamp(cast("int", proof[name]) / 1000, tz=UTC) for name in ("offered", "judged")
    )
    if told.timestamp is None or anchors.stamps is None:
        return SignedAt(at=judged, is_stamped=False)
    at = anchors.stamps(exhibits[told.timestamp], hashlib.sha256(signed.signature).digest())
    if not offered - _APART <= at <= judged + _APART:
        raise EvidenceInvalid("the timestamp contradicts when the signature was judged")
    return SignedAt(at=at, is_stamped=True)
