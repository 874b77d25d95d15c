"""Changes of ours that an approved action brings, applied in the deciding transaction (`ledger.changes.apply`)."""

from dataclasses import dataclass
from typing import TypeAlias

from approvals.model.entitlement import Entitlement, Substitution
from approvals.model.ids import SubscriptionId, SubstitutionId, UserId
from approvals.model.person import Language


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
class UserInvited:
    """A new user of the subscription, who has yet to choose a confidential code."""

    subscription_id: SubscriptionId
    user_id: UserId
    number: str
    name: str
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLeft:
    """The person leaves for good, and is signed out everywhere."""

    user_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementPut:
    """What a person may do from now on; its version is the one it was decided over, and no other is written over."""

    subscription_id: SubscriptionId
    entitlement: Entitlement


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionNamed:
    """Somebody stands in for somebody."""

    substitution: Substitution


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionEnded:
    """It is over before its last day, or does not begin."""

    substitution_id: SubstitutionId


Change: TypeAlias = (
    BeneficiaryPut
    | BeneficiaryRemoved
    | UserInvited
    | UserLeft
    | EntitlementPut
    | SubstitutionNamed
    | SubstitutionEnded
)
