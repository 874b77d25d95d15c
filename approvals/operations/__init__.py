"""The sensitive actions: one file each, one line here."""

from collections.abc import Mapping, Sequence
from typing import Final

from approvals.model.ids import ActionKind
from approvals.operations.beneficiary import BeneficiaryOperation
from approvals.operations.chequebook import ChequebookOperation
from approvals.operations.entitlement import EntitlementOperation
from approvals.operations.operation import Operation
from approvals.operations.remittance import RemittanceOperation
from approvals.operations.substitute import SubstituteOperation

_GRANTED: Final[Sequence[Operation]] = (
    BeneficiaryOperation(),
    ChequebookOperation(),
    RemittanceOperation(),
    SubstituteOperation(),
)
"""What an entitlement can give the right to, besides changing entitlements."""

OPERATIONS: Final[Mapping[ActionKind, Operation]] = {
    operation.kind: operation
    for operation in (
        *_GRANTED,
        EntitlementOperation({operation.kind: operation.title for operation in _GRANTED}),
    )
}
