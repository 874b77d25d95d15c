"""The end of every transaction that touches a challenge: settle the action, save, write what comes of it (RULES 1).

`Settling.close` is the one place that writes a release row, so the point of no return stands here alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from approvals import machine, release
from approvals.desk.terms import Terms
from approvals.machine import Effect, Settlement
from approvals.model.action import Action, ActionStatus
from approvals.model.audit import AuditEntry, Retention
from approvals.model.card import CardStatus
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.ids import ChallengeId, ReleaseId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.release import DeliveryStatus, Release
from approvals.operations import OPERATIONS
from approvals.operations.operation import Destination
from approvals.ports.book import Ledger
from approvals.ports.world import Ids, ReleaseSigner


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a transaction read of one action before it changed anything, and who is acting."""

    action: Action
    challenges: tuple[Challenge, ...]
    actor: str

    def with_challenge(self, changed: Challenge) -> tuple[Challenge, ...]:
        """Return the challenges with one of them replaced."""
        return tuple(changed if challenge.id == changed.id else challenge for challenge in self.challenges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The action as saved, and the inbox heads to announce once the transaction is committed."""

    action: Action
    heads: Mapping[UserId, int]


class Settling:
    """Settles, saves and writes the consequences, inside the caller's transaction."""

    def __init__(self, *, ids: Ids, signer: ReleaseSigner, terms: Terms) -> None:
        self._ids = ids
        self._signer = signer
        self._terms = terms

    async def close(
        self,
        ledger: Ledger,
        before: Touched,
        challenges: Sequence[Challenge],
        now: datetime,
        news: Sequence[News] = (),
    ) -> Closed:
        """Settle the policy and save everything. Raises StaleVersion when somebody was faster."""
        settlement = machine.settle(before.action, challenges, await _entitled(ledger, before.action, challenges), now)
        return await self.save(ledger, before, settlement, now, news)

    async def save(
        self,
        ledger: Ledger,
        before: Touched,
        settlement: Settlement,
        now: datetime,
        news: Sequence[News] = (),
    ) -> Closed:
        """Write the settled action with its changed challenges, release and audit, and all the news."""
        settlement = _end_in_house(settlement, now)
        action = await ledger.actions.save(settlement.action)
        changed = _changed(before.challenges, settlement.challenges)
        for challenge in changed:
            await ledger.challenges.save(challenge)
        if Effect.WRITE_RELEASE in settlement.effects:
            await self._release(ledger, action, settlement.challenges, now)
        await ledger.audit.append(_entries(before, action, changed, now))
        heads = await ledger.inboxes.append([*news, *_news(before, settlement, changed)], now)
        return Closed(action=action, heads=heads)

    async def _release(self, ledger: Ledger, action: Action, challenges: Sequence[Challenge], now: datetime) -> None:
        release_id = ReleaseId(self._ids.make("rel"))
        approvals = [
            release.Approval(user_id=challenge.user_id, means=challenge.means, at=challenge.ended_at or now)
            for challenge in challenges
            if challenge.status is ChallengeStatus.SATISFIED
        ]
        token = self._signer.sign(release.claims(action, release_id, approvals, self._terms.parties, now))
        due = Release(
            id=release_id,
            action_id=action.id,
            body=release.body(action, release_id, token),
            status=DeliveryStatus.DUE,
            created_at=now,
            next_at=now,
        )
        has_arrived = action.status is ActionStatus.RELEASED
        await ledger.releases.add(replace(due, status=DeliveryStatus.DELIVERED, settled_at=now) if has_arrived else due)
        for change in OPERATIONS[action.kind].changes(action.facts, action.subscription_id):
            await ledger.changes.apply(change, now)


def _end_in_house(settlement: Settlement, now: datetime) -> Settlement:
    """A change of ours goes nowhere: what the bank's core would answer is known at once."""
    action = settlement.action
    if Effect.WRITE_RELEASE not in settlement.effects or OPERATIONS[action.kind].destination is Destination.CORE:
        return settlement
    return replace(settlement, action=machine.conclude(action, refusal_code=None, now=now))


async def _entitled(ledger: Ledger, action: Action, challenges: Sequence[Challenge]) -> set[UserId]:
    """Return the signers whose signature counts, as this transaction reads them (RULES 2).

    They still have the power they signed with, are active, and their card, where they have one, was not reported since.
    """
    signed = [challenge for challenge in challenges if challenge.status is ChallengeStatus.SATISFIED]
    if not signed:
        return set()
    powers = await ledger.people.powers(action.subscription_id, action.kind, action.account_id)
    holders = [challenge.user_id for challenge in signed if challenge.card_id is not None]
    reported = {card.id for card in await ledger.cards.of_users(holders) if card.status is CardStatus.REPORTED}
    return {
        challenge.user_id
        for challenge in signed
        if powers.get(challenge.user_id) == challenge.group and challenge.card_id not in reported
    }


def _changed(before: Sequence[Challenge], after: Sequence[Challenge]) -> list[Challenge]:
    old: dict[ChallengeId, Challenge] = {challenge.id: challenge for challenge in before}
    return [challenge for challenge in after if old.get(challenge.id) != challenge]


def _entries(before: Touched, action: Action, changed: Sequence[Challenge], now: datetime) -> list[AuditEntry]:
    old = {challenge.id: challenge.status for challenge in before.challenges}
    told = AuditEntry(code="", actor=before.actor, at=now, action_id=action.id, retention=Retention.EVIDENCE)
    entries = [
        replace(
            told,
            code=f"challenge_{challenge.status}",
            value={"challenge": challenge.id, "signer": challenge.user_id, "refusal": challenge.refusal},
        )
        for challenge in changed
        if old.get(challenge.id) != challenge.status
    ]
    if action.status is not before.action.status:
        entries.append(replace(told, code=f"action_{action.status}", value={"reason": action.reason}))
    return entries


def _news(before: Touched, settlement: Settlement, changed: Sequence[Challenge]) -> list[News]:
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
    return news


def _kind_for(challenge: Challenge, *, has_moved: bool, has_ended: bool, anything: bool) -> EventKind | None:
    """Return the one event a signer is told of this transaction: the weightiest."""
    if has_ended:
        return EventKind.ACTION_ENDED
    if has_moved and challenge.status is ChallengeStatus.OPEN:
        return EventKind.CHALLENGE_OPENED
    if has_moved:
        return EventKind.CHALLENGE_ENDED
    return EventKind.ACTION_PROGRESSED if anything else None
