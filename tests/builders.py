"""Values for tests, complete and sensible; `dataclasses.replace` changes what a test is about.

Each builder takes what ties it to other values; everything else has one ordinary value.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from approvals.model.account import Account
from approvals.model.action import Action, ActionStatus, Bundle
from approvals.model.api_key import ApiKey, Scope
from approvals.model.card import Card, CardKind, CardStatus
from approvals.model.certificate import (
    Authority,
    Certificate,
    CertificateStatus,
    CertificateUse,
    CompanyFrom,
    Holder,
    Level,
)
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.device import Device, Factor, Login
from approvals.model.ids import (
    AccountId,
    ActionId,
    ActionKind,
    ApiKeyId,
    AuthorityId,
    BundleId,
    CardId,
    CertificateId,
    ChallengeId,
    DeviceId,
    LoginId,
    ProfileId,
    ProofId,
    ReleaseId,
    SubscriptionId,
    UploadId,
    UserId,
)
from approvals.model.opener import opened_by_key
from approvals.model.payee import Payee, Standing
from approvals.model.person import Language, Subscription, User, UserStatus
from approvals.model.policy import Policy, Signatures
from approvals.model.proof import Proof, ProofStatus, Purpose
from approvals.model.reader import CapMode, ReaderInput
from approvals.model.release import DeliveryStatus, Release
from approvals.model.upload import Upload
from approvals.ports.book import Ledger

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
COMPANY = SubscriptionId("sub_acme")
KEY = ApiKeyId("key_core")
CORE = opened_by_key(KEY)
REMITTANCE = ActionKind("remittance")
ONE_SIGNATURE = Policy(clauses=(Signatures(count=1),))
TWO_SIGNATURES = Policy(clauses=(Signatures(count=2),))


def make_subscription() -> Subscription:
    return Subscription(id=COMPANY, client_identifier="12345678", name="Acme SARL", siren="552100554")


def make_user(user_id: str) -> User:
    return User(
        id=UserId(user_id),
        subscription_id=COMPANY,
        number=user_id.removeprefix("usr_"),
        name=f"Person {user_id}",
        language=Language.FR,
        status=UserStatus.ACTIVE,
        code_hash="$argon2id$not-a-real-hash",
        attempts_left=5,
    )


def make_card(user_id: str) -> Card:
    return Card(
        id=CardId(user_id.replace("usr_", "card_")),
        user_id=UserId(user_id),
        kind=CardKind.SECUR_ACCES,
        profile_id=ProfileId("secur-acces"),
        issuer_key_id="imk",
        issuer_key_version=1,
        pan_sealed=b"sealed",
        last4="0119",
        psn="00",
        status=CardStatus.ACTIVE,
        last_atc=0,
        attempts_left=3,
    )


def make_authority(authority_id: str) -> Authority:
    return Authority(
        id=AuthorityId(authority_id),
        name="AC des essais",
        certificate=b"\x30" + authority_id.encode(),
        policies={"1.2.250.1.105.21.1.1.2": Level.TWO_STARS},
        uses=frozenset(CertificateUse),
        both_uses=False,
        company_from=CompanyFrom.ORGANIZATION_IDENTIFIER,
        ocsp_url="http://ocsp.test/",
        crl_url="http://crl.test/ca.crl",
        has_nonce=False,
    )


def make_certificate(certificate_id: str, user_id: str) -> Certificate:
    """One of the authority `aut_1`, good for a year."""
    return Certificate(
        id=CertificateId(certificate_id),
        user_id=UserId(user_id),
        authority_id=AuthorityId("aut_1"),
        der=b"\x30" + certificate_id.encode(),
        thumbprint=f"thumbprint of {certificate_id}",
        holder=Holder(serial_number=f"of {certificate_id}", given_name="Anna", surname="Acme", siren="552100554"),
        level=Level.TWO_STARS,
        uses=frozenset(CertificateUse),
        not_before=NOW,
        not_after=NOW + timedelta(days=365),
        status=CertificateStatus.ACTIVE,
        enrolled_at=NOW,
    )


def make_account(account_id: str, iban: str) -> Account:
    return Account(id=AccountId(account_id), subscription_id=COMPANY, iban=iban, currency="EUR", label="Compte courant")


def make_api_key(key_id: str) -> ApiKey:
    return ApiKey(
        id=ApiKeyId(key_id),
        name="core banking",
        scopes=frozenset({Scope.OPEN, Scope.READ}),
        token_digest=sha256(key_id.encode()).digest(),
        created_at=NOW,
    )


def make_action(action_id: str, policy: Policy = TWO_SIGNATURES) -> Action:
    return Action(
        id=ActionId(action_id),
        subscription_id=COMPANY,
        kind=REMITTANCE,
        status=ActionStatus.PENDING,
        initiator=UserId("unknown"),
        opened_by=CORE,
        facts={"total": 123456, "payees": ["Émile", "Zoé"], "vop": {"near": 0}, "salary": False, "note": None},
        statement_digest="ab" * 32,
        payload_digest="cd" * 32,
        policy=policy,
        created_at=NOW,
        expires_at=TOMORROW,
    )


def make_challenge(action_id: str, user_id: str) -> Challenge:
    return Challenge(
        id=ChallengeId(f"chl_{action_id}_{user_id}"),
        action_id=ActionId(action_id),
        user_id=UserId(user_id),
        group="A",
        status=ChallengeStatus.OPEN,
        card_id=make_card(user_id).id,
        reader_input=ReaderInput(mode=CapMode.RESPOND, digits="41234567"),
        expires_at=TOMORROW,
        attempts_left=3,
    )


def make_proof(proof_id: str, challenge: Challenge) -> Proof:
    return Proof(
        id=ProofId(proof_id),
        purpose=Purpose.APPROVAL,
        challenge_id=challenge.id,
        user_id=challenge.user_id,
        card_id=challenge.card_id,
        login_id=None,
        device_id=None,
        status=ProofStatus.CHECKING,
        offered_at=NOW,
        deadline=NOW + timedelta(seconds=10),
    )


def make_release(action_id: str) -> Release:
    return Release(
        id=ReleaseId(f"rel_{action_id}"),
        action_id=ActionId(action_id),
        body=b'{"action":"released"}',
        status=DeliveryStatus.DUE,
        created_at=NOW,
        next_at=NOW,
    )


def make_upload(upload_id: str) -> Upload:
    return Upload(id=UploadId(upload_id), caller=CORE, content_type="application/xml", created_at=NOW)


def make_bundle(bundle_id: str, upload_id: str) -> Bundle:
    return Bundle(
        id=BundleId(bundle_id),
        subscription_id=COMPANY,
        upload_id=UploadId(upload_id),
        initiating_party="Acme SARL",
        message_id="MSG-1",
        created_at=NOW,
    )


def make_payee(position: int) -> Payee:
    return Payee(
        group=0,
        position=position,
        payment_information_id="PMT-1",
        end_to_end_id=f"E2E-{position}",
        name=f"Fournisseur {position}",
        iban=f"FR76{position:023d}",
        amount=1000,
        currency="EUR",
        standing=Standing.KNOWN,
    )


def make_device(device_id: str, user_id: str) -> Device:
    return Device(
        id=DeviceId(device_id),
        user_id=UserId(user_id),
        name="Téléphone",
        public_key=b"\x04" + sha256(device_id.encode()).digest() * 2,
        token_digest=sha256(device_id.encode()).digest(),
        created_at=NOW,
    )


def make_login(login_id: str, user_id: str) -> Login:
    return Login(
        id=LoginId(login_id),
        user_id=UserId(user_id),
        device_id=None,
        factors=frozenset({Factor.CAP, Factor.CONFIDENTIAL_CODE}),
        token_digest=sha256(login_id.encode()).digest(),
        created_at=NOW,
        last_act_at=NOW,
        expires_at=NOW + timedelta(hours=8),
    )


async def add_company(ledger: Ledger, user_ids: Sequence[str] = ()) -> None:
    """The company, the bank's core with its key, and these people with a card each."""
    await ledger.people.add_subscription(make_subscription())
    await ledger.api_keys.add(make_api_key(KEY))
    for user_id in user_ids:
        await ledger.people.add_user(make_user(user_id))
        await ledger.cards.add(make_card(user_id))


async def add_pending(ledger: Ledger, action: Action, user_ids: Sequence[str]) -> None:
    """An action with an open challenge for each of these people."""
    await ledger.actions.add(action)
    await ledger.challenges.add([make_challenge(action.id, user_id) for user_id in user_ids])
