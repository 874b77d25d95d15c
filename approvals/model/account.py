"""The company's own accounts, and the accounts it pays."""

from dataclasses import dataclass
from datetime import datetime

from approvals.model.ids import AccountId, SubscriptionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the company at the bank: what a remittance debits."""

    id: AccountId
    subscription_id: SubscriptionId
    iban: str
    currency: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beneficiary:
    """A registered account the company pays (*compte destinataire*); `lists` are the names of those it is on."""

    subscription_id: SubscriptionId
    iban: str
    bic: str | None
    name: str
    registered_at: datetime
    lists: tuple[str, ...] = ()
