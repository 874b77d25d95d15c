"""Resynchronising a card whose counter has run ahead of what we accepted (RULES 10)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from approvals.desk import counting
from approvals.desk.presence import require_presence
from approvals.desk.terms import Terms
from approvals.errors import NotFound, RestoreUnfinished, ResyncRefused
from approvals.model.audit import AuditEntry
from approvals.model.card import Card
from approvals.model.ids import CardId, LoginId, ProofId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.proof import Answer, CapProof, Proof, ProofStatus, Purpose, Verdict
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock, Ids, ProofChecker


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    proof: Proof
    card: Card


class CardDesk:
    """What a signed-in person does with their own cards."""

    def __init__(
        self, *, book: Book, clock: Clock, ids: Ids, announcer: Announcer, checker: ProofChecker, terms: Terms
    ) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids
        self._announcer = announcer
        self._checker = checker
        self._terms = terms

    async def mine(self, user_id: UserId) -> list[Card]:
        return list(await self._book.reading(lambda ledger: ledger.cards.of_users([user_id])))

    async def resynchronise(self, login_id: LoginId, card_id: CardId, first: CapProof, second: CapProof) -> None:
        """Take two consecutive CODE codes and move the card's counter to the second. Never itself an authentication.

        Raises ResyncRefused (one attempt spent), NotFound, LoginEnded, CardLocked, NoAttemptLeft, RestoreUnfinished.
        """
        offer = await self._book.transaction(lambda ledger: self._offer(ledger, login_id, card_id))
        verdict = await self._checker.check_resync(offer.card, first, second)
        heads = await self._book.transaction(lambda ledger: self._record(ledger, offer, verdict))
        if heads is None:
            raise ResyncRefused("the two codes do not follow each other within reach")
        await self._announcer.announce(heads)

    async def _record(self, ledger: Ledger, offer: _Offer, verdict: Verdict) -> Mapping[UserId, int] | None:
        """Return the heads to announce, None when the codes were refused."""
        now = self._clock.now()
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
            return await ledger.inboxes.append(news, now)
        judged = await counting.judge(ledger, offer.proof, replace(verdict, right=False, atc=None), now)
        await counting.record(ledger, offer.proof, judged, Answer.PROOF_REFUSED, now)
        await ledger.audit.append([replace(entry, code="card_resync_refused", value={"reason": verdict.reason})])
        await ledger.inboxes.append(judged.news, now)
        return None

    async def _offer(self, ledger: Ledger, login_id: LoginId, card_id: CardId) -> _Offer:
        now = self._clock.now()
        presence = await require_presence(ledger, login_id, now)
        card = await ledger.cards.load(card_id)
        if card is None or card.user_id != presence.user.id:
            raise NotFound("no such card of yours")
        if await ledger.house.restoring() is not None:
            raise RestoreUnfinished("the bank is coming back from a backup: try again later")
        await counting.spend_for_resync(ledger, presence.user, card)
        proof = Proof(
            id=ProofId(self._ids.make("prf")),
            purpose=Purpose.RESYNCHRONISATION,
            challenge_id=None,
            user_id=presence.user.id,
            card_id=card.id,
            login_id=presence.login.id,
            device_id=presence.login.device_id,
            status=ProofStatus.CHECKING,
            offered_at=now,
            deadline=now + self._terms.check_limit,
        )
        await ledger.proofs.add(proof)
        return _Offer(proof=proof, card=card)


async def _take_into_step(ledger: Ledger, card_id: CardId) -> None:
    """After a restore, the two codes showed where the chip is: its codes count again."""
    card = await ledger.cards.load(card_id)
    if card is not None and card.resync_due:
        await ledger.cards.save(replace(card, resync_due=False))
