"""Signatures by certificate: verifies the JWS, has the certificate validated, and keeps what shows it years later."""

import asyncio
import base64
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from approvals.certificates.refusals import CertificateRefused
from approvals.certificates.signature import Detached, SignedType, read_detached, verify
from approvals.certificates.signature_refusals import SignatureRefused
from approvals.evidence.leaves import milliseconds
from approvals.evidence.refusals import TimestampRefused
from approvals.model.certificate import CertificateUse, Validation
from approvals.model.json import Facts
from approvals.model.proof import Checked, Verdict
from approvals.ports.certificates import CertificateValidator
from approvals.ports.sealing import TimestampAuthority
from approvals.ports.world import ShownCertificate, SignedOffer

log: Final = logging.getLogger(__name__)

_TYPES: Final[Mapping[CertificateUse, SignedType]] = {
    CertificateUse.APPROVAL: SignedType.APPROVAL,
    CertificateUse.SIGN_IN: SignedType.SIGN_IN,
}
_STAMP_LIMIT: Final = 2.0
"""Seconds: a signer waits no longer for a timestamp; without one the verdict's time stands (asserted by the bank)."""


class JwsChecker:
    """Implements the CertificateChecker port; without a timestamp authority, signatures are not stamped."""

    def __init__(self, validator: CertificateValidator, stamps: TimestampAuthority | None = None) -> None:
        self._validator = validator
        self._stamps = stamps

    async def check(self, offered: SignedOffer, now: datetime) -> Checked:
        """Judge signature, then certificate: the second is dear. Raises RevocationUnavailable."""
        evidence: Facts = {"asserted_by": "signer", "certificate": offered.certificate.id}
        wrong = Verdict(right=False, reason="", evidence=evidence)
        try:
            signed = read_detached(offered.jws)
            verify(signed, _TYPES[offered.use], offered.content, offered.certificate.der)
            validation = await self._validator.validate(offered.certificate.der, offered.authority, offered.use, now)
        except SignatureRefused as refused:
            return Checked(verdict=replace(wrong, reason=refused.fault))
        except CertificateRefused as refused:
            return Checked(verdict=replace(wrong, reason=f"certificate_{refused.reason}"))
        stamp = await self._stamp(signed) if offered.use is CertificateUse.APPROVAL else None
        return _right(offered, validation, stamp, evidence)

    async def check_shown(self, shown: ShownCertificate, now: datetime) -> Checked:
        """Judge the certificate whose key a TLS handshake proved. Raises RevocationUnavailable."""
        try:
            await self._validator.validate(shown.certificate.der, shown.authority, CertificateUse.SIGN_IN, now)
        except CertificateRefused as refused:
            return Checked(verdict=Verdict(right=False, reason=f"certificate_{refused.reason}"))
        return Checked(verdict=Verdict(right=True, reason="certificate_right"))

    async def _stamp(self, signed: Detached) -> bytes | None:
        """Return an RFC 3161 token over the signature, where there is an authority and it answers in time."""
        if self._stamps is None:
            return None
        try:
            async with asyncio.timeout(_STAMP_LIMIT):
                return await self._stamps.stamp(hashlib.sha256(signed.signature).digest())
        except (TimestampRefused, TimeoutError):
            log.warning("a signature was not stamped")
            return None


def _right(offered: SignedOffer, validation: Validation, stamp: bytes | None, evidence: Facts) -> Checked:
    """Name each exhibit by its digest: whoever changes one contradicts the row of the audit."""
    told: Facts = {
        **evidence,
        "authority": offered.authority.id,
        "level": validation.level.value,
        "validated": milliseconds(validation.at),
        "jws": offered.jws,
        "content": base64.b64encode(offered.content).decode("ascii"),
        "chain": [digest_of(each) for each in validation.chain],
        "ocsp": digest_of(validation.ocsp) if validation.ocsp else None,
        "crl": digest_of(validation.crl) if validation.crl else None,
        "timestamp": digest_of(stamp) if stamp else None,
    }
    kept = (*validation.chain, validation.ocsp, validation.crl, stamp)
    return Checked(
        verdict=Verdict(right=True, reason="signature_right", evidence=told),
        exhibits=tuple(each for each in kept if each is not None),
    )


def digest_of(exhibit: bytes) -> str:
    return hashlib.sha256(exhibit).hexdigest()
