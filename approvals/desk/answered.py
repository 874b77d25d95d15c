"""What a person is told of their proof, the first time and again (RULES 6)."""

from dataclasses import dataclass

from approvals.errors import AnswerInProgress, ProofNotChecked
from approvals.model.ids import ProofId
from approvals.model.proof import Answer, ProofStatus
from approvals.ports.book import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the signer is told; `replayed` when the same request had been answered before."""

    answer: Answer
    attempts_left: int
    replayed: bool = False


async def replay(ledger: Ledger, proof_id: ProofId) -> Answered:
    """Return the stored verdict; nothing is spent. Raises AnswerInProgress while there is none."""
    proof = await ledger.proofs.load(proof_id)
    if proof is None or proof.status is ProofStatus.CHECKING:
        raise AnswerInProgress("the same request is being checked: ask again")
    if proof.answer is None or proof.attempts_left is None:
        raise ProofNotChecked("the check took too long: send the code again, as a new request")
    return Answered(answer=proof.answer, attempts_left=proof.attempts_left, replayed=True)
