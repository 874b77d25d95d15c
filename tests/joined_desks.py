"""Every desk around a Book, joined as the composition root joins them; a test's own part stands at a port."""

from dataclasses import dataclass, field
from datetime import time
from functools import partial
from pathlib import Path

from approvals.cap.tables import published_profiles
from approvals.checkers.cap import CapChecker, CapProfiles
from approvals.checkers.certificate import JwsChecker
from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.checkers.totp import SealedTotpChecker
from approvals.conversations.hours import OfficeHours
from approvals.desk.actions import ActionDesk
from approvals.desk.answers import AnswerDesk, AnswerParts
from approvals.desk.cards.desks import CardDesks
from approvals.desk.cards.own import CardParts
from approvals.desk.certificates.desks import CertificateDesks
from approvals.desk.certificates.noting import RevocationsNoted
from approvals.desk.certificates.parts import CertificateParts
from approvals.desk.conversations.desks import ConversationDesks
from approvals.desk.conversations.talking import ConversationParts
from approvals.desk.cursors import CursorDesk
from approvals.desk.devices import DeviceDesk
from approvals.desk.evidence import EvidenceDesk
from approvals.desk.factors import FactorParts
from approvals.desk.handovers import HandoverDesk
from approvals.desk.holding import Holding
from approvals.desk.inbox import InboxDesk
from approvals.desk.opening import Opening
from approvals.desk.preparations import PreparationDesk
from approvals.desk.proving import Checkers
from approvals.desk.push import PushDesk, PushOffer
from approvals.desk.remittances import RemittanceDesk
from approvals.desk.reviewing import Reviewing
from approvals.desk.settling import Settling
from approvals.desk.sweeping import SweepDesk
from approvals.desk.terms import Terms
from approvals.desk.waking import WakingDesk
from approvals.desk.ways_in import join_ways_in
from approvals.keys.audit_signer import AuditSigner, make_audit_key
from approvals.keys.keyring import Keyring
from approvals.keys.release_signer import ReleaseSigner, make_release_key
from approvals.keys.software import SoftwareCardKeys, seal_issuer_key, seal_pan
from approvals.model.ids import (
    ProfileId,
)
from approvals.model.push import PushChannel
from approvals.model.remittance import RemittanceRules
from approvals.ports.book import Book
from approvals.ports.certificates import CertificateValidator
from approvals.ports.sealing import TimestampAuthority
from approvals.ports.verification import PayeeCheck
from approvals.ports.world import CodeHasher, ProofChecker
from approvals.release import Parties
from channels.chat.answering import Answering
from channels.chat.assistant import read_assistants
from server.ids import RandomIds
from server.outside.payee_check import Unanswered
from tests.fakes import Announcements, NobodyAsked, SteppedClock

ISSUER_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
PUSH_OFFER = PushOffer(
    channels=frozenset(PushChannel), hosts=("127.0.0.1", "*.push.test"), vapid_key=b"\x04" + bytes(64)
)
"""Both channels; this machine stands for a push service."""
OFFICE_HOURS = OfficeHours(
    days=frozenset(range(1, 8)), opens=time(0, 0), closes=time(23, 59), closed_on=frozenset({"2026-12-25"})
)
_HASHER = ConfidentialCodes()
"""One for all: making one hashes a code nobody has, at full cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a test may put in place of the ordinary part, at a port."""

    book: Book
    folder: Path
    clock: SteppedClock = field(default_factory=SteppedClock)
    announcements: Announcements = field(default_factory=Announcements)
    checker: ProofChecker | None = None
    hasher: CodeHasher | None = None
    profile: str = "secur-acces"
    payee_check: PayeeCheck | None = None
    validator: CertificateValidator | None = None
    stamps: TimestampAuthority | None = None
    push: PushOffer = PUSH_OFFER
    keys_in_browsers: bool = True


class JoinedDesks:
    """The desks, joined as the composition root joins them."""

    def __init__(self, parts: Parts) -> None:
        self.book = parts.book
        self.clock = parts.clock
        self.ids = RandomIds(parts.clock)
        self.announcements = parts.announcements
        self.terms = Terms(
            parties=Parties(issuer="https://bank.test", audience="core", environment="test"),
            origin="https://bank.test",
            widget_hosts=["https://espace.bank.test", "https://other.bank.test"],
            keys_in_browsers=parts.keys_in_browsers,
        )
        self.profiles = {profile.id: profile for profile in published_profiles()}
        self.profile = self.profiles[ProfileId(parts.profile)]
        self._join_keys()
        self._join_checking(parts)
        self._join_approving(parts)
        self._join_payments(parts)
        self._join_people()
        self._join_push(parts)

    def _join_keys(self) -> None:
        self.keyring = Keyring({1: bytes(range(32))})
        self.signer = ReleaseSigner(self.keyring, [make_release_key(self.keyring, self.clock.now())])
        self.audit_signer = AuditSigner(self.keyring, [make_audit_key(self.keyring, self.clock.now())])

    def _join_checking(self, parts: Parts) -> None:
        issuer_keys = {("test", 1): seal_issuer_key(self.keyring, "test", 1, ISSUER_KEY)}
        self.card_profiles = CapProfiles(self.profiles, b"linking secret of the tests")
        self.checker = parts.checker or CapChecker(self.card_profiles, SoftwareCardKeys(self.keyring, issuer_keys))
        self.hasher = parts.hasher or _HASHER
        self.validator = RevocationsNoted(parts.validator or NobodyAsked(), self.book)
        self.signatures = JwsChecker(self.validator, parts.stamps)

    def _join_approving(self, parts: Parts) -> None:
        opening = Opening(ids=self.ids, profiles=self.card_profiles, terms=self.terms)
        settling = Settling(ids=self.ids, signer=self.signer, terms=self.terms, reviewing=Reviewing(opening))
        self.holding = Holding(ids=self.ids, opening=opening, verifies=parts.payee_check is not None)
        self.actions = ActionDesk(
            book=self.book, clock=self.clock, announcer=self.announcements, holding=self.holding, settling=settling
        )
        self.answers = AnswerDesk(
            AnswerParts(
                book=self.book,
                clock=self.clock,
                ids=self.ids,
                announcer=self.announcements,
                checkers=Checkers(
                    cap=self.checker,
                    totp=SealedTotpChecker(self.keyring),
                    certificate=self.signatures,
                    hasher=self.hasher,
                ),
                profiles=self.card_profiles,
                settling=settling,
                terms=self.terms,
            )
        )
        self.sweeping = SweepDesk(
            book=self.book, clock=self.clock, announcer=self.announcements, settling=settling, answers=self.answers
        )
        self.evidence = EvidenceDesk(
            book=self.book,
            clock=self.clock,
            terms=self.terms,
            signer=self.audit_signer,
            release_keys=self.signer,
        )

    def _join_payments(self, parts: Parts) -> None:
        self.remittances = RemittanceDesk(
            book=self.book,
            clock=self.clock,
            ids=self.ids,
            actions=self.actions,
            holding=self.holding,
            rules=RemittanceRules(),
        )
        self.preparations = PreparationDesk(
            book=self.book,
            clock=self.clock,
            actions=self.actions,
            holding=self.holding,
            check=parts.payee_check or Unanswered(),
        )

    def _join_push(self, parts: Parts) -> None:
        self.push = PushDesk(book=self.book, clock=self.clock, ids=self.ids, keyring=self.keyring, offer=parts.push)
        self.waking = WakingDesk(book=self.book, clock=self.clock, keyring=self.keyring)

    def _join_people(self) -> None:
        told = self.announcements
        factors = FactorParts(
            book=self.book,
            clock=self.clock,
            ids=self.ids,
            announcer=told,
            checker=self.checker,
            hasher=self.hasher,
            terms=self.terms,
        )
        self.ways_in = join_ways_in(factors, self.card_profiles, self.signatures)
        self.access = self.ways_in.access
        self.devices = DeviceDesk(book=self.book, clock=self.clock, ids=self.ids, announcer=told, terms=self.terms)
        self.handovers = HandoverDesk(
            book=self.book, clock=self.clock, ids=self.ids, announcer=told, terms=self.terms, answers=self.answers
        )
        self.inbox = InboxDesk(self.book)
        self.cursors = CursorDesk(self.book)
        self.conversations = ConversationDesks.of(
            ConversationParts(
                book=self.book,
                clock=self.clock,
                ids=self.ids,
                announcer=told,
                assistant=Answering(read_assistants()),
                hours=OFFICE_HOURS,
            ),
            self.remittances,
        )
        card_parts = CardParts(
            book=self.book,
            clock=self.clock,
            ids=self.ids,
            announcer=told,
            checker=self.checker,
            profiles=self.card_profiles,
            terms=self.terms,
        )
        self.cards = CardDesks.of(card_parts, list(self.profiles.values()), partial(seal_pan, self.keyring))
        self.certificates = CertificateDesks.of(
            CertificateParts(
                book=self.book,
                clock=self.clock,
                ids=self.ids,
                announcer=told,
                validator=self.validator,
                terms=self.terms,
                shop="https://shop.test/order/",
            )
        )
