"""Reading the audit: advisers what concerns their portfolio, supervisors, auditors and operators everything."""

from dataclasses import replace

from approvals.credentials.adviser import Right, has_right, require_right
from approvals.model.adviser import Adviser
from approvals.model.audit import AuditEntry
from approvals.model.page import Page
from approvals.ports.audit_lines import AuditFilter
from approvals.ports.book import Book


class AuditReading:
    """Looks, and changes nothing."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def browse(self, adviser: Adviser, wanted: AuditFilter, after: str | None, limit: int) -> Page[AuditEntry]:
        """Newest first, as far as this adviser may see. Raises RoleInsufficient."""
        require_right(adviser, Right.AUDIT)
        sees_all = has_right(adviser.role, Right.EVERYWHERE)
        narrowed = wanted if sees_all else replace(wanted, portfolio_of=adviser.user_id)
        return await self.browse_all(narrowed, after, limit)

    async def browse_all(self, wanted: AuditFilter, after: str | None, limit: int) -> Page[AuditEntry]:
        """What operators list."""
        return await self._book.reading(lambda ledger: ledger.audit_lines.browse(wanted, after, limit))
