"""Who may look after what a person holds: the person, or an adviser whose portfolio their company is in."""

from approvals.credentials.adviser import Right, has_right, is_in_portfolio
from approvals.desk.presence import Presence
from approvals.model.ids import UserId
from approvals.ports.book import Ledger


async def is_in_charge(ledger: Ledger, presence: Presence, holder_id: UserId) -> bool:
    """The holder themselves, or who serves their company."""
    if holder_id == presence.user.id:
        return True
    adviser, holder = await ledger.advisers.load(presence.user.id), await ledger.people.user(holder_id)
    company = await ledger.people.subscription(holder.subscription_id) if holder else None
    return adviser is not None and has_right(adviser.role, Right.SERVE) and is_in_portfolio(adviser, company)
