"""The companies of the checker: three signers with a card and two devices each, somebody who initiates, one policy.

Everything about a company follows from its number, so that judging needs no list either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from approvals.credentials.counters import CARD_ATTEMPTS, PERSON_ATTEMPTS
from approvals.desk.tokens import DEVICE, LOGIN, digest_of
from approvals.keys.software import seal_pan
from approvals.model.account import Account
from approvals.model.card import Card, CardKind, CardStatus
from approvals.model.device import Device, Factor, Login
from approvals.model.entitlement import Entitlement
from approvals.model.ids import AccountId, CardId, DeviceId, LoginId, SubscriptionId, UserId
from approvals.model.person import Language, Subscription, User, UserStatus
from approvals.model.policy import Policy, Refusal, Signatures
from approvals.operations import OPERATIONS
from approvals.ports.book import Ledger
from deploy.demo.make_remittance import french_iban
from tests.bench.residents import PSN, pan_of, profile
from tests.house import House

GROUPS: Final = {"1": "A", "2": "A", "3": "B"}
INITIATOR: Final = "9"
POLICIES: Final = (
    Policy(clauses=(Signatures(count=1),)),
    Policy(clauses=(Signatures(count=2),)),
    Policy(clauses=(Signatures(count=1, group="A"), Signatures(count=1, group="B")), ordered=True),
    Policy(clauses=(Signatures(count=2),), refusal=Refusal.SIGNER_ONLY),
)
_DEVICES: Final = ("a", "b")
_LONG: Final = timedelta(hours=11)
"""Logins are as if the person had last acted this far ahead: nobody is signed out for waiting."""
_FIRST_PAN: Final = 500_000  # clear of the numbers other tests' cards have
_FIRST_IBAN: Final = 900_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhabitant:
    """One signer."""

    company: int
    number: str

    @property
    def name(self) -> str:
        return f"{self.company}_{self.number}"

    @property
    def user_id(self) -> UserId:
        return UserId(f"usr_{self.name}")

    @property
    def card_id(self) -> CardId:
        return CardId(f"crd_{self.name}")

    @property
    def pan(self) -> str:
        return pan_of(_FIRST_PAN + self.company * 10 + int(self.number))

    @property
    def devices(self) -> Iterator["Handset"]:
        for letter in _DEVICES:
            yield Handset(name=f"{self.name}_{letter}", owner=self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handset:
    """One device of a signer, signed in."""

    name: str
    owner: Inhabitant

    @property
    def device_id(self) -> DeviceId:
        return DeviceId(f"dev_{self.name}")

    @property
    def token(self) -> str:
        return f"{DEVICE}chaos_{self.name}"

    @property
    def login_token(self) -> str:
        return f"{LOGIN}chaos_{self.name}"


def client_of(company: int) -> str:
    return f"5{company:07d}"


def account_of(company: int) -> str:
    """Return the IBAN of the company's account."""
    return french_iban(_FIRST_IBAN + company)


def policy_of(company: int) -> Policy:
    return POLICIES[company % len(POLICIES)]


def inhabitants(companies: int) -> Iterator[Inhabitant]:
    for company in range(companies):
        for number in GROUPS:
            yield Inhabitant(company=company, number=number)


async def settle(house: House, companies: int, key: ec.EllipticCurvePrivateKey, now: datetime) -> None:
    """Write all of them; `key` is the one of every device."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    for company in range(companies):

        async def work(ledger: Ledger, company: int = company) -> None:
            await _found(ledger, company)
            for number in GROUPS:
                who = Inhabitant(company=company, number=number)
                await _move_in(ledger, who)
                await ledger.cards.add(_card(house, who))
                for handset in who.devices:
                    await _equip(ledger, handset, point, now)

        await house.book.transaction(work)


async def _found(ledger: Ledger, company: int) -> None:
    subscription_id = SubscriptionId(f"sub_{company}")
    client = client_of(company)
    await ledger.people.add_subscription(
        Subscription(id=subscription_id, client_identifier=client, name=f"Entreprise {company}", siren=f"{company:09d}")
    )
    await ledger.accounts.add(
        Account(
            id=AccountId(f"acc_{company}"),
            subscription_id=subscription_id,
            iban=account_of(company),
            currency="EUR",
            label="Courant",
        )
    )
    for kind in OPERATIONS:
        await ledger.policies.put(subscription_id, kind, None, policy_of(company))
    await ledger.people.add_user(_user(Inhabitant(company=company, number=INITIATOR)))


async def _move_in(ledger: Ledger, who: Inhabitant) -> None:
    await ledger.people.add_user(_user(who))
    signs = Entitlement(user_id=who.user_id, signs=frozenset(OPERATIONS), group=GROUPS[who.number])
    await ledger.rights.put(SubscriptionId(f"sub_{who.company}"), signs)


def _user(who: Inhabitant) -> User:
    return User(
        id=who.user_id,
        subscription_id=SubscriptionId(f"sub_{who.company}"),
        number=who.number,
        name=f"Personne {who.name}",
        language=Language.FR,
        status=UserStatus.ACTIVE,
        code_hash="none: nobody here signs in by confidential code",
        attempts_left=PERSON_ATTEMPTS,
    )


def _card(house: House, who: Inhabitant) -> Card:
    return Card(
        id=who.card_id,
        user_id=who.user_id,
        kind=CardKind.SECUR_ACCES,
        profile_id=profile().id,
        issuer_key_id="test",
        issuer_key_version=1,
        pan_sealed=seal_pan(house.keyring, who.card_id, who.pan),
        last4=who.pan[-4:],
        psn=PSN,
        status=CardStatus.ACTIVE,
        last_atc=0,
        attempts_left=CARD_ATTEMPTS,
    )


async def _equip(ledger: Ledger, handset: Handset, point: bytes, now: datetime) -> None:
    await ledger.devices.put(
        Device(
            id=handset.device_id,
            user_id=handset.owner.user_id,
            name="Téléphone",
            public_key=point,
            token_digest=digest_of(handset.token),
            created_at=now,
        )
    )
    await ledger.logins.add(
        Login(
            id=LoginId(f"log_{handset.name}"),
            user_id=handset.owner.user_id,
            device_id=handset.device_id,
            factors=frozenset({Factor.CONFIDENTIAL_CODE, Factor.DEVICE}),
            token_digest=digest_of(handset.login_token),
            created_at=now,
            last_act_at=now + _LONG,
            expires_at=now + _LONG,
        )
    )
