"""Whoever asks about a certificate and hears that it is revoked: it is written down, and its person told, at once.

It stands before the validator, so that sign-in, approval, renewal and an adviser's check all learn the same way.
Devices hear of it when heads are next read again.
"""

from datetime import datetime

from approvals.certificates.reading import thumbprint
from approvals.certificates.refusals import CertificateRefused, Reason
from approvals.desk.certificates.ending import note_end
from approvals.model.certificate import Authority, CertificateStatus, CertificateUse, Validation
from approvals.ports.book import Book, Ledger
from approvals.ports.certificates import CertificateValidator


class RevocationsNoted:
    """Satisfies `ports.certificates.CertificateValidator`; called with no transaction held."""

    def __init__(self, validator: CertificateValidator, book: Book) -> None:
        self._validator = validator
        self._book = book

    async def validate(
        self, certificate: bytes, authority: Authority, use: CertificateUse, now: datetime
    ) -> Validation:
        """Raises as the validator does."""
        try:
            return await self._validator.validate(certificate, authority, use, now)
        except CertificateRefused as refused:
            if refused.reason is Reason.REVOKED:
                await self._note(thumbprint(certificate), now)
            raise

    async def _note(self, revoked: str, now: datetime) -> None:
        async def work(ledger: Ledger) -> None:
            found = await ledger.certificates.with_thumbprint(revoked)
            if found is not None:
                await note_end(ledger, found.id, CertificateStatus.REVOKED, "system", now)

        await self._book.transaction(work)
