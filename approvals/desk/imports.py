"""Bringing a whole company in at once: subscription, accounts, people with their cards and powers, policies.

It writes directly only into a database stamped as demo; anywhere else advisers approve such changes (RULES 26). The
file it comes from is the command line's to read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from approvals.cap.profile import CapProfile, profile_for
from approvals.credentials.card import next_day
from approvals.credentials.counters import CARD_ATTEMPTS, PERSON_ATTEMPTS
from approvals.errors import Forbidden, InvalidRequest
from approvals.model.account import Account
from approvals.model.audit import AuditEntry
from approvals.model.card import Card, CardKind, CardStatus
from approvals.model.change import BeneficiaryPut
from approvals.model.iban import is_iban
from approvals.model.ids import AccountId, ActionKind, CardId, ProfileId, SubscriptionId, UserId
from approvals.model.paris import day_in_paris
from approvals.model.person import Language, Subscription, User, UserStatus
from approvals.model.policy import Policy
from approvals.operations import OPERATIONS
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock, CodeHasher, Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEntry:
    """One of the company's accounts."""

    iban: str
    currency: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiaryEntry:
    """An account the company pays already."""

    name: str
    iban: str
    bic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEntry:
    """A card as its maker delivers it, active; `psn` is its sequence number, two digits."""

    kind: CardKind
    profile_id: ProfileId
    issuer_key_id: str
    issuer_key_version: int
    pan: str = field(repr=False)
    psn: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerEntry:
    """The right to sign a kind of action in a group, on one account (IBAN) or on all."""

    kind: ActionKind
    group: str
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """One user of the subscription."""

    number: str
    name: str
    language: Language
    code: str = field(repr=False)
    cards: Sequence[CardEntry]
    powers: Sequence[PowerEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEntry:
    """Who must sign a kind of action, on one account (IBAN) or on all."""

    kind: ActionKind
    policy: Policy
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Everything of one subscription."""

    client_identifier: str
    name: str
    siren: str
    accounts: Sequence[AccountEntry]
    beneficiaries: Sequence[BeneficiaryEntry]
    people: Sequence[PersonEntry]
    policies: Sequence[PolicyEntry]


class ImportDesk:
    """Writes a company, all of it or nothing."""

    def __init__(
        self,
        *,
        book: Book,
        clock: Clock,
        ids: Ids,
        hasher: CodeHasher,
        profiles: Sequence[CapProfile],
        seal_pan: Callable[[CardId, str], bytes],
    ) -> None:
        """`seal_pan` seals a card number for the store; nothing else ever holds it."""
        self._book = book
        self._clock = clock
        self._ids = ids
        self._hasher = hasher
        self._profiles = profiles
        self._seal_pan = seal_pan

    async def write(self, company: Company) -> Subscription:
        """Write the company.

        Raises Forbidden outside a demo database, InvalidRequest for a client identifier taken, an IBAN, kind or
        account that does not exist, CapProfileUnknown for a card no profile is configured for.
        """
        _check(company)
        hashes = {person.number: await self._hasher.hash(person.code) for person in company.people}

        async def work(ledger: Ledger) -> Subscription:
            if not await ledger.house.is_demo():
                raise Forbidden("this is no demo database: two advisers approve a company, nothing was written")
            if await ledger.people.subscription_named(company.client_identifier) is not None:
                raise InvalidRequest("this client identifier is taken", field="subscription.client_identifier")
            return await self._write(ledger, company, hashes)

        return await self._book.transaction(work)

    async def _write(self, ledger: Ledger, company: Company, hashes: Mapping[str, str]) -> Subscription:
        subscription = Subscription(
            id=SubscriptionId(self._ids.make("sub")),
            client_identifier=company.client_identifier,
            name=company.name,
            siren=company.siren,
        )
        await ledger.people.add_subscription(subscription)
        accounts = await self._add_accounts(ledger, subscription.id, company)
        for person in company.people:
            await self._add_person(ledger, subscription.id, person, hashes[person.number], accounts)
        for entry in company.policies:
            account_id = accounts[entry.account] if entry.account else None
            await ledger.policies.put(subscription.id, entry.kind, account_id, entry.policy)
        value = {"subscription": subscription.id}
        now = self._clock.now()
        await ledger.audit.append([AuditEntry(code="company_imported", actor="operator", at=now, value=value)])
        return subscription

    async def _add_accounts(
        self, ledger: Ledger, subscription_id: SubscriptionId, company: Company
    ) -> Mapping[str, AccountId]:
        """Write accounts and beneficiaries; return the accounts' ids by IBAN."""
        ids = {entry.iban: AccountId(self._ids.make("acc")) for entry in company.accounts}
        for entry in company.accounts:
            await ledger.accounts.add(
                Account(
                    id=ids[entry.iban],
                    subscription_id=subscription_id,
                    iban=entry.iban,
                    currency=entry.currency,
                    label=entry.label,
                )
            )
        for payee in company.beneficiaries:
            change = BeneficiaryPut(subscription_id=subscription_id, iban=payee.iban, bic=payee.bic, name=payee.name)
            await ledger.changes.apply(change, self._clock.now())
        return ids

    async def _add_person(
        self,
        ledger: Ledger,
        subscription_id: SubscriptionId,
        person: PersonEntry,
        code_hash: str,
        accounts: Mapping[str, AccountId],
    ) -> None:
        user = User(
            id=UserId(self._ids.make("usr")),
            subscription_id=subscription_id,
            number=person.number,
            name=person.name,
            language=person.language,
            status=UserStatus.ACTIVE,
            code_hash=code_hash,
            attempts_left=PERSON_ATTEMPTS,
        )
        await ledger.people.add_user(user)
        for entry in person.cards:
            await ledger.cards.add(self._card(user.id, entry))
        for power in person.powers:
            account_id = accounts[power.account] if power.account else None
            await ledger.people.give_power(user.id, power.kind, account_id, power.group)

    def _card(self, user_id: UserId, entry: CardEntry) -> Card:
        if profile_for(entry.pan, self._profiles).id != entry.profile_id:
            complaint = "users.cards.profile: the card's number belongs to another profile"
            raise InvalidRequest(complaint, field="users.cards.profile")
        card_id = CardId(self._ids.make("crd"))
        return Card(
            id=card_id,
            user_id=user_id,
            kind=entry.kind,
            profile_id=entry.profile_id,
            issuer_key_id=entry.issuer_key_id,
            issuer_key_version=entry.issuer_key_version,
            pan_sealed=self._seal_pan(card_id, entry.pan),
            last4=entry.pan[-4:],
            psn=entry.psn,
            status=CardStatus.ACTIVE,
            last_atc=0,
            attempts_left=CARD_ATTEMPTS,
            expires_on=entry.expires_on,
            due_on=entry.expires_on and next_day(entry.expires_on, day_in_paris(self._clock.now())),
        )


def _check(company: Company) -> None:
    """Raise InvalidRequest, by field, for what could not be meant."""
    for field_name, holds, complaint in _rules(company):
        if not holds:
            raise InvalidRequest(f"{field_name}: {complaint}", field=field_name)


def _rules(company: Company) -> Iterator[tuple[str, bool, str]]:
    accounts = {account.iban for account in company.accounts}
    powers = [power for person in company.people for power in person.powers]
    kinds = {power.kind for power in powers} | {entry.kind for entry in company.policies}
    named = {power.account for power in powers} | {entry.account for entry in company.policies}
    numbers = [person.number for person in company.people]
    yield "accounts.iban", all(map(is_iban, accounts)), "an IBAN is not valid"
    yield "beneficiaries.iban", all(is_iban(payee.iban) for payee in company.beneficiaries), "an IBAN is not valid"
    yield "kind", kinds <= OPERATIONS.keys(), f"one of {', '.join(sorted(OPERATIONS))} is needed"
    yield "account", named - {None} <= accounts, "a policy or power names an account the file does not hold"
    yield "users.number", len(numbers) == len(set(numbers)), "two users have the same number"
