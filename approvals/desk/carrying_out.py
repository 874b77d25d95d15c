"""What a decision hangs on, done in the deciding transaction: ceilings moved, changes of ours made."""

from datetime import datetime

from approvals.credentials.refusals import CeilingExceeded
from approvals.desk.asking import Counted
from approvals.desk.ceilings import use_ceilings
from approvals.model.action import Action
from approvals.operations import OPERATIONS
from approvals.ports.book import Ledger


async def carry_out(ledger: Ledger, action: Action, counted: Counted, now: datetime) -> str | None:
    """Move the day's sums and make the changes of ours; return the stable code of what stands against it."""
    if not await use_ceilings(ledger, counted.rights, action, counted.signed, now):
        return CeilingExceeded.code
    for change in OPERATIONS[action.kind].changes(action.facts, action.subscription_id):
        refused = await ledger.changes.apply(change, now)
        if refused is not None:
            return refused
    return None
