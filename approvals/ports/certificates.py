"""Certificates: those enrolled, the authorities accepted, and the check of path and revocation outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from approvals.model.certificate import Authority, Certificate, CertificateUse, Validation
from approvals.model.ids import AuthorityId, CertificateId, UserId


class Authorities(Protocol):
    """The issuing authorities the bank accepts, kept by its advisers."""

    async def load(self, authority_id: AuthorityId) -> Authority | None: ...

    async def accepted(self) -> Sequence[Authority]:
        """Those not withdrawn, by name."""
        ...


class Certificates(Protocol):
    """The certificates of people."""

    async def load(self, certificate_id: CertificateId) -> Certificate | None: ...

    async def with_thumbprint(self, thumbprint: str) -> Certificate | None: ...

    async def of_users(self, user_ids: Sequence[UserId]) -> Sequence[Certificate]:
        """All of them, whatever their status, oldest first."""
        ...

    async def put(self, certificate: Certificate) -> None:
        """Write it anew or over itself."""
        ...


class CertificateValidator(Protocol):
    """Checks a certificate as of now, with nothing but the bank's own list of authorities to trust."""

    async def validate(
        self, certificate: bytes, authority: Authority, use: CertificateUse, now: datetime
    ) -> Validation:
        """Check path, dates, policy, usage, algorithms and revocation (hard-fail).

        Raises CertificateRefused with the reason, RevocationUnavailable when nobody says whether it is revoked.
        """
        ...
