"""The companies of the benchmark: each has a signer with a card, a bookkeeper who initiates, and a device each.

Everything about a company follows from its number, so the load generator and the database agree without a list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from approvals.cap.profile import CapProfile
from approvals.cap.tables import published_profiles
from approvals.credentials.counters import CARD_ATTEMPTS, PERSON_ATTEMPTS
from approvals.desk.tokens import DEVICE, LOGIN, digest_of
from approvals.keys.keyring import Keyring
from approvals.keys.software import seal_pan
from approvals.model.card import Card, CardKind, CardStatus
from approvals.model.device import Device, Factor, Login
from approvals.model.entitlement import Entitlement
from approvals.model.ids import ActionKind, CardId, DeviceId, LoginId, ProfileId, SubscriptionId, UserId
from approvals.model.person import Language, Subscription, User, UserStatus
from approvals.model.policy import Policy, Signatures
from approvals.ports.book import Book, Ledger

ISSUER_KEY_ID: Final = "bench"
PSN: Final = "01"
KIND: Final = ActionKind("beneficiary")
SIGNER: Final = "1"
BOOKKEEPER: Final = "2"

_PROFILE: Final = ProfileId("secur-acces")
_GROUP: Final = "A"
_ALONE: Final = Policy(clauses=(Signatures(count=1, group=_GROUP),))
_COMPANIES_A_TRANSACTION: Final = 50
_LONG: Final = timedelta(hours=11)
"""Logins are as if the person had last acted this far ahead: a phase that waits does not sign its people out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """One person, with the device and the login the benchmark gave them."""

    company: int
    number: str

    @property
    def user_id(self) -> UserId:
        return UserId(f"usr_{self.company}_{self.number}")

    @property
    def device_id(self) -> DeviceId:
        return DeviceId(f"dev_{self.company}_{self.number}")

    @property
    def device_token(self) -> str:
        return f"{DEVICE}bench_{self.company}_{self.number}"

    @property
    def login_token(self) -> str:
        return f"{LOGIN}bench_{self.company}_{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movers:
    """What is needed to write companies: the keyring card numbers are sealed under, and the devices' public key."""

    keyring: Keyring
    public_key: bytes
    now: datetime


def profile() -> CapProfile:
    """Return the profile of every card of the benchmark."""
    return next(each for each in published_profiles() if each.id == _PROFILE)


def pan_of(company: int) -> str:
    """Return the 16 digits of the signer's card."""
    prefix = profile().bins[0]
    return f"{prefix}{company:0{16 - len(prefix)}d}"


def client_identifier(company: int) -> str:
    return f"4{company:07d}"


def residents(people: int) -> Iterator[Resident]:
    """Yield this many people, two a company."""
    for n in range(people):
        yield Resident(company=n // 2, number=BOOKKEEPER if n % 2 else SIGNER)


async def move_in(book: Book, movers: Movers, companies: range) -> None:
    """Write the companies, some in each transaction."""
    for start in range(companies.start, companies.stop, _COMPANIES_A_TRANSACTION):
        some = range(start, min(start + _COMPANIES_A_TRANSACTION, companies.stop))

        async def work(ledger: Ledger, some: range = some) -> None:
            for company in some:
                await _found(ledger, movers, company)

        await book.transaction(work)


async def _found(ledger: Ledger, movers: Movers, company: int) -> None:
    subscription_id = SubscriptionId(f"sub_{company}")
    await ledger.people.add_subscription(
        Subscription(
            id=subscription_id,
            client_identifier=client_identifier(company),
            name=f"Entreprise {company}",
            siren=f"{company:09d}",
        )
    )
    signer, bookkeeper = (Resident(company=company, number=number) for number in (SIGNER, BOOKKEEPER))
    for resident in (signer, bookkeeper):
        await _settle_in(ledger, movers, subscription_id, resident)
    await ledger.cards.add(_card(movers.keyring, signer))
    await ledger.policies.put(subscription_id, KIND, None, _ALONE)
    signs = Entitlement(user_id=signer.user_id, signs=frozenset({KIND}), group=_GROUP)
    await ledger.rights.put(subscription_id, signs)


async def _settle_in(ledger: Ledger, movers: Movers, subscription_id: SubscriptionId, resident: Resident) -> None:
    await ledger.people.add_user(
        User(
            id=resident.user_id,
            subscription_id=subscription_id,
            number=resident.number,
            name=f"Personne {resident.number}",
            language=Language.FR,
            status=UserStatus.ACTIVE,
            code_hash="none: nobody of the benchmark signs in by confidential code",
            attempts_left=PERSON_ATTEMPTS,
        )
    )
    await ledger.devices.put(
        Device(
            id=resident.device_id,
            user_id=resident.user_id,
            name="Téléphone",
            public_key=movers.public_key,
            token_digest=digest_of(resident.device_token),
            created_at=movers.now,
        )
    )
    await ledger.logins.add(
        Login(
            id=LoginId(f"log_{resident.company}_{resident.number}"),
            user_id=resident.user_id,
            device_id=resident.device_id,
            factors=frozenset({Factor.CONFIDENTIAL_CODE, Factor.DEVICE}),
            token_digest=digest_of(resident.login_token),
            created_at=movers.now,
            last_act_at=movers.now + _LONG,
            expires_at=movers.now + _LONG,
        )
    )


def _card(keyring: Keyring, signer: Resident) -> Card:
    card_id = CardId(f"crd_{signer.company}")
    pan = pan_of(signer.company)
    return Card(
        id=card_id,
        user_id=signer.user_id,
        kind=CardKind.SECUR_ACCES,
        profile_id=_PROFILE,
        issuer_key_id=ISSUER_KEY_ID,
        issuer_key_version=1,
        pan_sealed=seal_pan(keyring, card_id, pan),
        last4=pan[-4:],
        psn=PSN,
        status=CardStatus.ACTIVE,
        last_atc=0,
        attempts_left=CARD_ATTEMPTS,
    )
