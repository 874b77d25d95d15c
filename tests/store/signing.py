"""Signers, refusers, withdrawers and sweepers as the desk would be: load, decide, save, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from approvals import machine
from approvals.model.action import Action
from approvals.model.challenge import Challenge, RefusalReason
from approvals.model.ids import ActionId, ChallengeId
from approvals.model.proof import Answer
from approvals.ports.book import Book, Ledger
from tests.builders import make_release


async def sign(book: Book, challenge_id: ChallengeId, now: datetime, *, atc: int = 1) -> Answer | None:
    """A right code was checked; its verdict is recorded."""

    async def work(ledger: Ledger) -> Answer | None:
        action, challenges, mine = await _load(ledger, challenge_id)
        outcome = machine.step(mine, machine.VerdictReached(right=True), now)
        if machine.Effect.CONSUME_PROOF in outcome.effects:
            assert mine.card_id is not None
            await ledger.cards.advance(mine.card_id, atc)
        await _settle(ledger, action, challenges, outcome.challenge, now)
        return outcome.answer

    return await book.transaction(work)


async def refuse(book: Book, challenge_id: ChallengeId, now: datetime) -> None:
    async def work(ledger: Ledger) -> None:
        action, challenges, mine = await _load(ledger, challenge_id)
        outcome = machine.step(mine, machine.UserRefused(RefusalReason.NOT_ME), now)
        await _settle(ledger, action, challenges, outcome.challenge, now)

    await book.transaction(work)


async def withdraw(book: Book, action_id: ActionId, now: datetime) -> None:
    async def work(ledger: Ledger) -> None:
        action, challenges = await _load_action(ledger, action_id)
        await _save(ledger, challenges, machine.withdraw(action, challenges, now), now)

    await book.transaction(work)


async def expire(book: Book, action_id: ActionId, now: datetime) -> None:
    """The sweeper looked at the clock."""

    async def work(ledger: Ledger) -> None:
        action, challenges = await _load_action(ledger, action_id)
        everybody = {challenge.user_id for challenge in challenges}
        await _save(ledger, challenges, machine.settle(action, challenges, everybody, now), now)

    await book.transaction(work)


async def _load(ledger: Ledger, challenge_id: ChallengeId) -> tuple[Action, tuple[Challenge, ...], Challenge]:
    mine = await ledger.challenges.load(challenge_id)
    assert mine is not None
    return *await _load_action(ledger, mine.action_id), mine


async def _load_action(ledger: Ledger, action_id: ActionId) -> tuple[Action, tuple[Challenge, ...]]:
    action = await ledger.actions.load(action_id)
    assert action is not None
    return action, await ledger.challenges.of_action(action_id)


async def _settle(ledger: Ledger, action: Action, before: Sequence[Challenge], moved: Challenge, now: datetime) -> None:
    after = tuple(moved if challenge.id == moved.id else challenge for challenge in before)
    everybody = {challenge.user_id for challenge in before}
    await _save(ledger, before, machine.settle(action, after, everybody, now), now)


async def _save(ledger: Ledger, before: Iterable[Challenge], settlement: machine.Settlement, now: datetime) -> None:
    action = await ledger.actions.save(settlement.action)
    known = set(before)
    for challenge in settlement.challenges:
        if challenge not in known:
            await ledger.challenges.save(challenge)
    if machine.Effect.WRITE_RELEASE in settlement.effects:
        await ledger.releases.add(replace(make_release(action.id), created_at=now, next_at=now))
