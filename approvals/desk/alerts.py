"""Alerts as advisers read and take them: those of their portfolio, or all where the role sees all (RULES 26)."""

from dataclasses import dataclass

from approvals.credentials.adviser import Right, has_right, is_in_portfolio
from approvals.credentials.adviser_refusals import AlertTaken
from approvals.errors import NotFound
from approvals.model.adviser import Adviser
from approvals.model.alert import Alert
from approvals.model.audit import AuditEntry
from approvals.model.ids import AlertId
from approvals.model.page import Page
from approvals.model.person import Subscription, User
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSheet:
    """An alert, who raised it, and their company."""

    alert: Alert
    user: User
    company: Subscription


class AlertDesk:
    """Shows them, and notes who looks into one."""

    def __init__(self, *, book: Book, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    async def browse(self, adviser: Adviser, after: str | None, limit: int) -> Page[AlertSheet]:
        """Newest first. Raises InvalidRequest for a cursor that is none of ours."""
        portfolio_of = None if has_right(adviser.role, Right.EVERYWHERE) else adviser.user_id

        async def work(ledger: Ledger) -> Page[AlertSheet]:
            page = await ledger.alerts.browse(portfolio_of, after, limit)
            return Page(items=[await _sheet(ledger, alert) for alert in page.items], next=page.next)

        return await self._book.reading(work)

    async def take(self, adviser: Adviser, alert_id: AlertId) -> AlertSheet:
        """Look into one; twice is once. Raises NotFound (outside the portfolio too), AlertTaken."""

        async def work(ledger: Ledger) -> AlertSheet:
            now = self._clock.now()
            found = await ledger.alerts.load(alert_id)
            sheet = await _sheet(ledger, found) if found else None
            if sheet is None or not is_in_portfolio(adviser, sheet.company):
                raise NotFound("no such alert in your portfolio")
            if sheet.alert.taken_by == adviser.user_id:
                return sheet
            if not await ledger.alerts.take(alert_id, adviser.user_id, now):
                raise AlertTaken("a colleague looks into it already")
            value = {"alert": alert_id}
            actor = f"user:{adviser.user_id}"
            await ledger.audit.append([AuditEntry(code="alert_taken", actor=actor, at=now, value=value)])
            taken = await ledger.alerts.load(alert_id)
            return await _sheet(ledger, taken or sheet.alert)

        return await self._book.transaction(work)


async def _sheet(ledger: Ledger, alert: Alert) -> AlertSheet:
    user = await ledger.people.user(alert.user_id)
    company = await ledger.people.subscription(alert.subscription_id)
    if user is None or company is None:
        raise LookupError("an alert names somebody the book does not hold")
    return AlertSheet(alert=alert, user=user, company=company)
