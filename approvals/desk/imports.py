"""Bringing a whole company in at once: subscription, accounts, people with their cards and powers, policies.

It writes directly only into a database stamped as demo; anywhere else advisers approve such changes (RULES 26). The
file it comes from is the command line's to read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from approvals.cap.profile import CapProfile, profile_for
from approvals.credentials.counters import CARD_ATTEMPTS, PERSON_ATTEMPTS
from approvals.errors import Forbidden, InvalidRequest
from approvals.model.account import Account
from approvals.model.audit import AuditEntry
from approvals.model.card import Card, CardKind, CardStatus
from approvals.model.change import BeneficiaryPut
from approvals.model.entitlement import Ceiling, Entitlement
from approvals.model.iban import is_iban
from approvals.model.ids import AccountId, ActionKind, CardId, ProfileId, SubscriptionId, UserId
from approvals.model.person import Language, LegalForm, Subscription, User, UserStatus
from approvals.model.policy import Means, Policy
from approvals.model.siren import is_siren
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
    """A card as its maker delivers it; `psn` is its sequence number, two digits."""

    kind: CardKind
    profile_id: ProfileId
    issuer_key_id: str
    issuer_key_version: int
    pan: str = field(repr=False)
    psn: str


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
    """Everything of one subscription."""

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
            legal_form=company.legal_form,
            has_sol=company.has_sol,
            means=company.means,
        )
        await ledger.people.add_subscription(subscription)
        accounts = await self._add_accounts(ledger, subscription.id, company)
        for person in company.people:
            await self._add_person(ledger, subscription.id, person, hashes[person.number])
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
            is_main=person.is_main,
        )
        await ledger.people.add_user(user)
        for entry in person.cards:
            await ledger.cards.add(self._card(user.id, entry))
        await ledger.rights.put(subscription_id, _entitlement(user.id, person.entitlement))

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
        )


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
    numbers = [person.number for person in company.people]
    yield "accounts.iban", all(map(is_iban, accounts)), "an IBAN is not valid"
    yield "beneficiaries.iban", all(is_iban(payee.iban) for payee in company.beneficiaries), "an IBAN is not valid"
    yield "kind", kinds <= OPERATIONS.keys(), f"one of {', '.join(sorted(OPERATIONS))} is needed"
    yield "account", named <= accounts.keys(), "a policy or entitlement names an account the file does not hold"
    yield "subscription.siren", is_siren(company.siren), "not a number of the register"
    yield "users.main", sum(person.is_main for person in company.people) <= 1, "a company has one main user"
    yield "users.number", len(numbers) == len(set(numbers)), "two users have the same number"
