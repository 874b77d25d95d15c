"""A certificate goes out of use: removed on one person's word, or found revoked by its authority.

Taking access away needs no second adviser; giving it back does.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from approvals.credentials import certificate as life
from approvals.desk.certificates.parts import CertificateParts
from approvals.desk.in_charge import is_in_charge
from approvals.desk.presence import require_presence
from approvals.errors import NotFound
from approvals.model.audit import AuditEntry
from approvals.model.certificate import CertificateStatus
from approvals.model.device import Factor
from approvals.model.ids import CertificateId, LoginId, UserId
from approvals.model.inbox import EventKind, News
from approvals.ports.book import Ledger

_TOLD: Final[Mapping[CertificateStatus, EventKind]] = {
    CertificateStatus.REMOVED: EventKind.CERTIFICATE_REMOVED,
    CertificateStatus.REVOKED: EventKind.CERTIFICATE_REVOKED,
}


class EndDesk:
    """Removes."""

    def __init__(self, parts: CertificateParts) -> None:
        self._parts = parts

    async def remove(self, login_id: LoginId, certificate_id: CertificateId) -> None:
        """Take it out of use; twice is once. Raises NotFound for one that is not the caller's to remove, LoginEnded."""

        async def work(ledger: Ledger) -> Mapping[UserId, int]:
            now = self._parts.clock.now()
            presence = await require_presence(ledger, login_id, now)
            found = await ledger.certificates.load(certificate_id)
            if found is None or not await is_in_charge(ledger, presence, found.user_id):
                raise NotFound("no such certificate of yours")
            return await note_end(ledger, found.id, CertificateStatus.REMOVED, f"user:{presence.user.id}", now)

        await self._parts.announcer.announce(await self._parts.book.transaction(work))


async def note_end(
    ledger: Ledger, certificate_id: CertificateId, status: CertificateStatus, actor: str, now: datetime
) -> Mapping[UserId, int]:
    """Write that it is removed or revoked, end what was opened with it, tell its person; return the heads to announce.

    Whoever hears from the authority that it is revoked calls this, in a transaction of its own: the answer that was
    refused for it is rolled back. One already out of use stays as it is.
    """
    found = await ledger.certificates.load(certificate_id)
    if found is None or found.status is not CertificateStatus.ACTIVE:
        return {}
    await ledger.certificates.put(life.end(found, status))
    await _end_logins(ledger, found.user_id, now)
    told = _TOLD[status]
    await ledger.audit.append([AuditEntry(code=told.value, actor=actor, at=now, value={"certificate": found.id})])
    return await ledger.inboxes.append([News(user_id=found.user_id, kind=told)], now)


async def _end_logins(ledger: Ledger, user_id: UserId, now: datetime) -> None:
    """End the person's logins opened with a certificate; one opened with another of theirs is opened again."""
    for login in await ledger.logins.of_user(user_id):
        if Factor.CERTIFICATE in login.factors:
            await ledger.logins.end(login.id, now)
