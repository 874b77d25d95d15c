"""A company renounces the verification of its packages, or wants it again (Regulation (EU) 2024/886, art. 5c(6)).

The bank's contract with the company says so; an operator writes it down, and the audit says when.
"""

from datetime import date

from approvals.errors import InvalidRequest, NotFound
from approvals.model.audit import AuditEntry
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock


class RenouncingDesk:
    """Writes it down."""

    def __init__(self, *, book: Book, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    async def write(self, client_identifier: str, since: date | None) -> None:
        """Renounced since that day; None: verified again. Raises NotFound, InvalidRequest for a day to come."""
        now = self._clock.now()
        if since is not None and since > now.date():
            raise InvalidRequest("since: not a day to come", field="since")

        async def work(ledger: Ledger) -> None:
            company = await ledger.people.subscription_named(client_identifier)
            if company is None:
                raise NotFound("no subscription has this client identifier")
            await ledger.preparations.opt_out(company.id, since)
            value = {"subscription": company.id, "since": since.isoformat() if since else None}
            code = "payee_checks_renounced" if since else "payee_checks_wanted"
            await ledger.audit.append([AuditEntry(code=code, actor="operator", at=now, value=value)])

        await self._book.transaction(work)
