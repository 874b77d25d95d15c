"""What a settlement tells: its lines of the audit, and the one event each signer's devices hear of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from approvals.evidence.bindings import PROOF, proof_digest
from approvals.machine import Settlement
from approvals.model.action import Action
from approvals.model.audit import AuditEntry, Retention
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.ids import ChallengeId
from approvals.model.inbox import EventKind, News
from approvals.model.json import Facts
from approvals.model.opener import opened_by_person
from approvals.model.proof import Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a transaction read of one action before it changed anything, who is acting, and by which proof."""

    action: Action
    challenges: tuple[Challenge, ...]
    actor: str
    proof: Proof | None = None  # as it was judged in this transaction

    def with_challenge(self, changed: Challenge) -> tuple[Challenge, ...]:
        """Return the challenges with one of them replaced."""
        return tuple(changed if challenge.id == changed.id else challenge for challenge in self.challenges)


def changed_of(before: Sequence[Challenge], after: Sequence[Challenge]) -> list[Challenge]:
    old: dict[ChallengeId, Challenge] = {challenge.id: challenge for challenge in before}
    return [challenge for challenge in after if old.get(challenge.id) != challenge]


def entries_of(
    before: Touched, action: Action, changed: Sequence[Challenge], released: Facts, now: datetime
) -> list[AuditEntry]:
    """Return the lines of one transaction; `released` is what is noted of the release it wrote, if it wrote one."""
    old = {challenge.id: challenge.status for challenge in before.challenges}
    moved = [challenge for challenge in changed if old.get(challenge.id) != challenge.status]
    told = AuditEntry(code="", actor=before.actor, at=now, action_id=action.id, retention=Retention.EVIDENCE)
    entries = [
        replace(
            told,
            code=f"challenge_{challenge.status}",
            value={
                "challenge": challenge.id,
                "signer": challenge.user_id,
                "refusal": challenge.refusal,
                **_proved(before.proof, challenge),
            },
        )
        for challenge in moved
    ]
    if before.proof is not None and not any(_proved(before.proof, challenge) for challenge in moved):
        entries.append(replace(told, code="proof_refused", value=_refused(before.proof)))
    if action.status is not before.action.status:
        entries.append(replace(told, code=f"action_{action.status}", value={"reason": action.reason, **released}))
    return entries


def _proved(proof: Proof | None, challenge: Challenge) -> Facts:
    """Return the digest of the proof that moved a challenge: the sealed audit then holds its verdict too."""
    if proof is None or proof.challenge_id != challenge.id:
        return {}
    return {"proof": proof.id, PROOF: proof_digest(proof)}


def _refused(proof: Proof) -> Facts:
    reason = proof.verdict.reason if proof.verdict else None
    return {"challenge": proof.challenge_id, "reason": reason, "proof": proof.id, PROOF: proof_digest(proof)}


def news_of(before: Touched, settlement: Settlement, changed: Sequence[Challenge]) -> list[News]:
    old = {challenge.id: challenge.status for challenge in before.challenges}
    moved = {challenge.id for challenge in changed if old.get(challenge.id) != challenge.status}
    has_ended = settlement.action.status is not before.action.status
    news: list[News] = []
    for challenge in settlement.challenges:
        kind = _kind_for(challenge, has_moved=challenge.id in moved, has_ended=has_ended, anything=bool(moved))
        if kind is not None:
            news.append(
                News(
                    user_id=challenge.user_id,
                    kind=kind,
                    action_id=challenge.action_id,
                    challenge_id=challenge.id,
                )
            )
    return [*news, *_starter_news(settlement, has_ended=has_ended, anything=bool(moved))]


def _starter_news(settlement: Settlement, *, has_ended: bool, anything: bool) -> list[News]:
    if has_ended:
        return starter_news(settlement.action, settlement.challenges, EventKind.ACTION_ENDED)
    return starter_news(settlement.action, settlement.challenges, EventKind.ACTION_PROGRESSED) if anything else []


def starter_news(action: Action, challenges: Sequence[Challenge], kind: EventKind) -> list[News]:
    """Who started it and signs nothing of it has its card before them: they hear how it goes."""
    is_theirs = action.opened_by == opened_by_person(action.initiator)
    if not is_theirs or any(challenge.user_id == action.initiator for challenge in challenges):
        return []
    return [News(user_id=action.initiator, kind=kind, action_id=action.id)]


def _kind_for(challenge: Challenge, *, has_moved: bool, has_ended: bool, anything: bool) -> EventKind | None:
    """Return the one event a signer is told of this transaction: the weightiest."""
    if has_ended:
        return EventKind.ACTION_ENDED
    if has_moved and challenge.status is ChallengeStatus.OPEN:
        return EventKind.CHALLENGE_OPENED
    if has_moved:
        return EventKind.CHALLENGE_ENDED
    return EventKind.ACTION_PROGRESSED if anything else None
