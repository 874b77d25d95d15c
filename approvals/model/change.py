"""Changes of ours that an approved action brings, applied in the deciding transaction (`ledger.changes.apply`)."""

from dataclasses import dataclass
from typing import TypeAlias

from approvals.model.adviser import Colleague
from approvals.model.ids import SubscriptionId, UserId
from approvals.model.person import Subscription, User


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited:
    """The person belongs to the company from now on, and comes in by letter."""

    user: User


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnlocked:
    """The person's access is open again, every attempt theirs."""

    user_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanySubscribed:
    """The company is a customer; who may do what there is still to be said."""

    company: Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviserAssigned:
    """The company is in this adviser's portfolio from now on."""

    company_id: SubscriptionId
    adviser_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviserAdded:
    """One of the bank's own people more."""

    colleague: Colleague


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviserRemoved:
    """The adviser has left: nothing of theirs counts any more, and their portfolio is the successor's."""

    adviser_id: UserId
    successor_id: UserId


Change: TypeAlias = (
    BeneficiaryPut
    | BeneficiaryRemoved
    | ActivationRenewed
    | DoorOpened
    | PersonInvited
    | PersonUnlocked
    | CompanySubscribed
    | AdviserAssigned
    | AdviserAdded
    | AdviserRemoved
)
