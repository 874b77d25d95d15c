"""Changes of ours that an approved action brings, applied in the deciding transaction (`ledger.changes.apply`)."""

from dataclasses import dataclass
from typing import TypeAlias

from approvals.model.ids import SubscriptionId


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiaryPut:
    """The account becomes, or stays under another name, a registered beneficiary."""

    subscription_id: SubscriptionId
    iban: str
    bic: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiaryRemoved:
    """The account is no longer a registered beneficiary."""

    subscription_id: SubscriptionId
    iban: str


Change: TypeAlias = BeneficiaryPut | BeneficiaryRemoved
