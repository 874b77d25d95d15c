"""What the calendar does to certificates: their holders are warned 60, 30 and 7 days ahead, then told of the end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from approvals.credentials.certificate import Aging, age
from approvals.desk.certificates.parts import CertificateParts
from approvals.model.audit import AuditEntry
from approvals.model.ids import CertificateId, UserId
from approvals.model.inbox import EventKind, News
from approvals.ports.book import Ledger

_AT_ONCE: Final = 100
_KINDS: Final[Mapping[Aging, EventKind]] = {
    Aging.NEARS_ITS_END: EventKind.CERTIFICATE_EXPIRES_SOON,
    Aging.HAS_ENDED: EventKind.CERTIFICATE_EXPIRED,
}


class CertificateAgeingDesk:
    """One bounded round at a time."""

    def __init__(self, parts: CertificateParts) -> None:
        self._parts = parts

    async def sweep(self) -> int:
        """Look at the certificates whose day has come; return how many."""
        now = self._parts.clock.now()
        due = await self._parts.book.reading(lambda ledger: ledger.certificates.due(now, _AT_ONCE))
        for certificate in due:
            await self._look_at(certificate.id, now)
        return len(due)

    async def _look_at(self, certificate_id: CertificateId, now: datetime) -> None:
        heads = await self._parts.book.transaction(lambda ledger: _age(ledger, certificate_id, now))
        await self._parts.announcer.announce(heads)


async def _age(ledger: Ledger, certificate_id: CertificateId, now: datetime) -> Mapping[UserId, int]:
    found = await ledger.certificates.load(certificate_id)
    aged = age(found, now) if found else None
    if aged is None or aged.told is None:
        return {}  # another node was here
    certificate, kind = aged.certificate, _KINDS[aged.told]
    await ledger.certificates.put(certificate)
    value = {"certificate": certificate.id, "ends": certificate.not_after.date().isoformat()}
    await ledger.audit.append([AuditEntry(code=kind.value, actor="system", at=now, value=value)])
    return await ledger.inboxes.append([News(user_id=certificate.user_id, kind=kind)], now)
