"""A code of the reader's CODE key, checked behind a first factor: card and person risk an attempt each (RULES 7).

Like an answer: transaction 1 spends, the check runs with no transaction held, transaction 2 records the verdict. What
the right code then allows is the caller's business, in a transaction of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from approvals.desk import counting
from approvals.desk.terms import Terms
from approvals.errors import CardNotUsable
from approvals.model.card import Card, CardStatus
from approvals.model.ids import DeviceId, LoginId, ProofId, UserId
from approvals.model.proof import Answer, CapProof, Proof, ProofStatus, Purpose, Verdict
from approvals.model.reader import CODE_KEY
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock, Ids, ProofChecker


@dataclass(frozen=True, slots=True, kw_only=True)
class Prover:
    """Whose code it is, what it is for, and where it was typed."""

    user_id: UserId
    purpose: Purpose
    login_id: LoginId | None = None
    device_id: DeviceId | None = None


class CodeProving:
    """Spends, checks, records; and tells people of locks and last attempts."""

    def __init__(
        self, *, book: Book, clock: Clock, ids: Ids, announcer: Announcer, checker: ProofChecker, terms: Terms
    ) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids
        self._announcer = announcer
        self._checker = checker
        self._terms = terms

    async def check(self, prover: Prover, cap: CapProof) -> counting.Judged:
        """Return the verdict; a right code is used up.

        Raises PersonLocked, CardLocked, CardBlocked, CardResyncDue, CardNotUsable, NoAttemptLeft: nothing was then
        spent; ProofNotChecked when the check took too long.
        """
        proof, card = await self._book.transaction(lambda ledger: self._offer(ledger, prover))
        verdict = await self._checker.check_cap(card, CODE_KEY, cap)
        judged, heads = await self._book.transaction(lambda ledger: self._record(ledger, proof, verdict))
        await self._announcer.announce(heads)
        return judged

    async def _offer(self, ledger: Ledger, prover: Prover) -> tuple[Proof, Card]:
        now = self._clock.now()
        user = await ledger.people.user(prover.user_id)
        card = choose_card(await ledger.cards.of_users([prover.user_id]))
        if user is None or card is None:
            raise CardNotUsable("no card of yours can be used: call your adviser")
        await counting.spend(ledger, user, card)
        proof = Proof(
            id=ProofId(self._ids.make("prf")),
            purpose=prover.purpose,
            challenge_id=None,
            user_id=prover.user_id,
            card_id=card.id,
            login_id=prover.login_id,
            device_id=prover.device_id,
            status=ProofStatus.CHECKING,
            offered_at=now,
            deadline=now + self._terms.check_limit,
        )
        await ledger.proofs.add(proof)
        return proof, card

    async def _record(
        self, ledger: Ledger, proof: Proof, verdict: Verdict
    ) -> tuple[counting.Judged, Mapping[UserId, int]]:
        now = self._clock.now()
        judged = await counting.judge(ledger, proof, verdict, now)
        answer = Answer.ACCEPTED if judged.verdict.right else Answer.PROOF_REFUSED
        await counting.record(ledger, proof, judged, answer, now)
        return judged, await ledger.inboxes.append(judged.news, now)


def choose_card(cards: Sequence[Card]) -> Card | None:
    """Return a card whose codes may be checked, always the same; else any, so that its state can be told."""
    usable = [card for card in cards if card.status is CardStatus.ACTIVE]
    return max(usable or cards, key=lambda card: card.id, default=None)
