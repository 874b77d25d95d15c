"""The sensitive actions: one file each, one line here."""

from collections.abc import Mapping
from typing import Final

from approvals.model.ids import ActionKind
from approvals.operations.beneficiary import BeneficiaryOperation
from approvals.operations.card_order import CardOrderOperation
from approvals.operations.card_replacement import CardReplacementOperation
from approvals.operations.card_unlock import CardUnlockOperation
from approvals.operations.chequebook import ChequebookOperation
from approvals.operations.operation import Operation
from approvals.operations.remittance import RemittanceOperation

OPERATIONS: Final[Mapping[ActionKind, Operation]] = {
    operation.kind: operation
    for operation in (
        BeneficiaryOperation(),
        CardOrderOperation(),
        CardReplacementOperation(),
        CardUnlockOperation(),
        ChequebookOperation(),
        RemittanceOperation(),
    )
}
