"""Facts beside what the ledger holds at that moment: what was before, and whether there is anything to change."""

from approvals.model.ids import ActionKind, SubscriptionId
from approvals.model.json import Facts
from approvals.operations import OPERATIONS
from approvals.operations.beneficiary import BeneficiaryOperation
from approvals.ports.book import Ledger


async def stated(ledger: Ledger, subscription_id: SubscriptionId, kind: ActionKind, facts: Facts) -> Facts:
    """Return the facts as they will be signed. Raises BeneficiaryKnown, BeneficiaryUnknown."""
    match OPERATIONS[kind]:
        case BeneficiaryOperation() as operation:
            registered = await ledger.beneficiaries.find(subscription_id, str(facts["iban"]))
            return operation.against(facts, registered)
        case _:
            return facts
