"""Where no validator of certificates runs: nobody says whether one is revoked, so none signs anything (hard-fail)."""

from datetime import datetime

from approvals.certificates.refusals import Cause, RevocationUnavailable
from approvals.model.certificate import Authority, CertificateUse, Validation


class NobodyAsked:
    """Satisfies `ports.certificates.CertificateValidator`."""

    async def validate(
        self, certificate: bytes, authority: Authority, use: CertificateUse, now: datetime
    ) -> Validation:
        """Raises RevocationUnavailable."""
        del certificate, authority, use, now
        raise RevocationUnavailable(Cause.NO_ADDRESS)
