"""Factors checked behind another one, so that attempts of person and card are at stake (RULES 7): CODE code, own code.

Like an answer: transaction 1 spends and writes the proof's row, the check runs with no transaction held, transaction 2
records the verdict. What a right one then allows is the caller's business, in a transaction of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from approvals.credentials.card_choice import choose
from approvals.desk import counting
from approvals.desk.cards.refused import refusals_noted
from approvals.desk.terms import Terms
from approvals.model.card import Card
from approvals.model.ids import CardId, DeviceId, LoginId, ProofId, UserId
from approvals.model.paris import day_in_paris
from approvals.model.person import User
from approvals.model.proof import Answer, CapProof, Proof, ProofStatus, Purpose, Verdict
from approvals.model.reader import CODE_KEY
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock, CodeHasher, Ids, ProofChecker


@dataclass(frozen=True, slots=True, kw_only=True)
class Prover:
    """Whose factor it is, what it is for, and where it was typed."""

    user_id: UserId
    purpose: Purpose
    login_id: LoginId | None = None
    device_id: DeviceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorParts:
    """What the checks lean on."""

    book: Book
    clock: Clock
    ids: Ids
    announcer: Announcer
    checker: ProofChecker
    hasher: CodeHasher
    terms: Terms


class Factors:
    """Spends, checks, records; and tells people of locks and last attempts."""

    def __init__(self, parts: FactorParts) -> None:
        self._parts = parts

    async def check_cap(self, prover: Prover, cap: CapProof) -> counting.Judged:
        """Return the verdict on a code of the CODE key; a right one is used up.

        Raises PersonLocked, CardLocked, CardBlocked, CardResyncDue, CardNotUsable, CardChoiceNeeded, NoAttemptLeft:
        nothing was then spent; ProofNotChecked when the check took too long.
        """
        async with refusals_noted(self._parts.book, self._parts.clock):
            proof, card = await self._parts.book.transaction(lambda ledger: self._offer_cap(ledger, prover, cap))
        return await self._record(proof, await self._parts.checker.check_cap(card, CODE_KEY, cap))

    async def check_code(self, prover: Prover, code: str) -> counting.Judged:
        """Return the verdict on the confidential code. Raises PersonLocked, NoAttemptLeft, ProofNotChecked."""
        proof, user = await self._parts.book.transaction(lambda ledger: self._offer_code(ledger, prover))
        is_right = await self._parts.hasher.verify(user.code_hash or None, code)
        return await self._record(proof, Verdict(right=is_right, reason="code_right" if is_right else "wrong_code"))

    async def _offer_cap(self, ledger: Ledger, prover: Prover, cap: CapProof) -> tuple[Proof, Card]:
        person, today = await _person(ledger, prover), day_in_paris(self._parts.clock.now())
        card = choose(await ledger.cards.of_users([prover.user_id]), cap.card, person.language, today)
        await counting.spend(ledger, person, card)
        return await self._add(ledger, prover, card.id), card

    async def _offer_code(self, ledger: Ledger, prover: Prover) -> tuple[Proof, User]:
        user = await _person(ledger, prover)
        await counting.spend_person(ledger, user)
        return await self._add(ledger, prover, None), user

    async def _add(self, ledger: Ledger, prover: Prover, card_id: CardId | None) -> Proof:
        now = self._parts.clock.now()
        proof = Proof(
            id=ProofId(self._parts.ids.make("prf")),
            purpose=prover.purpose,
            challenge_id=None,
            user_id=prover.user_id,
            card_id=card_id,
            login_id=prover.login_id,
            device_id=prover.device_id,
            status=ProofStatus.CHECKING,
            offered_at=now,
            deadline=now + self._parts.terms.check_limit,
        )
        await ledger.proofs.add(proof)
        return proof

    async def _record(self, proof: Proof, verdict: Verdict) -> counting.Judged:
        async def work(ledger: Ledger) -> tuple[counting.Judged, Mapping[UserId, int]]:
            now = self._parts.clock.now()
            judged = await counting.judge(ledger, proof, verdict, now)
            answer = Answer.ACCEPTED if judged.verdict.right else Answer.PROOF_REFUSED
            await counting.record(ledger, proof, judged, answer, now)
            return judged, await ledger.inboxes.append(judged.news, now)

        judged, heads = await self._parts.book.transaction(work)
        await self._parts.announcer.announce(heads)
        return judged


async def _person(ledger: Ledger, prover: Prover) -> User:
    user = await ledger.people.user(prover.user_id)
    if user is None:
        raise LookupError("a factor of somebody the book does not hold")
    return user
