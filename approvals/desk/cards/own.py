"""What a person does with their own cards by typing codes: activates one, brings one back into step (RULES 8, 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from approvals.credentials.card import as_of
from approvals.credentials.card_refusals import CardActivatedAlready
from approvals.desk import counting
from approvals.desk.answered import Answered, replay
from approvals.desk.cards.held import HeldCard, read_held
from approvals.desk.cards.refused import refusals_noted
from approvals.desk.idempotency import find_kept, keep
from approvals.desk.presence import Presence, require_presence
from approvals.desk.terms import Terms
from approvals.errors import CodeLengthWrong, NotFound, RestoreUnfinished, ResyncRefused
from approvals.model.audit import AuditEntry
from approvals.model.card import Card
from approvals.model.idempotency import RequestKey
from approvals.model.ids import CardId, LoginId, ProofId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.paris import day_in_paris
from approvals.model.proof import Answer, CapProof, Proof, ProofStatus, Purpose, Verdict
from approvals.model.reader import CODE_KEY
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, CardProfiles, Clock, Ids, ProofChecker


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    proof: Proof
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class CardParts:
    """What the verbs of a holder lean on."""

    book: Book
    clock: Clock
    ids: Ids
    announcer: Announcer
    checker: ProofChecker
    profiles: CardProfiles
    terms: Terms


class CardDesk:
    """What a signed-in person does with their own cards."""

    def __init__(self, parts: CardParts) -> None:
        self._parts = parts

    async def mine(self, user_id: UserId) -> Sequence[HeldCard]:
        """Every card of a person, and those on order."""
        return await self._parts.book.reading(lambda ledger: read_held(ledger, user_id))

    async def of_holder(self, client_identifier: str, user_number: str) -> Sequence[HeldCard]:
        """The same for the bank's core. Raises NotFound."""

        async def work(ledger: Ledger) -> Sequence[HeldCard]:
            user = await ledger.people.user_named(client_identifier, user_number)
            if user is None:
                raise NotFound("no such person")
            return await read_held(ledger, user.id)

        return await self._parts.book.reading(work)

    async def activate(
        self, login_id: LoginId, card_id: CardId, proof: CapProof, key: RequestKey | None = None
    ) -> Answered:
        """Take a new card's first code; a wrong code is an answer, not an error. Never itself an authentication.

        Raises NotFound, LoginEnded, CardActivatedAlready, CardNotUsable before the card is sent, CodeLengthWrong,
        CardLocked, NoAttemptLeft, RestoreUnfinished, IdempotencyKeyReused, AnswerInProgress, ProofNotChecked: nothing
        was then spent.
        """

        async def offer(ledger: Ledger) -> _Offer | Answered:
            kept = await find_kept(ledger, key)
            if kept is not None:
                return await replay(ledger, ProofId(msgspec.json.decode(kept.result, type=str)))
            return await self._offer_activation(ledger, login_id, card_id, proof, key)

        async with refusals_noted(self._parts.book, self._parts.clock):
            offered = await self._parts.book.transaction(offer)
        if isinstance(offered, Answered):
            return offered
        return await self._judge(offered, await self._parts.checker.check_cap(offered.card, CODE_KEY, proof))

    async def _judge(self, offer: _Offer, verdict: Verdict) -> Answered:
        async def work(ledger: Ledger) -> tuple[Answered, Mapping[UserId, int]]:
            now = self._parts.clock.now()
            judged = await counting.judge(ledger, offer.proof, verdict, now)
            answer = Answer.ACCEPTED if judged.verdict.right else Answer.PROOF_REFUSED
            await counting.record(ledger, offer.proof, judged, answer, now)
            heads = await ledger.inboxes.append(judged.news, now)
            return Answered(answer=answer, attempts_left=judged.attempts_left), heads

        answered, heads = await self._parts.book.transaction(work)
        await self._parts.announcer.announce(heads)
        return answered

    async def resynchronise(self, login_id: LoginId, card_id: CardId, first: CapProof, second: CapProof) -> None:
        """Take two consecutive CODE codes and move the card's counter to the second. Never itself an authentication.

        Raises ResyncRefused (one attempt spent), NotFound, LoginEnded, CardLocked, NoAttemptLeft, RestoreUnfinished.
        """
        offer = await self._parts.book.transaction(lambda ledger: self._offer_resync(ledger, login_id, card_id))
        verdict = await self._parts.checker.check_resync(offer.card, first, second)
        is_taken, heads = await self._parts.book.transaction(lambda ledger: self._record(ledger, offer, verdict))
        await self._parts.announcer.announce(heads)
        if not is_taken:
            raise ResyncRefused("the two codes do not follow each other within reach")

    async def _record(self, ledger: Ledger, offer: _Offer, verdict: Verdict) -> tuple[bool, Mapping[UserId, int]]:
        """Return whether the codes were taken, and the heads to announce."""
        now = self._parts.clock.now()
        actor = f"user:{offer.card.user_id}"
        entry = AuditEntry(code="card_resynchronised", actor=actor, at=now, value={"card": offer.card.id})
        if verdict.right and verdict.atc is not None and await ledger.cards.advance(offer.card.id, verdict.atc):
            # Not an authentication: its own attempt comes back, earlier failures stay counted (RULES 10).
            await counting.give_back(ledger, offer.proof)
            await _take_into_step(ledger, offer.card.id)
            judged = counting.Judged(verdict=verdict, attempts_left=offer.card.attempts_left)
            await counting.record(ledger, offer.proof, judged, Answer.ACCEPTED, now)
            await ledger.audit.append([entry])
            news = [News(user_id=offer.card.user_id, kind=EventKind.CARD_RESYNCHRONISED)]
            return True, await ledger.inboxes.append(news, now)
        judged = await counting.judge(ledger, offer.proof, replace(verdict, right=False, atc=None), now)
        await counting.record(ledger, offer.proof, judged, Answer.PROOF_REFUSED, now)
        await ledger.audit.append([replace(entry, code="card_resync_refused", value={"reason": verdict.reason})])
        return False, await ledger.inboxes.append(judged.news, now)

    async def _offer_activation(
        self, ledger: Ledger, login_id: LoginId, card_id: CardId, proof: CapProof, key: RequestKey | None
    ) -> _Offer:
        now = self._parts.clock.now()
        presence, card = await _own_card(ledger, login_id, card_id, now)
        if card.activated:
            raise CardActivatedAlready("this card took its first code before")
        expected = self._parts.profiles.code_length(card)
        if len(proof.code) != expected:
            raise CodeLengthWrong(expected)
        await counting.spend(ledger, presence.user, card)
        offered = await self._attempt(ledger, presence, card, Purpose.ACTIVATION, now)
        await keep(ledger, key, offered.proof.id, now)
        return offered

    async def _offer_resync(self, ledger: Ledger, login_id: LoginId, card_id: CardId) -> _Offer:
        now = self._parts.clock.now()
        presence, card = await _own_card(ledger, login_id, card_id, now)
        await counting.spend_for_resync(ledger, presence.user, card)
        return await self._attempt(ledger, presence, card, Purpose.RESYNCHRONISATION, now)

    async def _attempt(self, ledger: Ledger, presence: Presence, card: Card, purpose: Purpose, now: datetime) -> _Offer:
        proof = Proof(
            id=ProofId(self._parts.ids.make("prf")),
            purpose=purpose,
            challenge_id=None,
            user_id=presence.user.id,
            card_id=card.id,
            login_id=presence.login.id,
            device_id=presence.login.device_id,
            status=ProofStatus.CHECKING,
            offered_at=now,
            deadline=now + self._parts.terms.check_limit,
        )
        await ledger.proofs.add(proof)
        return _Offer(proof=proof, card=card)


async def _own_card(ledger: Ledger, login_id: LoginId, card_id: CardId, now: datetime) -> tuple[Presence, Card]:
    """Raise NotFound for somebody else's card, RestoreUnfinished while no code may be taken (RULES 30)."""
    presence = await require_presence(ledger, login_id, now)
    card = await ledger.cards.load(card_id)
    if card is None or card.user_id != presence.user.id:
        raise NotFound("no such card of yours")
    if await ledger.house.restoring() is not None:
        raise RestoreUnfinished("the bank is coming back from a backup: try again later")
    return presence, as_of(card, day_in_paris(now))


async def _take_into_step(ledger: Ledger, card_id: CardId) -> None:
    """After a restore, the two codes showed where the chip is: its codes count again."""
    card = await ledger.cards.load(card_id)
    if card is not None and card.resync_due:
        await ledger.cards.save(replace(card, resync_due=False))
