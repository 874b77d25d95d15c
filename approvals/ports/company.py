"""The company: subscriptions, people, cards, accounts, beneficiaries, policies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from approvals.model.account import Account, Beneficiary
from approvals.model.card import Card, CardMake
from approvals.model.change import Applied, Change
from approvals.model.ids import AccountId, ActionKind, CardId, SubscriptionId, UserId
from approvals.model.page import Page
from approvals.model.person import Subscription, User, UserStatus
from approvals.model.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    """A policy and what it is for: a kind of action, on one account (IBAN) or on all."""

    kind: ActionKind
    account: str | None
    policy: Policy


class People(Protocol):
    """Subscriptions and users."""

    async def add_subscription(self, subscription: Subscription) -> None: ...

    async def subscription(self, subscription_id: SubscriptionId) -> Subscription | None: ...

    async def subscription_named(self, client_identifier: str) -> Subscription | None: ...

    async def add_user(self, user: User) -> None: ...

    async def invite_user(self, user: User) -> bool:
        """False, and nothing written, where the subscription has the number already."""
        ...

    async def user(self, user_id: UserId) -> User | None: ...

    async def browse(
        self, company: SubscriptionId, *, status: UserStatus | None, number: str | None, after: str | None, limit: int
    ) -> Page[User]:
        """The company's people by number, narrowed. Raises InvalidRequest for a cursor that is none of ours."""
        ...

    async def users(self, user_ids: Sequence[UserId]) -> Mapping[UserId, User]: ...

    async def with_cards(self, user_ids: Sequence[UserId]) -> tuple[Mapping[UserId, User], Sequence[Card]]:
        """The same, and all their cards, by id: in one look."""
        ...

    async def of_subscription(self, subscription_id: SubscriptionId) -> Sequence[User]:
        """Everybody of a company, those who left included, by number."""
        ...

    async def user_named(self, client_identifier: str, number: str) -> User | None: ...

    async def save_user(self, user: User) -> None:
        """Write status, code, counters, version raised. Raises StaleVersion."""
        ...


class Cards(Protocol):
    """Bank cards and their counters."""

    async def add(self, card: Card) -> None: ...

    async def load(self, card_id: CardId) -> Card | None: ...

    async def of_users(self, user_ids: Sequence[UserId]) -> Sequence[Card]:
        """All cards of these people, by id."""
        ...

    async def save(self, card: Card) -> None:
        """Write status, attempts, step and age, version raised. Raises StaleVersion. Never moves the counter."""
        ...

    async def browse(self, after: CardId | None, limit: int) -> Sequence[Card]:
        """All cards of the house, by id."""
        ...

    async def makes(self) -> Sequence[CardMake]:
        """What the keys of the house's cards come from, each make once."""
        ...

    async def due(self, today: date, limit: int) -> Sequence[Card]:
        """Cards whose age is to be looked at by this day."""
        ...

    async def reseal(self, card_id: CardId, pan_sealed: bytes) -> None:
        """Write the same number under another key; a card never gets another number."""
        ...

    async def advance(self, card_id: CardId, atc: int) -> bool:
        """Move the counter to `atc` if that is higher; False when it was there already: a replay."""
        ...


class Accounts(Protocol):
    """The company's own accounts."""

    async def add(self, account: Account) -> None: ...

    async def with_iban(self, iban: str) -> Account | None: ...

    async def load(self, account_id: AccountId) -> Account | None: ...

    async def of_subscription(self, subscription_id: SubscriptionId) -> Sequence[Account]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiaryQuery:
    """One walk over a company's beneficiaries, by name.

    `text` keeps those whose folded name holds it, or whose IBAN begins with it; `list` those on one list.
    """

    subscription_id: SubscriptionId
    text: str | None = None
    list: str | None = None


class Beneficiaries(Protocol):
    """The accounts a company pays. What changes them is `Changes`."""

    async def find(self, subscription_id: SubscriptionId, iban: str) -> Beneficiary | None: ...

    async def all(self, subscription_id: SubscriptionId) -> Sequence[Beneficiary]:
        """Return them without their lists: what payees are held against."""
        ...

    async def browse(self, query: BeneficiaryQuery, after: str | None, limit: int) -> Page[Beneficiary]: ...

    async def lists(self, subscription_id: SubscriptionId) -> Sequence[str]:
        """Return the names of the lists somebody is on."""
        ...


class Changes(Protocol):
    """What approved actions change of ours."""

    async def apply(self, change: Change, at: datetime) -> Applied:
        """Carry out a change of ours; the same change twice is one."""
        ...


class Policies(Protocol):
    """Who must sign, per subscription, kind and account."""

    async def put(
        self,
        subscription_id: SubscriptionId,
        kind: ActionKind,
        account_id: AccountId | None,
        policy: Policy,
    ) -> None: ...

    async def of_subscription(self, subscription_id: SubscriptionId) -> Sequence[PolicyRow]:
        """By kind, then account. Raises PolicyUnreadable."""
        ...

    async def with_code_on_money(self) -> Sequence[str]:
        """Client identifiers of the companies that keep the CODE key on payments. Raises PolicyUnreadable."""
        ...

    async def find(
        self, subscription_id: SubscriptionId, kind: ActionKind, account_id: AccountId | None
    ) -> Policy | None:
        """The account's own policy, else the kind's. Raises PolicyUnreadable (fails closed)."""
        ...
