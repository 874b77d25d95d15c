"""How much waits now, for those who watch the house: actions to be signed or released, deliveries still due."""

from dataclasses import dataclass

from approvals.model.action import ActionStatus
from approvals.model.push import PushBacklog
from approvals.model.release import Backlog
from approvals.model.seal import Tail
from approvals.ports.book import Book, Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`pending` actions wait for signatures, `approved` ones for the core, `audit_tail` for seal and anchor.

    `push` counts devices that are to be woken.
    """

    pending: int
    approved: int
    backlog: Backlog
    audit_tail: Tail
    push: PushBacklog


async def read_standing(book: Book) -> Standing:
    """Count on one snapshot. Raises StoreUnavailable."""

    async def work(ledger: Ledger) -> Standing:
        return Standing(
            pending=await ledger.actions.count(ActionStatus.PENDING),
            approved=await ledger.actions.count(ActionStatus.APPROVED),
            backlog=await ledger.releases.backlog(),
            audit_tail=await ledger.audit_tree.tail(),
            push=await ledger.push_subscriptions.backlog(),
        )

    return await book.reading(work)
