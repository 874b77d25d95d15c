"""Codes of an action computed again with the cards' keys, inside the bank: no auditor can do it alone (RULES 33)."""

from collections.abc import Sequence
from dataclasses import dataclass

from approvals.errors import NotFound
from approvals.model.ids import ActionId, CardId
from approvals.model.proof import Proof, ProofStatus
from approvals.ports.book import Book, Ledger
from approvals.ports.world import CodeRechecker


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """One right proof by card; `holds` when the card's key gives the code that was taken."""

    proof: Proof
    holds: bool


class RecheckDesk:
    """Checks once more what was accepted."""

    def __init__(self, *, book: Book, checker: CodeRechecker) -> None:
        self._book = book
        self._checker = checker

    async def recheck(self, action_id: ActionId) -> Sequence[Rechecked]:
        """Return every right proof by card of an action, by time. Raises NotFound."""

        async def work(ledger: Ledger) -> Sequence[Rechecked]:
            if await ledger.actions.load(action_id) is None:
                raise NotFound("no such action")
            proofs = await ledger.proofs.of_action(action_id)
            by_card = [proof for proof in proofs if proof.status is ProofStatus.RIGHT and proof.card_id is not None]
            return [Rechecked(proof=proof, holds=await self._holds(ledger, action_id, proof)) for proof in by_card]

        return await self._book.reading(work)

    async def _holds(self, ledger: Ledger, action_id: ActionId, proof: Proof) -> bool:
        challenges = {each.id: each for each in await ledger.challenges.of_action(action_id)}
        challenge = challenges.get(proof.challenge_id) if proof.challenge_id else None
        card = await ledger.cards.load(proof.card_id or CardId(""))
        if challenge is None or challenge.reader_input is None or card is None or proof.verdict is None:
            return False
        return self._checker.recheck(card, challenge.reader_input, proof.verdict)
