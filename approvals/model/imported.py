"""A whole company, ready to be written: every id given, every code hashed, every card number sealed."""

from dataclasses import dataclass

from approvals.model.account import Account
from approvals.model.card import Card
from approvals.model.change import BeneficiaryPut
from approvals.model.entitlement import Entitlement
from approvals.model.ids import AccountId, ActionKind
from approvals.model.person import Subscription, User
from approvals.model.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPolicy:
    """Who must sign a kind of action, on one account or (None) on all."""

    kind: ActionKind
    account_id: AccountId | None
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedCompany:
    """Everything of one subscription."""

    subscription: Subscription
    accounts: tuple[Account, ...]
    beneficiaries: tuple[BeneficiaryPut, ...]
    users: tuple[User, ...]
    cards: tuple[Card, ...]
    entitlements: tuple[Entitlement, ...]
    policies: tuple[ImportedPolicy, ...]
