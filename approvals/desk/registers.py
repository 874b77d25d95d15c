"""What a change of a beneficiary means beside the register: what was before, and whether anything is there."""

from approvals.desk.entitlements import Question
from approvals.model.json import Facts
from approvals.operations.beneficiary import BeneficiaryOperation
from approvals.ports.book import Ledger


async def complete_beneficiary(ledger: Ledger, question: Question) -> Facts:
    """Add what the register says. Raises BeneficiaryKnown, BeneficiaryUnknown."""
    registered = await ledger.beneficiaries.find(question.subscription.id, str(question.facts["iban"]))
    return BeneficiaryOperation().against(question.facts, registered)
