"""The certificate a signature names, as a transaction finds it: the person's own, or why there is none.

Whether the signature holds and the certificate is good is checked outside, through `ports.world.CertificateChecker`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from approvals.certificates.fitness import is_current
from approvals.certificates.signature import read_detached
from approvals.certificates.signature_refusals import SignatureRefused
from approvals.model.certificate import Authority, Certificate, CertificateUse
from approvals.model.ids import UserId
from approvals.model.proof import Checked, Verdict
from approvals.ports.book import Ledger
from approvals.ports.world import ShownCertificate, SignedOffer


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A detached JWS offered by a person, and what it must be over."""

    jws: str = field(repr=False)
    content: bytes = field(repr=False)
    use: CertificateUse


@dataclass(frozen=True, slots=True)
class NotTheirs:
    """No certificate that works for the person; `reason` is the audit's word, never told (RULES 10)."""

    reason: str

    @property
    def checked(self) -> Checked:
        return Checked(verdict=Verdict(right=False, reason=self.reason))


Found: TypeAlias = SignedOffer | NotTheirs


async def find_signed(ledger: Ledger, user_id: UserId | None, signature: Signature, now: datetime) -> Found:
    """Find the certificate that a signature names, among this person's own."""
    try:
        signed = read_detached(signature.jws)
    except SignatureRefused as refused:
        return NotTheirs(refused.fault)
    own = await find_own(ledger, user_id, signed.thumbprint, signature.use, now)
    if isinstance(own, NotTheirs):
        return own
    return SignedOffer(
        use=signature.use,
        jws=signature.jws,
        content=signature.content,
        certificate=own.certificate,
        authority=own.authority,
    )


async def find_own(
    ledger: Ledger, user_id: UserId | None, thumbprint: str, use: CertificateUse, now: datetime
) -> ShownCertificate | NotTheirs:
    """Find a certificate among this person's own; one works under one user number (RULES 14)."""
    certificate = await ledger.certificates.with_thumbprint(thumbprint)
    authority = await ledger.authorities.load(certificate.authority_id) if certificate else None
    if certificate is None or authority is None:
        return NotTheirs("certificate_unknown")
    reason = _reason(certificate, authority, user_id, use, now)
    return NotTheirs(reason) if reason else ShownCertificate(certificate=certificate, authority=authority)


def _reason(
    certificate: Certificate, authority: Authority, user_id: UserId | None, use: CertificateUse, now: datetime
) -> str | None:
    if certificate.user_id != user_id:
        return "certificate_of_another"
    if not is_current(certificate, use, now):
        return f"certificate_not_current_{certificate.status}"
    return "authority_withdrawn" if authority.withdrawn_at is not None else None
