"""The sensitive actions: one file each, one line here."""

from collections.abc import Mapping, Sequence
from typing import Final

from approvals.credentials.adviser import Right, has_right
from approvals.model.adviser import Adviser
from approvals.model.entitlement import Entitlement
from approvals.model.ids import ActionKind
from approvals.operations.adviser_act import SIGNING_GROUP, Act
from approvals.operations.authority import AuthorityAcceptance, AuthorityChange, AuthorityWithdrawal
from approvals.operations.beneficiary import BeneficiaryOperation
from approvals.operations.card_order import CardOrderOperation
from approvals.operations.card_replacement import CardReplacementOperation
from approvals.operations.card_unlock import CardUnlockOperation
from approvals.operations.certificate_admission import CertificateAdmission
from approvals.operations.chequebook import ChequebookOperation
from approvals.operations.collection import CollectionOperation
from approvals.operations.company_import import CompanyImport
from approvals.operations.company_subscription import CompanySubscription, PortfolioChange
from approvals.operations.entitlement import EntitlementOperation
from approvals.operations.operation import Operation
from approvals.operations.person_access import CodeRenewal, DoorOpening, MainUserInvitation, PersonUnlocking
from approvals.operations.remittance import RemittanceOperation
from approvals.operations.staff import AdviserAddition, AdviserRemoval
from approvals.operations.substitute import SubstituteOperation

_GRANTED: Final[Sequence[Operation]] = (
    BeneficiaryOperation(),
    ChequebookOperation(),
    CollectionOperation(),
    RemittanceOperation(),
    SubstituteOperation(),
)
"""What an entitlement can give the right to, besides changing entitlements."""

_ACTS: Final[Sequence[Act]] = (
    AdviserAddition(),
    AdviserRemoval(),
    CardOrderOperation(),
    CardReplacementOperation(),
    CardUnlockOperation(),
    AuthorityAcceptance(),
    AuthorityChange(),
    AuthorityWithdrawal(),
    CertificateAdmission(),
    CodeRenewal(),
    CompanyImport(),
    CompanySubscription(),
    DoorOpening(),
    MainUserInvitation(),
    PersonUnlocking(),
    PortfolioChange(),
)

ADVISER_ACTS: Final[Mapping[ActionKind, Act]] = {act.kind: act for act in _ACTS}
"""Those the house's own people ask for and approve; a company's people never do."""

OPERATIONS: Final[Mapping[ActionKind, Operation]] = {
    operation.kind: operation
    for operation in (
        *_GRANTED,
        EntitlementOperation({operation.kind: operation.title for operation in _GRANTED}),
        *_ACTS,
    )
}


def entitlement_of(adviser: Adviser) -> Entitlement:
    """Return what an adviser may ask for and approve: as far as the role goes, and no further."""
    may_sign = has_right(adviser.role, Right.SIGN)
    return Entitlement(
        user_id=adviser.user_id,
        initiates=frozenset(kind for kind, act in ADVISER_ACTS.items() if has_right(adviser.role, act.right)),
        signs=frozenset(ADVISER_ACTS) if may_sign else frozenset(),
        group=SIGNING_GROUP if may_sign else None,
    )
