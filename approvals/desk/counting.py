"""Spending and clearing the attempts of card and person, inside the caller's transaction (RULES 7).

A proof without a card (TOTP) risks the person's attempts alone.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from approvals.credentials import card as life
from approvals.credentials import counters
from approvals.credentials.card import CardEvent
from approvals.credentials.card_choice import require_usable
from approvals.desk.succession import take_over
from approvals.errors import ProofNotChecked
from approvals.model.audit import AuditEntry
from approvals.model.card import Card
from approvals.model.ids import CardId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.person import User
from approvals.model.proof import Answer, Proof, ProofStatus, Verdict
from approvals.ports.book import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdict as it stands once the counter moved, with what is left and what people are to be told of it."""

    verdict: Verdict
    attempts_left: int
    news: tuple[News, ...] = ()


async def spend(ledger: Ledger, user: User, card: Card) -> None:
    """Take one attempt of each. Raises what `counters` and `card_choice` raise: nothing is then written."""
    require_usable(card, user.language)
    counters.require_in_step(card, user.language)
    await spend_for_resync(ledger, user, card)


async def spend_person(ledger: Ledger, user: User) -> None:
    """Take one attempt of a person who proves without a card. Raises PersonLocked, NoAttemptLeft."""
    counters.require_usable_person(user)
    await ledger.people.save_user(counters.spend_person(user))


async def spend_for_resync(ledger: Ledger, user: User, card: Card) -> None:
    """The same for a card that may be out of step: what brings it back into step."""
    require_usable(card, user.language)
    await spend_person(ledger, user)
    await ledger.cards.save(counters.spend_card(card))


async def fail_person(ledger: Ledger, user: User, now: datetime) -> tuple[News, ...]:
    """Count a wrong proof that risked nothing before its check; return whom to warn or tell of a lock."""
    spent = counters.spend_person(user)
    locked = counters.lock_person_if_spent(spent, under_check=0)
    if locked.status is not spent.status:
        return await _lock_person(ledger, spent, locked, now)
    await ledger.people.save_user(spent)
    return _warnings(spent, None)


async def give_back(ledger: Ledger, proof: Proof) -> None:
    """Return the attempt of a check that never ended."""
    user, card = await _holder(ledger, proof.user_id, proof.card_id)
    await ledger.people.save_user(counters.return_person(user))
    if card is not None:
        await ledger.cards.save(counters.return_card(card))


async def judge(ledger: Ledger, proof: Proof, verdict: Verdict, now: datetime) -> Judged:
    """Use up what a right code consumes, clear or keep the spent attempts, activate a new card, lock what is used up.

    A code whose counter or time step was consumed by another transaction meanwhile is a replay, whatever its check
    said; and one of a card that was reported or replaced meanwhile is consumed, and right no more.
    """
    if verdict.right:
        verdict = await _consume(ledger, proof, verdict)
    user, card = await _holder(ledger, proof.user_id, proof.card_id)
    if verdict.right and card is not None and life.is_over(card):
        verdict = replace(verdict, right=False, reason=f"card_{card.status}")
    if verdict.right:
        return await _clear(ledger, user, card, verdict, now)
    return await _count(ledger, proof, user, card, verdict, now)


async def record(ledger: Ledger, proof: Proof, judged: Judged, answer: Answer, now: datetime) -> Proof:
    """Write the verdict; return the proof as it stands now.

    Raises ProofNotChecked when the sweeper gave the attempt back before: nothing is then kept.
    """
    settled = replace(
        proof,
        status=ProofStatus.RIGHT if judged.verdict.right else ProofStatus.WRONG,
        judged_at=now,
        verdict=judged.verdict,
        answer=answer,
        attempts_left=judged.attempts_left,
    )
    if not await ledger.proofs.settle(settled):
        raise ProofNotChecked("the check took too long: send the code again")
    return settled


async def _consume(ledger: Ledger, proof: Proof, verdict: Verdict) -> Verdict:
    card_id, atc, step = proof.card_id, verdict.atc, verdict.time_step
    if card_id is not None and atc is not None and not await ledger.cards.advance(card_id, atc):
        return replace(verdict, right=False, reason="atc_replayed", atc=None)
    if step is not None and not await ledger.advisers.advance(proof.user_id, step):
        return replace(verdict, right=False, reason="totp_replayed", time_step=None)
    return verdict


async def _clear(ledger: Ledger, user: User, card: Card | None, verdict: Verdict, now: datetime) -> Judged:
    user = counters.clear_person(user)
    await ledger.people.save_user(user)
    if card is None:
        return Judged(verdict=verdict, attempts_left=user.attempts_left)
    cleared = counters.clear_card(life.step(card, CardEvent.RIGHT_CODE))
    await ledger.cards.save(cleared)
    news = await take_over(ledger, card, cleared, now)
    return Judged(verdict=verdict, attempts_left=_left(user, cleared), news=news)


async def _count(
    ledger: Ledger, proof: Proof, user: User, card: Card | None, verdict: Verdict, now: datetime
) -> Judged:
    left, warnings = _left(user, card), _warnings(user, card)
    if left > 0:
        return Judged(verdict=verdict, attempts_left=left, news=warnings)
    under_check = [other for other in await ledger.proofs.under_check(proof.user_id) if other.id != proof.id]
    locked_user = counters.lock_person_if_spent(user, under_check=len(under_check))
    news = (*warnings, *await _lock_person(ledger, user, locked_user, now))
    # A proof of this card still being checked may yet be right, so it is waited for.
    if card is None or card.attempts_left > 0 or any(other.card_id == card.id for other in under_check):
        return Judged(verdict=verdict, attempts_left=0, news=news)
    locked_card = life.step(card, CardEvent.ATTEMPTS_SPENT)
    return Judged(verdict=verdict, attempts_left=0, news=(*news, *await _lock_card(ledger, card, locked_card, now)))


def _left(user: User, card: Card | None) -> int:
    return user.attempts_left if card is None else min(user.attempts_left, card.attempts_left)


def _warnings(user: User, card: Card | None) -> tuple[News, ...]:
    """Before a permanent block the person is warned (RTS art. 4(3))."""
    of_card = card is not None and card.attempts_left == 1
    of_access = user.attempts_left == 1
    kinds = (EventKind.CARD_LAST_ATTEMPT,) * of_card + (EventKind.ACCESS_LAST_ATTEMPT,) * of_access
    return tuple(News(user_id=user.id, kind=kind) for kind in kinds)


async def _lock_person(ledger: Ledger, before: User, after: User, now: datetime) -> tuple[News, ...]:
    """Lock the person once their last attempt was wrong, and end what they are signed in to, everywhere."""
    if after.status is before.status:
        return ()
    await ledger.people.save_user(after)
    await ledger.logins.end_all(after.id, now)
    await ledger.audit.append([AuditEntry(code="person_locked", actor="system", at=now, value={"user": after.id})])
    return (News(user_id=after.id, kind=EventKind.ACCESS_LOCKED),)


async def _lock_card(ledger: Ledger, before: Card, after: Card, now: datetime) -> tuple[News, ...]:
    if after.status is before.status:
        return ()
    await ledger.cards.save(after)
    await ledger.audit.append([AuditEntry(code="card_locked", actor="system", at=now, value={"card": after.id})])
    return (News(user_id=after.user_id, kind=EventKind.CARD_LOCKED),)


async def _holder(ledger: Ledger, user_id: UserId, card_id: CardId | None) -> tuple[User, Card | None]:
    people, cards = await ledger.people.with_cards([user_id])
    card = next((each for each in cards if each.id == card_id), None)
    if user_id not in people or (card is None and card_id is not None):
        raise LookupError("a proof names a person or card the book does not hold")
    return people[user_id], card
