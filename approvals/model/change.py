"""Changes of ours that an approved action brings, applied in the deciding transaction (`ledger.changes.apply`)."""

from dataclasses import dataclass
from typing import TypeAlias

from approvals.model.ids import SubscriptionId, UserId


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationRenewed:
    """The confidential code is void, every login ends, a letter is due: at an invitation, or when a code is renewed."""

    user_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened:
    """Unknown devices may try again after too many failures (RULES 9)."""

    user_id: UserId


Change: TypeAlias = BeneficiaryPut | BeneficiaryRemoved | ActivationRenewed | DoorOpened
