"""A whole bank around a Book: every desk, three people of one company, cards that are chips of the demo's kind.

Their codes are computed from their own keys; what the house knows is the issuer's side. Only the clock is ours. How the
desks are joined is `joined_desks`'.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from argon2 import PasswordHasher
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from approvals.cap.cryptogram import terminal_values
from approvals.cap.profile import CapProfile
from approvals.cap.token import code_of
from approvals.credentials.counters import CARD_ATTEMPTS, PERSON_ATTEMPTS
from approvals.credentials.device import ENROLMENT, SIGN_IN, signed_bytes
from approvals.desk.actions import OpeningRequest
from approvals.desk.devices import DeviceClaim, EnrolmentRequest
from approvals.desk.opening import Asked
from approvals.desk.sign_in import SignedIn, SignInRequest
from approvals.desk.tokens import digest_of
from approvals.keys.software import seal_pan
from approvals.model.account import Account
from approvals.model.api_key import ApiKey, Scope
from approvals.model.card import Card, CardKind, CardStatus
from approvals.model.challenge import Challenge
from approvals.model.entitlement import Entitlement
from approvals.model.identity import HouseIdentity
from approvals.model.ids import (
    AccountId,
    ActionId,
    ActionKind,
    ApiKeyId,
    CardId,
    DeviceId,
    SubscriptionId,
    UserId,
)
from approvals.model.json import Json
from approvals.model.person import Language, Subscription, User, UserStatus
from approvals.model.policy import Means, Policy, Signatures
from approvals.model.proof import CapProof
from approvals.model.reader import CODE_KEY, ReaderInput
from approvals.model.release import Release
from approvals.model.sheet import ActionSheet
from approvals.operations import OPERATIONS
from approvals.ports.book import Ledger
from deploy.demo.card import Card as Chip
from deploy.demo.card import personalise
from tests.fakes import START
from tests.joined_desks import ISSUER_KEY, JoinedDesks, Parts
from tests.log_watch import never_log

IDENTITY = HouseIdentity(environment="test", issuer="https://bank.test", audience="core", origin="https://bank.test")
CLIENT = "40012345"
COMPANY = SubscriptionId("sub_martin")
ACCOUNT_IBAN = "FR7630006000011234567890189"
PAYEE_IBAN = "FR1420041010050500013M02606"
CODE = "739164"
PIN = "491738"
ALONE = Policy(clauses=(Signatures(count=1),))
TWO_TOGETHER = Policy(clauses=(Signatures(count=2),))
CHEQUEBOOK: dict[str, str | int] = {"account": ACCOUNT_IBAN, "book": "desk", "number": 1, "delivery": "branch"}
BENEFICIARY: dict[str, str | int] = {"change": "add", "name": "Menuiserie Le Goff", "iban": PAYEE_IBAN}


@dataclass(frozen=True, slots=True)
class Person:
    """One signer with a chip in hand and a device key of their own."""

    user: User
    card: Card
    chip: Chip
    device_key: ec.EllipticCurvePrivateKey

    def code_key(self) -> CapProof:
        """Press CODE, type the PIN."""
        return self.answer(CODE_KEY)

    def answer(self, asked: ReaderInput | None) -> CapProof:
        """Type what is asked into the reader; return what its glass shows."""
        assert asked is not None
        self.chip.start()
        assert self.chip.verify(PIN)
        response = self.chip.generate_cryptogram(terminal_values(self.chip.profile, asked))
        code = code_of(self.chip.profile.layout, response)
        never_log(code)
        return CapProof(code=code)

    def wrong(self, asked: ReaderInput | None = CODE_KEY) -> CapProof:
        """A code of the right length whose last digit is another."""
        code = self.answer(asked).code
        return CapProof(code=code[:-1] + str((int(code[-1]) + 1) % 10))

    def public_key(self) -> bytes:
        return self.device_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, signed: bytes) -> bytes:
        r, s = decode_dss_signature(self.device_key.sign(signed, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)


class House(JoinedDesks):
    """The desks with a company around them."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.folder = parts.folder

    # --- who lives here -----------------------------------------------------------------------------------

    async def found(self, policy: Policy = ALONE, kinds: tuple[str, ...] = ()) -> tuple[Person, Person, Person]:
        """Write the company and three people: Anne signs in group A, Bruno in B, Chloé signs nothing."""
        wanted = [ActionKind(kind) for kind in kinds] or list(OPERATIONS)
        people = tuple(self._person(n, name) for n, name in enumerate(("Anne Morvan", "Bruno Keller", "Chloé Diallo")))

        async def work(ledger: Ledger) -> None:
            await ledger.people.add_subscription(
                Subscription(
                    id=COMPANY,
                    client_identifier=CLIENT,
                    name="Martin Bâtiment",
                    siren="552100554",
                    means=frozenset(Means),
                )
            )
            account = AccountId("acc_martin")
            await ledger.accounts.add(
                Account(id=account, subscription_id=COMPANY, iban=ACCOUNT_IBAN, currency="EUR", label="Courant")
            )
            await ledger.api_keys.add(CORE)
            for person in people:
                await ledger.people.add_user(person.user)
                await ledger.cards.add(person.card)
            for kind in wanted:
                await ledger.policies.put(COMPANY, kind, None, policy)
            for person, group in ((people[0], "A"), (people[1], "B")):
                await ledger.rights.put(COMPANY, entitlement(person, group, wanted))

        await self.book.transaction(work)
        return people[0], people[1], people[2]

    def newcomer(self, n: int, name: str) -> Person:
        """Somebody who is nowhere written yet; the first three numbers are the company's people."""
        return self._person(n, name)

    def _person(self, n: int, name: str) -> Person:
        user_id = UserId(f"usr_{n + 1}")
        card_id = CardId(f"crd_{n + 1}")
        pan = self.profile.bins[0].ljust(16 - len(f"{n}"), "0") + f"{n}"
        never_log(name, pan, PIN, CODE, ACCOUNT_IBAN, PAYEE_IBAN)
        return Person(
            user=User(
                id=user_id,
                subscription_id=COMPANY,
                number=f"00{n + 1}",
                name=name,
                language=Language.FR,
                status=UserStatus.ACTIVE,
                code_hash=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(CODE),
                attempts_left=PERSON_ATTEMPTS,
            ),
            card=Card(
                id=card_id,
                user_id=user_id,
                kind=CardKind.SECUR_ACCES,
                profile_id=self.profile.id,
                issuer_key_id="test",
                issuer_key_version=1,
                pan_sealed=seal_pan(self.keyring, card_id, pan),
                last4=pan[-4:],
                psn="00",
                status=CardStatus.ACTIVE,
                last_atc=0,
                attempts_left=CARD_ATTEMPTS,
            ),
            chip=self._chip(f"{user_id}.json", pan, self.profile),
            device_key=ec.generate_private_key(ec.SECP256R1()),
        )

    def _chip(self, name: str, pan: str, profile: CapProfile) -> Chip:
        path = self.folder / name
        return personalise(path, issuer_key=ISSUER_KEY, pan=pan, psn="00", profile=profile, pin=PIN)

    # --- what they do -------------------------------------------------------------------------------------

    async def sign_in(self, person: Person, *, with_card: bool = False, address: str = "192.0.2.7") -> SignedIn:
        """Sign in with the confidential code, or with code and card."""
        cap = person.code_key() if with_card else None
        return await self.access.sign_in(request_of(person, cap=cap, address=address))

    async def enrol(self, person: Person) -> tuple[SignedIn, DeviceId]:
        """Sign in with code and card, and enrol the person's device key."""
        signed_in = await self.sign_in(person, with_card=True)
        nonce, _ = await self.devices.nonce()
        signature = person.sign(signed_bytes(ENROLMENT, self.terms.origin, nonce, ""))
        request = EnrolmentRequest(public_key=person.public_key(), name="Téléphone", nonce=nonce, signature=signature)
        enrolled = await self.devices.enrol(signed_in.login.id, request)
        return signed_in, enrolled.device.id

    async def claim(self, person: Person, device_id: DeviceId) -> DeviceClaim:
        """Say which device is calling, signed by its key."""
        nonce, _ = await self.devices.nonce()
        signature = person.sign(signed_bytes(SIGN_IN, self.terms.origin, nonce, device_id))
        return DeviceClaim(device_id=device_id, nonce=nonce, signature=signature)

    async def hold(
        self, kind: str = "beneficiary", payload: Mapping[str, Json] | None = None, initiator: str = "003"
    ) -> ActionSheet:
        """The core opens an action for the company, in Chloé's name."""
        request = OpeningRequest(
            asked=Asked(client_identifier=CLIENT, initiator=initiator),
            kind=ActionKind(kind),
            payload=BENEFICIARY if payload is None else payload,
        )
        return (await self.actions.open(CORE, request)).sheets[0]

    async def withdraw(self, sheet: ActionSheet) -> ActionSheet:
        return await self.actions.withdraw(CORE, sheet.id)

    async def sheet(self, action_id: ActionId) -> ActionSheet:
        return await self.actions.show(action_id)

    async def card(self, person: Person) -> Card:
        """The card as the house knows it now."""
        found = await self.book.reading(lambda ledger: ledger.cards.load(person.card.id))
        assert found is not None
        return found

    async def user(self, person: Person) -> User:
        """The person as the house knows them now."""
        found = await self.book.reading(lambda ledger: ledger.people.user(person.user.id))
        assert found is not None
        return found

    async def put_card(self, card: Card, *, status: CardStatus) -> None:
        """Write a card's status as an adviser or the card service would."""
        current = await self.book.reading(lambda ledger: ledger.cards.load(card.id))
        assert current is not None
        await self.book.transaction(lambda ledger: ledger.cards.save(replace(current, status=status)))


CORE = ApiKey(
    id=ApiKeyId("key_core"),
    name="core",
    scopes=frozenset(Scope),
    token_digest=digest_of("ctk_core"),
    created_at=START,
)


def request_of(
    person: Person,
    *,
    code: str | None = CODE,
    cap: CapProof | None = None,
    device: DeviceClaim | None = None,
    address: str = "192.0.2.7",
) -> SignInRequest:
    """What this person types at the door."""
    return SignInRequest(
        client_identifier=CLIENT,
        user_number=person.user.number,
        address=address,
        code=code,
        cap=cap,
        device=device,
    )


def entitlement(person: Person, group: str, kinds: Iterable[ActionKind] = tuple(OPERATIONS)) -> Entitlement:
    """Start and sign these kinds, on every account, without limit."""
    functions = frozenset(kinds)
    return Entitlement(user_id=person.user.id, initiates=functions, signs=functions, group=group)


def mine(sheet: ActionSheet, person: Person) -> Challenge:
    """The person's own challenge."""
    found = sheet.challenge_of(person.user.id)
    assert found
    return found


async def release_of(house: House, sheet: ActionSheet) -> Release | None:
    """The release row of an action, if it was written."""
    return await house.book.reading(lambda ledger: ledger.releases.of_action(sheet.id))
