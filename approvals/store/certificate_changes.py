"""What approved acts change of authorities and certificates; each returns why it cannot be made any more."""

from dataclasses import replace
from datetime import datetime
from typing import TypeAlias, assert_never

from approvals.credentials.certificate import ADMISSION_LIFE
from approvals.credentials.certificate_refusals import AuthorityKnown
from approvals.errors import NotFound, StaleVersion
from approvals.model.change import AuthorityPut, AuthorityWithdrawn, CertificateAdmitted
from approvals.model.ids import AuthorityId
from approvals.store.authorities import SqlAuthorities
from approvals.store.certificates import SqlCertificates
from approvals.store.database import Connection

CertificateChange: TypeAlias = AuthorityPut | AuthorityWithdrawn | CertificateAdmitted


class SqlCertificateChanges:
    """One case a change."""

    def __init__(self, connection: Connection) -> None:
        self._authorities = SqlAuthorities(connection)
        self._certificates = SqlCertificates(connection)

    async def apply(self, change: CertificateChange, at: datetime) -> str | None:
        match change:
            case AuthorityPut():
                return await self._put(change)
            case AuthorityWithdrawn(authority_id=authority_id):
                await self._withdraw(authority_id, at)
            case CertificateAdmitted(user_id=user_id, thumbprint=thumbprint):
                await self._certificates.admit(user_id, thumbprint, at + ADMISSION_LIFE)
            case _:
                assert_never(change)
        return None

    async def _put(self, change: AuthorityPut) -> str | None:
        """Refused where it was withdrawn, or the same certificate accepted, since the act was asked for."""
        kept = await self._authorities.load(change.authority.id)
        if kept is not None and kept.withdrawn_at is not None:
            return NotFound.code
        try:
            await self._authorities.put(change.authority)
        except StaleVersion:
            return AuthorityKnown.code
        return None

    async def _withdraw(self, authority_id: AuthorityId, at: datetime) -> None:
        kept = await self._authorities.load(authority_id)
        if kept is not None and kept.withdrawn_at is None:
            await self._authorities.put(replace(kept, withdrawn_at=at))
