"""Joins the desks on an open house: which parts each leans on, and nothing else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial
from pathlib import Path

from approvals.checkers.cap import CapChecker, CapProfiles, CardKeys
from approvals.checkers.certificate import JwsChecker
from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.checkers.totp import SealedTotpChecker
from approvals.conversations.hours import OfficeHours
from approvals.delivery import Patience
from approvals.desk.actions import ActionDesk
from approvals.desk.answers import AnswerDesk, AnswerParts
from approvals.desk.beneficiaries import BeneficiaryDesk
from approvals.desk.cards.desks import CardDesks
from approvals.desk.cards.own import CardParts
from approvals.desk.certificates.desks import CertificateDesks
from approvals.desk.certificates.noting import RevocationsNoted
from approvals.desk.certificates.parts import CertificateParts
from approvals.desk.company import CompanyDesk
from approvals.desk.conversations.desks import ConversationDesks
from approvals.desk.conversations.talking import ConversationParts
from approvals.desk.cursors import CursorDesk
from approvals.desk.deliveries import DeliveryDesk
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
from approvals.desk.retaining import RetentionDesk
from approvals.desk.reviewing import Reviewing
from approvals.desk.sealing import Places, SealingDesk
from approvals.desk.settling import Settling
from approvals.desk.staff import Staff, StaffParts, join_staff
from approvals.desk.sweeping import SweepDesk
from approvals.desk.terms import Terms
from approvals.desk.waking import WakingDesk
from approvals.desk.ways_in import WaysIn, join_ways_in
from approvals.evidence.retention import Keeping
from approvals.keys.software import seal_pan
from approvals.model.audit import Retention
from approvals.model.remittance import RemittanceFormat, RemittanceRules
from approvals.ports.certificates import CertificateValidator
from approvals.ports.verification import PayeeCheck
from approvals.ports.world import Announcer, ProofChecker
from approvals.release import Parties
from channels.chat.answering import Answering
from channels.chat.assistant import read_assistants
from server.foundation import Foundation
from server.issuer_keys import is_in_token, open_card_keys
from server.outside.heads import HeadsFile
from server.outside.timestamp import TimestampService
from server.settings import AuditSettings, RemittanceSettings, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """How proofs are judged."""

    profiles: CapProfiles
    card_keys: CardKeys
    checker: ProofChecker
    hasher: ConfidentialCodes
    certificates: JwsChecker
    validator: CertificateValidator


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedDesks:
    """Every desk of the house."""

    actions: ActionDesk
    answers: AnswerDesk
    cards: CardDesks
    beneficiaries: BeneficiaryDesk
    certificates: CertificateDesks
    company: CompanyDesk
    conversations: ConversationDesks
    cursors: CursorDesk
    deliveries: DeliveryDesk
    devices: DeviceDesk
    evidence: EvidenceDesk
    handovers: HandoverDesk
    inbox: InboxDesk
    preparations: PreparationDesk
    push: PushDesk
    remittances: RemittanceDesk
    staff: Staff
    retention: RetentionDesk
    sealing: SealingDesk
    sweeping: SweepDesk
    waking: WakingDesk
    ways_in: WaysIn


def join_checking(foundation: Foundation, hasher: ConfidentialCodes, validator: CertificateValidator) -> Checking:
    validator = RevocationsNoted(validator, foundation.book)
    vault = foundation.vault
    profiles = CapProfiles(foundation.profiles, vault.linking)
    in_token = foundation.settings.issuer_keys
    keys = open_card_keys(in_token, vault.keyring, vault.issuer_keys)
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="token") if is_in_token(in_token) else None
    audit = foundation.settings.audit
    stamps = TimestampService(audit.timestamp_url) if audit.timestamp_url else None
    return Checking(
        profiles=profiles,
        card_keys=keys,
        checker=CapChecker(profiles, keys, thread),
        hasher=hasher,
        certificates=JwsChecker(validator, stamps),
        validator=validator,
    )


def join_desks(
    foundation: Foundation, checking: Checking, announcer: Announcer, payee_check: PayeeCheck, offer: PushOffer
) -> JoinedDesks:
    book, clock, ids, keyring = foundation.book, foundation.clock, foundation.ids, foundation.vault.keyring
    terms = terms_of(foundation.settings)
    opening = Opening(ids=ids, profiles=checking.profiles, terms=terms)
    holding = Holding(ids=ids, opening=opening, verifies=foundation.settings.payee_check.url is not None)
    settling = Settling(ids=ids, signer=foundation.vault.signer, terms=terms, reviewing=Reviewing(opening))
    actions = ActionDesk(book=book, clock=clock, announcer=announcer, holding=holding, settling=settling)
    answers = _answers(foundation, checking, announcer, settling, terms)
    rules = _rules(foundation.settings.remittance)
    remittances = RemittanceDesk(book=book, clock=clock, ids=ids, actions=actions, holding=holding, rules=rules)
    return JoinedDesks(
        actions=actions,
        answers=answers,
        beneficiaries=BeneficiaryDesk(book),
        cards=_cards(foundation, checking, announcer, terms),
        certificates=_certificates(foundation, checking, announcer, terms),
        company=CompanyDesk(book=book, clock=clock),
        conversations=_conversations(foundation, announcer, remittances),
        cursors=CursorDesk(book),
        deliveries=DeliveryDesk(book=book, clock=clock, announcer=announcer, patience=Patience()),
        devices=DeviceDesk(book=book, clock=clock, ids=ids, announcer=announcer, terms=terms),
        evidence=_evidence(foundation, terms),
        handovers=HandoverDesk(book=book, clock=clock, ids=ids, announcer=announcer, terms=terms, answers=answers),
        inbox=InboxDesk(book),
        preparations=PreparationDesk(book=book, clock=clock, actions=actions, holding=holding, check=payee_check),
        push=PushDesk(book=book, clock=clock, ids=ids, keyring=keyring, offer=offer),
        remittances=remittances,
        staff=_staff(foundation, checking, terms),
        waking=WakingDesk(book=book, clock=clock, keyring=keyring),
        ways_in=_ways_in(foundation, checking, announcer, terms),
        retention=RetentionDesk(book=book, clock=clock, keeping=keeping_of(foundation.settings.audit)),
        sealing=_sealing(foundation),
        sweeping=SweepDesk(book=book, clock=clock, announcer=announcer, settling=settling, answers=answers),
    )


def _conversations(foundation: Foundation, announcer: Announcer, remittances: RemittanceDesk) -> ConversationDesks:
    chat = foundation.settings.chat
    return ConversationDesks.of(
        ConversationParts(
            book=foundation.book,
            clock=foundation.clock,
            ids=foundation.ids,
            announcer=announcer,
            assistant=Answering(read_assistants()),
            hours=OfficeHours(
                days=frozenset(chat.days),
                opens=time.fromisoformat(chat.opens),
                closes=time.fromisoformat(chat.closes),
                closed_on=frozenset(chat.closed_on),
            ),
        ),
        remittances,
    )


def keeping_of(settings: AuditSettings) -> Keeping:
    days = {
        Retention.EVIDENCE: settings.keep_evidence,
        Retention.AUDIT: settings.keep_audit,
        Retention.CHAT: settings.keep_chat,
        Retention.ADDRESS: settings.keep_addresses,
    }
    return Keeping(periods={retention: timedelta(days=kept) for retention, kept in days.items()})


def _answers(
    foundation: Foundation, checking: Checking, announcer: Announcer, settling: Settling, terms: Terms
) -> AnswerDesk:
    return AnswerDesk(
        AnswerParts(
            book=foundation.book,
            clock=foundation.clock,
            ids=foundation.ids,
            announcer=announcer,
            checkers=Checkers(
                cap=checking.checker,
                totp=SealedTotpChecker(foundation.vault.keyring),
                certificate=checking.certificates,
                hasher=checking.hasher,
            ),
            profiles=checking.profiles,
            settling=settling,
            terms=terms,
        )
    )


def _cards(foundation: Foundation, checking: Checking, announcer: Announcer, terms: Terms) -> CardDesks:
    parts = CardParts(
        book=foundation.book,
        clock=foundation.clock,
        ids=foundation.ids,
        announcer=announcer,
        checker=checking.checker,
        profiles=checking.profiles,
        terms=terms,
    )
    return CardDesks.of(parts, list(foundation.profiles.values()), partial(seal_pan, foundation.vault.keyring))


def _certificates(foundation: Foundation, checking: Checking, announcer: Announcer, terms: Terms) -> CertificateDesks:
    return CertificateDesks.of(
        CertificateParts(
            book=foundation.book,
            clock=foundation.clock,
            ids=foundation.ids,
            announcer=announcer,
            validator=checking.validator,
            terms=terms,
            shop=foundation.settings.certificates.shop,
        )
    )


def _evidence(foundation: Foundation, terms: Terms) -> EvidenceDesk:
    vault = foundation.vault
    return EvidenceDesk(
        book=foundation.book,
        clock=foundation.clock,
        terms=terms,
        signer=vault.audit_signer,
        release_keys=vault.signer,
    )


def _sealing(foundation: Foundation) -> SealingDesk:
    audit = foundation.settings.audit
    return SealingDesk(
        book=foundation.book,
        clock=foundation.clock,
        signer=foundation.vault.audit_signer,
        places=Places(
            file=HeadsFile(Path(audit.heads_file)) if audit.heads_file else None,
            authority=TimestampService(audit.timestamp_url) if audit.timestamp_url else None,
        ),
        environment=foundation.settings.approvals.environment,
    )


def _staff(foundation: Foundation, checking: Checking, terms: Terms) -> Staff:
    keyring = foundation.vault.keyring
    return join_staff(
        StaffParts(
            book=foundation.book,
            clock=foundation.clock,
            ids=foundation.ids,
            hasher=checking.hasher,
            totp=SealedTotpChecker(keyring),
            keyring=keyring,
            terms=terms,
        )
    )


def _ways_in(foundation: Foundation, checking: Checking, announcer: Announcer, terms: Terms) -> WaysIn:
    parts = FactorParts(
        book=foundation.book,
        clock=foundation.clock,
        ids=foundation.ids,
        announcer=announcer,
        checker=checking.checker,
        hasher=checking.hasher,
        terms=terms,
    )
    return join_ways_in(parts, checking.profiles, checking.certificates)


def terms_of(settings: Settings) -> Terms:
    """Return what the house has decided once for every action."""
    approvals = settings.approvals
    parties = Parties(issuer=approvals.issuer, audience=approvals.audience, environment=approvals.environment)
    return Terms(
        parties=parties,
        origin=settings.server.public_origin,
        action_life=timedelta(seconds=approvals.action_life),
        challenge_attempts=approvals.challenge_attempts,
        check_limit=timedelta(seconds=approvals.check_limit),
        widget_hosts=settings.widget.hosts,
        keys_in_browsers=settings.certificates.keys_in_browsers,
    )


def _rules(settings: RemittanceSettings) -> RemittanceRules:
    old = frozenset({RemittanceFormat.PAIN_001_001_03}) if settings.unstructured_addresses_in_03 else frozenset()
    return RemittanceRules(unstructured_addresses_in=old)
