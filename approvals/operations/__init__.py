"""The sensitive actions: one file each, one line here."""

from collections.abc import Mapping
from typing import Final

from approvals.model.ids import ActionKind
from approvals.operations.adviser_act import AdviserAct
from approvals.operations.beneficiary import BeneficiaryOperation
from approvals.operations.chequebook import ChequebookOperation
from approvals.operations.company_subscription import CompanySubscription, PortfolioChange
from approvals.operations.operation import Operation
from approvals.operations.person_access import CodeRenewal, DoorOpening, MainUserInvitation, PersonUnlocking
from approvals.operations.remittance import RemittanceOperation
from approvals.operations.staff import AdviserAddition, AdviserRemoval

OPERATIONS: Final[Mapping[ActionKind, Operation]] = {
    operation.kind: operation
    for operation in (
        AdviserAddition(),
        AdviserRemoval(),
        BeneficiaryOperation(),
        ChequebookOperation(),
        CodeRenewal(),
        CompanySubscription(),
        DoorOpening(),
        MainUserInvitation(),
        PersonUnlocking(),
        PortfolioChange(),
        RemittanceOperation(),
    )
}

ADVISER_ACTS: Final[Mapping[ActionKind, AdviserAct]] = {
    kind: operation for kind, operation in OPERATIONS.items() if isinstance(operation, AdviserAct)
}
"""Those the house's own people ask for and approve; a company's people never do."""
