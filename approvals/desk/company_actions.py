"""Companies' operations as the bank's own people follow them: within a portfolio, or all where the role sees all."""

from datetime import date, datetime, time, timedelta

from approvals.credentials.adviser import Right, has_right, is_in_portfolio, require_in_portfolio, require_right
from approvals.desk.actions import load_sheets, read_sheets
from approvals.errors import NotFound
from approvals.model.action import ActionStatus
from approvals.model.adviser import Adviser
from approvals.model.figures import DayFigures, Period
from approvals.model.ids import ActionId
from approvals.model.page import Page
from approvals.model.paris import at_in_paris, day_in_paris
from approvals.model.person import Subscription
from approvals.model.sheet import ActionSheet
from approvals.ports.actions import ActionFilter
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock


class CompanyActions:
    """Looks, and changes nothing. Every method raises RoleInsufficient for a role that reads no audit."""

    def __init__(self, *, book: Book, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    async def browse(
        self, adviser: Adviser, client: str, status: ActionStatus | None, after: str | None, limit: int
    ) -> Page[ActionSheet]:
        """One company's, newest first. Raises OutsidePortfolio, for a company that does not exist too."""

        async def work(ledger: Ledger) -> Page[ActionSheet]:
            company = await _company(ledger, adviser, client)
            page = await ledger.actions.browse(ActionFilter(subscription_id=company.id, status=status), after, limit)
            return Page(items=await read_sheets(ledger, page.items), next=page.next)

        return await self._book.reading(work)

    async def show(self, adviser: Adviser, client: str, action_id: ActionId) -> ActionSheet:
        """Return one. Raises OutsidePortfolio; NotFound, for another company's too."""

        async def work(ledger: Ledger) -> ActionSheet:
            company = await _company(ledger, adviser, client)
            for sheet in await load_sheets(ledger, [action_id]):
                if sheet.action.subscription_id == company.id:
                    return sheet
            raise NotFound("no such action of this company")

        return await self._book.reading(work)

    async def require(self, adviser: Adviser, action_id: ActionId) -> None:
        """Raise NotFound unless the action is of a company this adviser may follow."""
        require_right(adviser, Right.AUDIT)

        async def work(ledger: Ledger) -> Subscription | None:
            company_id = await ledger.actions.company(action_id)
            return None if company_id is None else await ledger.people.subscription(company_id)

        if not is_in_portfolio(adviser, await self._book.reading(work)):
            raise NotFound("no such action in your portfolio")

    async def figures(self, adviser: Adviser, day: date | None) -> DayFigures:
        """Count the operations opened on this day, or today."""
        require_right(adviser, Right.AUDIT)
        now = self._clock.now()
        counted = day or day_in_paris(now)
        period = Period(since=_midnight(counted), until=_midnight(counted + timedelta(days=1)))
        portfolio_of = None if has_right(adviser.role, Right.EVERYWHERE) else adviser.user_id

        async def work(ledger: Ledger) -> DayFigures:
            return DayFigures(
                day=counted,
                by_status=await ledger.figures.by_status(period, portfolio_of, now),
                signed_within=await ledger.figures.signed_within(period, portfolio_of),
            )

        return await self._book.reading(work)


async def _company(ledger: Ledger, adviser: Adviser, client: str) -> Subscription:
    require_right(adviser, Right.AUDIT)
    return require_in_portfolio(adviser, await ledger.people.subscription_named(client))


def _midnight(day: date) -> datetime:
    return at_in_paris(day, time())
