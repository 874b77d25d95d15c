"""A signer's answer: the proof is offered, checked with no transaction held, and its verdict recorded (DESIGN).

Transaction 1 spends the attempt; the check runs; transaction 2 records what came of it and settles the action. So
forty guesses at once buy no more checks than there were attempts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from approvals.certificates.refusals import RevocationUnavailable
from approvals.desk import counting
from approvals.desk.abandoning import Abandoning
from approvals.desk.answered import Answered, replay
from approvals.desk.asking import require_seat
from approvals.desk.cards.refused import refusals_noted
from approvals.desk.ceilings import require_right
from approvals.desk.disavowing import Disavowing
from approvals.desk.finding import find_own_challenge, find_proven
from approvals.desk.idempotency import find_kept, keep
from approvals.desk.presence import Presence, require_presence
from approvals.desk.proving import Checkers, Offered, OfferedCap, OfferedSignature, Proving
from approvals.desk.settling import Closed, Settling
from approvals.desk.telling import Touched
from approvals.desk.terms import Terms
from approvals.errors import ProofNotChecked, StaleVersion
from approvals.machine import ProofOffered, UserRefused, VerdictReached, step
from approvals.model.challenge import Challenge, RefusalReason
from approvals.model.idempotency import RequestKey
from approvals.model.ids import ChallengeId, LoginId, ProofId, SubscriptionId
from approvals.model.inbox import News
from approvals.model.proof import Answer, Checked, OfferedProof, Proof, ProofStatus, Purpose
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, CardProfiles, Clock, Ids, SignedOffer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """A spent attempt, ready to be checked."""

    proof: Proof
    offered: Offered


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerParts:
    """What the answers lean on; joined once, in the composition root."""

    book: Book
    clock: Clock
    ids: Ids
    announcer: Announcer
    checkers: Checkers
    profiles: CardProfiles
    settling: Settling
    terms: Terms


class AnswerDesk:
    """Takes proofs and refusals of signed-in people, over HTTP and the stream alike."""

    def __init__(self, parts: AnswerParts) -> None:
        self._parts = parts
        self._disavowing = Disavowing(
            book=parts.book, clock=parts.clock, ids=parts.ids, announcer=parts.announcer, settling=parts.settling
        )
        self._abandoning = Abandoning(book=parts.book, clock=parts.clock, settling=parts.settling)
        self._proving = Proving(
            checkers=parts.checkers,
            profiles=parts.profiles,
            clock=parts.clock,
            terms=parts.terms,
        )

    async def answer(
        self,
        login_id: LoginId,
        challenge_id: ChallengeId,
        proof: OfferedProof,
        key: RequestKey | None = None,
        *,
        company: SubscriptionId | None = None,
    ) -> Answered:
        """Check a code and, when it is right, sign.

        `company` is the signer's: where it is known, the answer may share transactions with those of other companies.
        Raises NotFound, LoginEnded, ChallengeClosed, ChallengeWaiting, NoAttemptLeft, MeansNotAccepted, CardLocked,
        CardBlocked, CardResyncDue, CardNotUsable, CardChoiceNeeded, PersonLocked, CodeLengthWrong, NotEntitled,
        CeilingExceeded, ConfidentialCodeNeeded, BrowserKeysOff, IdempotencyKeyReused, AnswerInProgress,
        ProofNotChecked, RestoreUnfinished: nothing was then spent. A wrong code is an answer, not an error.
        """

        async def offer(ledger: Ledger) -> _Offer | Answered:
            kept = await find_kept(ledger, key)
            if kept is not None:
                return await replay(ledger, ProofId(msgspec.json.decode(kept.result, type=str)))
            return await self._offer(ledger, login_id, challenge_id, proof, key)

        async with refusals_noted(self._parts.book, self._parts.clock):
            offered = await self._parts.book.transaction(offer, of=company)
        if isinstance(offered, Answered):
            return offered
        return await self._record(offered, await self._check(offered), company)

    async def refuse(self, login_id: LoginId, challenge_id: ChallengeId, reason: RefusalReason) -> Challenge:
        """The signer says no; the same no twice is one. Raises NotFound, LoginEnded, ChallengeClosed, NotEntitled.

        `not_me` is a disavowal.
        """
        if reason is RefusalReason.NOT_ME:
            return await self.disavow(login_id, challenge_id)

        async def work(ledger: Ledger) -> tuple[Challenge, Closed]:
            now = self._parts.clock.now()
            presence = await require_presence(ledger, login_id, now)
            found = await find_own_challenge(ledger, presence, challenge_id)
            await ledger.logins.touch(login_id, now)
            if found.challenge.refusal is reason:
                return found.challenge, Closed(action=found.action, heads={})
            refused = step(found.challenge, UserRefused(reason), now).challenge
            await require_seat(ledger, found, now)
            return refused, await self._close(ledger, found.touched(), refused, now)

        refused, closed = await self._parts.book.transaction(work)
        await self._parts.announcer.announce(closed.heads)
        return refused

    async def disavow(self, login_id: LoginId, challenge_id: ChallengeId) -> Challenge:
        """The signer was not behind this. Raises NotFound, LoginEnded."""
        return await self._disavowing.challenge(login_id, challenge_id)

    async def abandon_overdue(self, limit: int = 100) -> int:
        """Give back the attempts of checks that never ended; return how many (RULES 7)."""
        return await self._abandoning.overdue(limit)

    async def _check(self, offer: _Offer) -> Checked:
        """Raises ProofNotChecked, the attempt given back, while nobody says whether a certificate is revoked."""
        try:
            return await self._proving.check(offer.offered)
        except RevocationUnavailable as unavailable:
            await self._abandoning.give_up(offer.proof, unavailable.cause)
            raise ProofNotChecked("whether the certificate is revoked cannot be asked now: send it again") from None

    # --- the two transactions -----------------------------------------------------------------------------

    async def _offer(
        self,
        ledger: Ledger,
        login_id: LoginId,
        challenge_id: ChallengeId,
        proof: OfferedProof,
        key: RequestKey | None,
    ) -> _Offer:
        now = self._parts.clock.now()
        presence = await require_presence(ledger, login_id, now)
        found = await find_own_challenge(ledger, presence, challenge_id)
        spent = step(found.challenge, ProofOffered(), now).challenge
        await require_right(ledger, found, now)
        offered = await self._proving.spend(ledger, presence.user, found.action, found.challenge, proof)
        await self._close(ledger, found.touched(), spent, now)
        attempt = self._proof(presence, found.challenge, offered, now)
        await ledger.proofs.add(attempt)
        await keep(ledger, key, attempt.id, now)
        await ledger.logins.touch(login_id, now)
        return _Offer(proof=attempt, offered=offered)

    async def _record(self, offer: _Offer, checked: Checked, company: SubscriptionId | None) -> Answered:
        proof = offer.proof

        async def work(ledger: Ledger) -> tuple[Answered, Closed]:
            now = self._parts.clock.now()
            found = await find_proven(ledger, proof)
            judged = await counting.judge(ledger, proof, checked.verdict, now)
            moved = step(found.challenge, VerdictReached(judged.verdict.right), now)
            answer = moved.answer or Answer.PROOF_REFUSED
            if answer is Answer.PROOF_REFUSED:
                judged = replace(judged, attempts_left=min(judged.attempts_left, moved.challenge.attempts_left))
            await ledger.exhibits.keep(checked.exhibits)
            settled = await counting.record(ledger, proof, judged, answer, now)
            signed = _signed_by(moved.challenge, offer.offered) if answer is Answer.ACCEPTED else moved.challenge
            closed = await self._close(ledger, found.touched(settled), signed, now, judged.news)
            if answer is Answer.ACCEPTED and self._parts.clock.now() >= found.challenge.expires_at:
                raise StaleVersion("the time ran out before the commit: judge it again, late")
            answered = Answered(answer=answer, attempts_left=judged.attempts_left)
            return answered, closed

        answered, closed = await self._parts.book.transaction(work, of=company)
        await self._parts.announcer.announce(closed.heads)
        return answered

    async def _close(
        self, ledger: Ledger, before: Touched, changed: Challenge, now: datetime, news: Sequence[News] = ()
    ) -> Closed:
        return await self._parts.settling.close(ledger, before, before.with_challenge(changed), now, news)

    def _proof(self, presence: Presence, challenge: Challenge, offered: Offered, now: datetime) -> Proof:
        return Proof(
            id=ProofId(self._parts.ids.make("prf")),
            purpose=Purpose.APPROVAL,
            challenge_id=challenge.id,
            user_id=challenge.user_id,
            card_id=offered.card.id if isinstance(offered, OfferedCap) else None,
            login_id=presence.login.id,
            device_id=presence.login.device_id,
            status=ProofStatus.CHECKING,
            offered_at=now,
            deadline=now + self._parts.terms.check_limit,
        )


def _signed_by(challenge: Challenge, offered: Offered) -> Challenge:
    """Note what signed: the card, with what was typed into its reader, or the certificate; maybe not as proposed."""
    match offered:
        case OfferedCap(card=card, asked=asked):
            return replace(challenge, card_id=card.id, reader_input=asked)
        case OfferedSignature(found=SignedOffer(certificate=certificate)):
            return replace(challenge, card_id=None, reader_input=None, certificate_id=certificate.id)
        case _:
            return replace(challenge, card_id=None, reader_input=None)
