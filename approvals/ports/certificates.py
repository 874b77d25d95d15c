"""Certificates: those enrolled, the authorities accepted, and the check of path and revocation outside."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from approvals.model.certificate import Authority, Certificate, CertificateUse, Validation
from approvals.model.certificate_order import CertificateOrder
from approvals.model.ids import AuthorityId, CertificateId, CertificateOrderId, UserId


class Authorities(Protocol):
    """The issuing authorities the bank accepts, kept by its advisers."""

    async def load(self, authority_id: AuthorityId) -> Authority | None: ...

    async def accepted(self) -> Sequence[Authority]:
        """Those not withdrawn, by name."""
        ...

    async def all(self) -> Sequence[Authority]:
        """Those withdrawn too, by name."""
        ...

    async def put(self, authority: Authority) -> None:
        """Write it anew or over itself; its own certificate stays as it was first written.

        Raises StaleVersion where another accepted one has the same certificate.
        """
        ...


class Certificates(Protocol):
    """The certificates of people."""

    async def load(self, certificate_id: CertificateId) -> Certificate | None: ...

    async def with_thumbprint(self, thumbprint: str) -> Certificate | None: ...

    async def of_users(self, user_ids: Sequence[UserId]) -> Sequence[Certificate]:
        """All of them, whatever their status, oldest first."""
        ...

    async def put(self, certificate: Certificate) -> None:
        """Write it anew, or its status and what is due over itself.

        Raises CertificateTaken where it, or another of the same holder, works under another user number (RULES 14).
        """
        ...

    async def due(self, until: datetime, limit: int) -> Sequence[Certificate]:
        """Those the calendar has something to do to until then, the longest due first."""
        ...

    async def admit(self, user_id: UserId, thumbprint: str, until: datetime) -> None:
        """This person may enrol this certificate until then; once more moves the end."""
        ...

    async def is_admitted(self, user_id: UserId, thumbprint: str, now: datetime) -> bool: ...

    async def use_admission(self, user_id: UserId, thumbprint: str) -> None: ...


class CertificateOrders(Protocol):
    """Certificates asked for at the partner's shop."""

    async def add(self, order: CertificateOrder) -> None:
        """Raises CertificateOrderOpen where the person has one under way."""
        ...

    async def load(self, order_id: CertificateOrderId) -> CertificateOrder | None: ...

    async def of_users(self, user_ids: Sequence[UserId]) -> Sequence[CertificateOrder]:
        """All of them, newest first."""
        ...

    async def save(self, order: CertificateOrder) -> None:
        """Write how far it is, version raised. Raises StaleVersion."""
        ...


class Exhibits(Protocol):
    """The bytes that proofs rest on: certificates, revocation answers, timestamps; each kept once."""

    async def keep(self, contents: Sequence[bytes]) -> None: ...

    async def load(self, digests: Collection[str]) -> Mapping[str, bytes]:
        """By SHA-256, lower-case hex; what is not kept is left out."""
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
