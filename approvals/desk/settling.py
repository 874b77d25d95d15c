"""The end of every transaction that touches a challenge: settle the action, save, write what comes of it (RULES 1).

`Settling.close` is the one place that writes a release row, so the point of no return stands here alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from approvals import machine, release
from approvals.desk.asking import count_signatures
from approvals.desk.carrying_out import carry_out
from approvals.desk.conversations.showing import beside
from approvals.desk.reviewing import Reviewing, reviews_after
from approvals.desk.telling import Touched, changed_of, entries_of, news_of
from approvals.desk.terms import Terms
from approvals.evidence.bindings import RELEASE, token_digest
from approvals.machine import Effect, Settlement
from approvals.model.action import Action, ActionStatus
from approvals.model.challenge import Challenge
from approvals.model.ids import ActionId, ReleaseId, SubscriptionId, UserId
from approvals.model.inbox import News
from approvals.model.json import Facts
from approvals.model.release import DeliveryStatus, Release
from approvals.operations import OPERATIONS
from approvals.operations.operation import Destination
from approvals.ports.book import Ledger
from approvals.ports.rights import Review
from approvals.ports.world import Ids, ReleaseSigner
from approvals.rights import CompanyRights

_REVIEWED_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The action as saved, and the inbox heads to announce once the transaction is committed."""

    action: Action
    heads: Mapping[UserId, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """What is to be saved of one action, and whom the changes of ours already made are to be told to."""

    settlement: Settlement
    news: Sequence[News] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saved:
    """What was written of one action, whom to tell, and which reviews of rights follow from it."""

    action: Action
    news: Sequence[News] = ()
    review: Sequence[Review] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Released:
    """The release to be written, and what the audit notes of it."""

    row: Release
    facts: Facts


class Settling:
    """Settles, saves and writes the consequences, inside the caller's transaction."""

    def __init__(self, *, ids: Ids, signer: ReleaseSigner, terms: Terms, reviewing: Reviewing) -> None:
        self._ids = ids
        self._reviewing = reviewing
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
        """Settle the policy and save everything; where rights changed, look through what else is pending.

        Raises StaleVersion when somebody was faster.
        """
        decided = await self._settle(ledger, before.action, challenges, now)
        saved = await self._write(ledger, before, decided.settlement, now)
        followed = await self._follow(ledger, saved, now)
        heads = await ledger.inboxes.append([*news, *decided.news, *saved.news, *followed], now)
        return Closed(action=saved.action, heads=heads)

    async def save(
        self,
        ledger: Ledger,
        before: Touched,
        settlement: Settlement,
        now: datetime,
        news: Sequence[News] = (),
    ) -> Closed:
        """Write what was settled elsewhere, and all the news."""
        saved = await self._write(ledger, before, settlement, now)
        return Closed(action=saved.action, heads=await ledger.inboxes.append([*news, *saved.news], now))

    async def review(self, ledger: Ledger, review: Review, now: datetime) -> Mapping[UserId, int]:
        """Make a review of rights that fell due; return the heads to announce. Raises StaleVersion."""
        await ledger.rights.finish_review(review)
        news = await self._look_through(ledger, review.subscription_id, review.after, now)
        return await ledger.inboxes.append(news, now)

    # --- one action ---------------------------------------------------------------------------------------

    async def _settle(self, ledger: Ledger, action: Action, challenges: Sequence[Challenge], now: datetime) -> _Decided:
        """Decide, and do what the decision hangs on; where that fails, so does the action (RULES 2, 18)."""
        counted = await count_signatures(ledger, action, challenges, now)
        settlement = machine.settle(action, challenges, counted.signed.keys(), now)
        if Effect.WRITE_RELEASE not in settlement.effects:
            return _Decided(settlement=settlement)
        applied = await carry_out(ledger, action, counted, now)
        if applied.refusal is not None:
            return _Decided(settlement=machine.obstruct(action, challenges, applied.refusal, now))
        return _Decided(settlement=_end_in_house(settlement, now), news=applied.news)

    async def _write(self, ledger: Ledger, before: Touched, settlement: Settlement, now: datetime) -> _Saved:
        """Write the settled action with its changed challenges, release and audit."""
        released = self._release(settlement, now) if Effect.WRITE_RELEASE in settlement.effects else None
        changed = changed_of(before.challenges, settlement.challenges)
        entries = entries_of(before, settlement.action, changed, released.facts if released else {}, now)
        action = await ledger.actions.save(settlement.action, lines=len(entries))
        for challenge in changed:
            await ledger.challenges.save(challenge)
        if released is not None:
            await ledger.releases.add(released.row)
        await ledger.audit.append_numbered(entries)
        news = news_of(before, settlement, changed)
        return _Saved(
            action=action,
            news=[*news, *await beside(ledger, action)] if news else news,
            review=reviews_after(action, now) if released else (),
        )

    def _release(self, settlement: Settlement, now: datetime) -> _Released:
        """Make the release, already delivered where it goes nowhere."""
        action = settlement.action
        release_id = ReleaseId(self._ids.make("rel"))
        approvals = [
            release.Approval(user_id=challenge.user_id, means=means, at=challenge.ended_at or now)
            for challenge in settlement.challenges
            if (means := challenge.signed_with) is not None
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
        row = replace(due, status=DeliveryStatus.DELIVERED, settled_at=now) if has_arrived else due
        return _Released(row=row, facts={RELEASE: token_digest(token)})

    # --- the others ---------------------------------------------------------------------------------------

    async def _follow(self, ledger: Ledger, saved: _Saved, now: datetime) -> list[News]:
        """Look through the company's pending actions where this one changed rights, and plan what comes later."""
        for review in saved.review:
            if review.due_at > now:
                await ledger.rights.plan_review(review)
        if all(review.due_at > now for review in saved.review):
            return []
        return await self._look_through(ledger, saved.action.subscription_id, None, now, but=saved.action.id)

    async def _look_through(
        self,
        ledger: Ledger,
        subscription_id: SubscriptionId,
        after: ActionId | None,
        now: datetime,
        *,
        but: ActionId | None = None,
    ) -> list[News]:
        """Give and take seats of pending actions in id order; the rest of a long list is planned for at once."""
        rights = await ledger.rights.of_subscription(subscription_id)
        pending = await ledger.actions.pending(subscription_id, after, _REVIEWED_AT_ONCE)
        news: list[News] = []
        reviews: list[Review] = []
        for action in pending:
            if action.id != but:
                saved = await self._revise(ledger, rights, action, now)
                news += saved.news
                reviews += saved.review
        if len(pending) == _REVIEWED_AT_ONCE:
            reviews.append(Review(subscription_id=subscription_id, due_at=now, after=pending[-1].id))
        for review in reviews:
            await ledger.rights.plan_review(review)
        return news

    async def _revise(self, ledger: Ledger, rights: CompanyRights, action: Action, now: datetime) -> _Saved:
        challenges = await ledger.challenges.of_action(action.id)
        revision = await self._reviewing.revise(ledger, rights, action, challenges, now)
        await ledger.challenges.add(revision.added)
        before = Touched(action=action, challenges=(*challenges, *revision.added), actor="system")
        decided = await self._settle(ledger, action, (*revision.challenges, *revision.added), now)
        if (decided.settlement.action, decided.settlement.challenges) == (action, challenges):
            return _Saved(action=action)
        saved = await self._write(ledger, before, decided.settlement, now)
        return replace(saved, news=[*decided.news, *saved.news])


def _end_in_house(settlement: Settlement, now: datetime) -> Settlement:
    """A change of ours goes nowhere: what the bank's core would answer is known at once."""
    action = settlement.action
    if Effect.WRITE_RELEASE not in settlement.effects or OPERATIONS[action.kind].destination is Destination.CORE:
        return settlement
    return replace(settlement, action=machine.conclude(action, refusal_code=None, now=now))
