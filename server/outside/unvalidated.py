"""No check of path and revocation is joined: nobody says whether a certificate is revoked, so none counts."""

from datetime import datetime

from approvals.certificates.refusals import Cause, RevocationUnavailable
from approvals.model.certificate import Authority, CertificateUse, Validation


class Unvalidated:
    """Satisfies `ports.certificates.CertificateValidator`."""

    async def validate(
        self, certificate: bytes, authority: Authority, use: CertificateUse, now: datetime
    ) -> Validation:
        del certificate, authority, use, now
        raise RevocationUnavailable(Cause.NO_ADDRESS)
