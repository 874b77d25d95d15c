"""What a decision hangs on, done in the deciding transaction: ceilings moved, changes of ours made."""

from datetime import datetime

from approvals.credentials.refusals import CeilingExceeded
from approvals.desk.asking import Counted
from approvals.desk.ceilings import use_ceilings
from approvals.model.action import Action
from approvals.model.change import Applied
from approvals.model.inbox import News
from approvals.operations import OPERATIONS
from approvals.ports.book import Ledger


async def carry_out(ledger: Ledger, action: Action, counted: Counted, now: datetime) -> Applied:
    """Move the day's sums and make the changes of ours; return what stands against it, or whom to tell."""
    if not await use_ceilings(ledger, counted.rights, action, counted.signed, now):
        return Applied(refusal=CeilingExceeded.code)
    news: tuple[News, ...] = ()
    for change in OPERATIONS[action.kind].changes(action.facts, action.subscription_id):
        applied = await ledger.changes.apply(change, now)
        if applied.refusal is not None:
            return applied
        news += applied.news
    return Applied(news=news)
