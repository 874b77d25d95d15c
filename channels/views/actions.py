"""Actions and challenges: to the person who signs, and to the bank's core.

What is past its time is shown as expired from that moment on, whether the sweeper came by or not: nothing is ever
shown as something to approve once it cannot be (CHANNELS, "Resume" 4).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

import msgspec

from approvals.certificates.fitness import may_approve
from approvals.credentials.card import takes_codes
from approvals.desk.reader import asked_of
from approvals.machine import TimeRanOut, step
from approvals.model.action import Action, ActionStatus
from approvals.model.card import Card
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.ids import UserId
from approvals.model.person import Language, User
from approvals.model.policy import Means
from approvals.model.sheet import ActionSheet
from approvals.operations import OPERATIONS
from approvals.operations.collection import KIND as COLLECTION
from approvals.ports.world import CardProfiles
from approvals.statement import canonical, envelope_of
from channels.frames.content import (
    ActionContent,
    ChallengeContent,
    PersonContent,
    ReaderContent,
    RequirementContent,
    SignatureContent,
)
from channels.views.people import card_content, colleague, numbered
from channels.views.readers import reader_steps
from channels.views.statements import statement_content
from channels.views.times import milliseconds

_Shown: TypeAlias = Callable[[UserId, Mapping[UserId, User]], PersonContent | None]


def signer_content(sheet: ActionSheet, user: User, profiles: CardProfiles, now: datetime) -> ActionContent:
    """Show an action to one of its signers, with what they are asked, in their language."""
    challenge = sheet.challenge_of(user.id)
    own = None if challenge is None else challenge_content(sheet, challenge, user.language, profiles, now)
    return _content(sheet, user.language, colleague, now, own)


def core_content(sheet: ActionSheet, language: Language, now: datetime) -> ActionContent:
    """Show an action to the bank's core: numbers and ids, no names, nothing to type."""
    return _content(sheet, language, numbered, now, None)


def challenge_content(
    sheet: ActionSheet, challenge: Challenge, language: Language, profiles: CardProfiles, now: datetime
) -> ChallengeContent:
    """Show a signer what they are asked; the reader's part only while it can be answered."""
    current = step(challenge, TimeRanOut(), now).challenge
    is_open = current.status is ChallengeStatus.OPEN
    means = _means(sheet, challenge, now)
    readers = _readers(sheet, challenge, language, profiles) if is_open and Means.CAP in means else []
    return ChallengeContent(
        id=current.id,
        action=current.action_id,
        group=current.group,
        status=current.status,
        means=means,
        attempts_left=current.attempts_left,
        expires=milliseconds(current.expires_at),
        reader=readers[0] if len(readers) == 1 else None,
        readers=readers,
        envelope=_envelope(sheet, challenge, language) if is_open and Means.CERTIFICATE in means else None,
    )


def _means(sheet: ActionSheet, challenge: Challenge, now: datetime) -> list[Means]:
    """Say which means of those the policy takes this signer has."""
    policy, signer = sheet.action.policy, challenge.user_id
    approves = [each for each in sheet.certificates if may_approve(each, policy.certificate_level, now)]
    without = {
        Means.CAP: all(card.user_id != signer for card in sheet.cards.values()),
        Means.CERTIFICATE: all(each.user_id != signer for each in approves),
    }
    return sorted(each for each in policy.means if not without.get(each, False))


def _envelope(sheet: ActionSheet, challenge: Challenge, language: Language) -> msgspec.Raw | None:
    if sheet.environment is None:
        return None
    return msgspec.Raw(canonical(envelope_of(sheet.action, challenge, sheet.environment, language).facts()))


def _readers(
    sheet: ActionSheet, challenge: Challenge, language: Language, profiles: CardProfiles
) -> list[ReaderContent]:
    """Say what is typed for each card the signer could answer with."""
    cards = [card for card in sheet.cards.values() if card.user_id == challenge.user_id and takes_codes(card)]
    return [_reader(sheet, challenge, card, language, profiles) for card in cards]


def _reader(
    sheet: ActionSheet, challenge: Challenge, card: Card, language: Language, profiles: CardProfiles
) -> ReaderContent:
    asked = asked_of(sheet.action, challenge, card, profiles)
    link = OPERATIONS[sheet.action.kind].link(sheet.action.facts)
    code_length = profiles.code_length(card)
    return ReaderContent(
        mode=asked.mode,
        digits=asked.digits,
        amount=asked.amount,
        currency=asked.currency,
        fields=asked.fields,
        code_length=code_length,
        card=card_content(card),
        steps=reader_steps(asked, card, link, code_length, language),
    )


def _content(
    sheet: ActionSheet, language: Language, person: _Shown, now: datetime, own: ChallengeContent | None
) -> ActionContent:
    action = _as_of(sheet.action, now)
    address = f"/v1/actions/{action.id}" if action.upload_id is not None else None
    return ActionContent(
        id=action.id,
        kind=action.kind,
        status=action.status,
        reason=action.reason,
        reference=action.reference,
        bundle=action.bundle_id,
        created=milliseconds(action.created_at),
        expires=milliseconds(action.expires_at),
        ended=None if action.ended_at is None else milliseconds(action.ended_at),
        initiator=person(action.initiator, sheet.people),
        statement=statement_content(action, language),
        signatures=[
            _signature(sheet, challenge, person, now)
            for challenge in sheet.challenges
            if challenge is sheet.challenge_of(challenge.user_id)
        ],
        requirements=_requirements(sheet),
        challenge=own,
        payload_sha256=action.payload_digest,
        payload_url=address and f"{address}/payload",
        payees_url=address and (None if action.kind == COLLECTION else f"{address}/payees"),
    )


def _requirements(sheet: ActionSheet) -> list[RequirementContent]:
    signed = [each.group for each in sheet.challenges if each.status is ChallengeStatus.SATISFIED]
    return [
        RequirementContent(
            group=clause.group, count=clause.count, signed=sum(clause.group in {None, group} for group in signed)
        )
        for clause in sheet.action.policy.clauses
    ]


def _signature(sheet: ActionSheet, challenge: Challenge, person: _Shown, now: datetime) -> SignatureContent:
    current = step(challenge, TimeRanOut(), now).challenge
    ended = current.ended_at
    signer = person(current.user_id, sheet.people)
    if signer is None:
        raise LookupError("a challenge names a person the sheet does not hold")
    return SignatureContent(
        signer=signer,
        group=current.group,
        in_place_of=None if current.in_place_of is None else person(current.in_place_of, sheet.people),
        status=current.status,
        at=None if ended is None else milliseconds(ended),
    )


def _as_of(action: Action, now: datetime) -> Action:
    if action.status is not ActionStatus.PENDING or now < action.expires_at:
        return action
    return replace(action, status=ActionStatus.EXPIRED, reason="expired", ended_at=action.expires_at)
