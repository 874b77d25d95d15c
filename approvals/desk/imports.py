"""Bringing a whole company in at once: subscription, accounts, people with their cards and powers, policies.

It writes directly only into a database stamped as demo; anywhere else two advisers approve it first (RULES 26). The
file it comes from is the command line's to read.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec

from approvals.cap.profile import CapProfile, profile_for
from approvals.credentials.card import next_day
from approvals.credentials.counters import CARD_ATTEMPTS, PERSON_ATTEMPTS
from approvals.desk.opening import Opening, Order
from approvals.errors import InvalidRequest, PolicyMissing
from approvals.model.account import Account
from approvals.model.action import Action
from approvals.model.adviser import HOUSE_CLIENT
from approvals.model.audit import AuditEntry
from approvals.model.card import Card, CardKind, CardStatus
from approvals.model.change import BeneficiaryPut
from approvals.model.draft import Draft
from approvals.model.entitlement import Ceiling, Entitlement
from approvals.model.iban import is_iban
from approvals.model.ids import (
    UNKNOWN_INITIATOR,
    AccountId,
    ActionKind,
    CardId,
    ImportId,
    ProfileId,
    SubscriptionId,
    UserId,
)
from approvals.model.imported import ImportedCompany, ImportedPolicy
from approvals.model.money import DECIMALS
from approvals.model.opener import OPERATOR
from approvals.model.person import Language, LegalForm, Subscription, User, UserStatus
from approvals.model.policy import Means, Policy
from approvals.model.siren import is_siren
from approvals.operations import ADVISER_ACTS, OPERATIONS
from approvals.operations.company_import import KIND, CompanyImport
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
    lists: Sequence[str] = ()


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
class EntitlementEntry:
    """What a person may do; amounts in minor units, accounts by IBAN (None: all of them)."""

    initiates: frozenset[ActionKind] = frozenset()
    signs: frozenset[ActionKind] = frozenset()
    group: str | None = None
    accounts: frozenset[str] | None = None
    ceilings: tuple[Ceiling, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """One user of the subscription."""

    number: str
    name: str
    language: Language
    code: str = field(repr=False)
    cards: Sequence[CardEntry]
    entitlement: EntitlementEntry
    is_main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEntry:
    """Who must sign a kind of action, on one account (IBAN) or on all."""

    kind: ActionKind
    policy: Policy
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Everything of one subscription; `adviser` is the number of who looks after it."""

    client_identifier: str
    name: str
    siren: str
    legal_form: LegalForm
    has_sol: bool
    means: frozenset[Means]
    accounts: Sequence[AccountEntry]
    beneficiaries: Sequence[BeneficiaryEntry]
    people: Sequence[PersonEntry]
    policies: Sequence[PolicyEntry]
    adviser: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportParts:
    """What bringing in leans on; `seal_pan` seals a card number for the store, and nothing else ever holds it."""

    book: Book
    clock: Clock
    ids: Ids
    hasher: CodeHasher
    profiles: Sequence[CapProfile]
    seal_pan: Callable[[CardId, str], bytes]
    opening: Opening


class ImportDesk:
    """Brings a company in, all of it or nothing."""

    def __init__(self, parts: ImportParts) -> None:
        self._parts = parts

    async def bring(self, company: Company) -> Action | None:
        """Write the company into a demo database; anywhere else hold it until two advisers approve, and return that.

        Raises InvalidRequest for a client identifier taken, an IBAN, kind or account that does not exist, or an
        adviser nobody is, CapProfileUnknown for a card no profile is configured for, PolicyMissing before the first
        advisers are made, NobodyCanSign before two of them came in.
        """
        _check(company)
        hashes = {person.number: await self._parts.hasher.hash(person.code) for person in company.people}

        async def work(ledger: Ledger) -> Action | None:
            if await ledger.people.subscription_named(company.client_identifier) is not None:
                raise InvalidRequest("this client identifier is taken", field="subscription.client_identifier")
            adviser_id = await _adviser(ledger, company.adviser)
            imported = Preparation(self._parts).run(company, hashes, adviser_id)
            if not await ledger.house.is_demo():
                return await self._hold(ledger, imported)
            await self._write(ledger, imported)
            return None

        return await self._parts.book.transaction(work)

    async def _write(self, ledger: Ledger, imported: ImportedCompany) -> None:
        now = self._parts.clock.now()
        await ledger.imports.write(imported, now)
        value = {"subscription": imported.subscription.id}
        await ledger.audit.append([AuditEntry(code="company_imported", actor=OPERATOR, at=now, value=value)])

    async def _hold(self, ledger: Ledger, imported: ImportedCompany) -> Action:
        house = await ledger.people.subscription_named(HOUSE_CLIENT)
        if house is None:
            raise PolicyMissing("advisers approve a company: make the first two by `contreseing advisers bootstrap`")
        now, import_id = self._parts.clock.now(), ImportId(self._parts.ids.make("imp"))
        await ledger.imports.keep(import_id, imported, now)
        order = Order(opener=OPERATOR, subscription=house, initiator=UNKNOWN_INITIATOR, reference=None)
        digest = hashlib.sha256(msgspec.json.encode(imported, order="deterministic")).hexdigest()
        facts = CompanyImport().facts(import_id, imported, digest)
        draft = Draft(kind=KIND, facts=facts, payload_digest=digest)
        return (await self._parts.opening.open(ledger, order, [draft], now)).actions[0]


class Preparation:
    """Makes the values a company will be written as."""

    def __init__(self, parts: ImportParts) -> None:
        self._parts = parts

    def run(self, company: Company, hashes: Mapping[str, str], adviser_id: UserId | None) -> ImportedCompany:
        """`hashes` are of the people's confidential codes, by number."""
        subscription = self._subscription(company, adviser_id)
        accounts = {entry.iban: self._account(subscription.id, entry) for entry in company.accounts}
        users = [self._user(subscription.id, person, hashes[person.number]) for person in company.people]
        people = list(zip(users, company.people, strict=True))
        return ImportedCompany(
            subscription=subscription,
            accounts=tuple(accounts.values()),
            beneficiaries=tuple(
                BeneficiaryPut(
                    subscription_id=subscription.id,
                    iban=payee.iban,
                    bic=payee.bic,
                    name=payee.name,
                    lists=tuple(sorted(set(payee.lists))),
                )
                for payee in company.beneficiaries
            ),
            users=tuple(users),
            cards=tuple(self._card(user.id, entry) for user, person in people for entry in person.cards),
            entitlements=tuple(_entitlement(user.id, person.entitlement) for user, person in people),
            policies=tuple(
                ImportedPolicy(
                    kind=entry.kind,
                    account_id=accounts[entry.account].id if entry.account else None,
                    policy=entry.policy,
                )
                for entry in company.policies
            ),
        )

    def _subscription(self, company: Company, adviser_id: UserId | None) -> Subscription:
        return Subscription(
            id=SubscriptionId(self._parts.ids.make("sub")),
            client_identifier=company.client_identifier,
            name=company.name,
            siren=company.siren,
            legal_form=company.legal_form,
            adviser_id=adviser_id,
            has_sol=company.has_sol,
            means=company.means,
        )

    def _account(self, subscription_id: SubscriptionId, entry: AccountEntry) -> Account:
        return Account(
            id=AccountId(self._parts.ids.make("acc")),
            subscription_id=subscription_id,
            iban=entry.iban,
            currency=entry.currency,
            label=entry.label,
        )

    def _user(self, subscription_id: SubscriptionId, person: PersonEntry, code_hash: str) -> User:
        return User(
            id=UserId(self._parts.ids.make("usr")),
            subscription_id=subscription_id,
            number=person.number,
            name=person.name,
            language=person.language,
            status=UserStatus.ACTIVE,
            code_hash=code_hash,
            attempts_left=PERSON_ATTEMPTS,
            is_main=person.is_main,
        )

    def _card(self, user_id: UserId, entry: CardEntry) -> Card:
        if profile_for(entry.pan, self._parts.profiles).id != entry.profile_id:
            complaint = "users.cards.profile: the card's number belongs to another profile"
            raise InvalidRequest(complaint, field="users.cards.profile")
        card_id = CardId(self._parts.ids.make("crd"))
        return Card(
            id=card_id,
            user_id=user_id,
            kind=entry.kind,
            profile_id=entry.profile_id,
            issuer_key_id=entry.issuer_key_id,
            issuer_key_version=entry.issuer_key_version,
            pan_sealed=self._parts.seal_pan(card_id, entry.pan),
            last4=entry.pan[-4:],
            psn=entry.psn,
            status=CardStatus.ACTIVE,
            last_atc=0,
            attempts_left=CARD_ATTEMPTS,
            expires_on=entry.expires_on,
            due_on=entry.expires_on and next_day(entry.expires_on, date.min),
        )


async def _adviser(ledger: Ledger, number: str | None) -> UserId | None:
    """Return whose portfolio the company joins. Raises InvalidRequest for a number no adviser has."""
    if number is None:
        return None
    user = await ledger.people.user_named(HOUSE_CLIENT, number)
    if user is None or user.status is UserStatus.LEFT:
        raise InvalidRequest("adviser: no adviser has this number", field="adviser")
    return user.id


def _entitlement(user_id: UserId, entry: EntitlementEntry) -> Entitlement:
    return Entitlement(
        user_id=user_id,
        initiates=entry.initiates,
        signs=entry.signs,
        group=entry.group,
        accounts=entry.accounts,
        ceilings=entry.ceilings,
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
    )


def _check(company: Company) -> None:
    """Raise InvalidRequest, by field, for what could not be meant."""
    for field_name, holds, complaint in _rules(company):
        if not holds:
            raise InvalidRequest(f"{field_name}: {complaint}", field=field_name)


def _rules(company: Company) -> Iterator[tuple[str, bool, str]]:
    accounts = {account.iban: account.currency for account in company.accounts}
    entitlements = [person.entitlement for person in company.people]
    ceilings = [ceiling for entry in entitlements for ceiling in entry.ceilings]
    kinds = {kind for entry in entitlements for kind in entry.initiates | entry.signs}
    kinds |= {entry.kind for entry in company.policies} | {ceiling.kind for ceiling in ceilings}
    named = {account for entry in entitlements for account in entry.accounts or ()}
    named |= {entry.account for entry in company.policies if entry.account} | {each.account for each in ceilings}
    taken = OPERATIONS.keys() - ADVISER_ACTS.keys()
    numbers = [person.number for person in company.people]
    yield "accounts.iban", all(map(is_iban, accounts)), "an IBAN is not valid"
    yield "accounts.currency", DECIMALS.keys() >= set(accounts.values()), "no currency of ISO 4217"
    yield "beneficiaries.iban", all(is_iban(payee.iban) for payee in company.beneficiaries), "an IBAN is not valid"
    yield "kind", kinds <= taken, f"one of {', '.join(sorted(taken))} is needed"
    yield "account", named <= accounts.keys(), "a policy or entitlement names an account the file does not hold"
    yield "subscription.siren", is_siren(company.siren), "not a number of the register"
    yield "users.main", sum(person.is_main for person in company.people) <= 1, "a company has one main user"
    of_money = [entry for entry in company.policies if entry.policy.code_on_money is not None]
    may_decide = not of_money or company.legal_form is LegalForm.LEGAL_PERSON
    yield "policies.code_on_money", may_decide, "a legal person alone may keep the CODE key on payments"
    yield "users.number", len(numbers) == len(set(numbers)), "two users have the same number"
