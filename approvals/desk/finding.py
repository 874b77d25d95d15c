"""A challenge as its transaction finds it: with its action, and with the challenges of the action's other signers."""

from dataclasses import dataclass

from approvals.credentials.adviser_refusals import OwnActUnsignable
from approvals.desk.presence import Presence
from approvals.desk.telling import Touched
from approvals.errors import NotFound
from approvals.model.action import Action
from approvals.model.challenge import Challenge
from approvals.model.ids import ChallengeId
from approvals.model.proof import Proof
from approvals.ports.book import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One of the challenges, and all there are of its action, by id."""

    action: Action
    challenges: tuple[Challenge, ...]
    challenge: Challenge

    def touched(self, proof: Proof | None = None) -> Touched:
        """Return what is about to change by the hand of the challenge's signer, and by which proof."""
        actor = f"user:{self.challenge.user_id}"
        return Touched(action=self.action, challenges=self.challenges, actor=actor, proof=proof)


async def find_own_challenge(ledger: Ledger, presence: Presence, challenge_id: ChallengeId) -> Found:
    """Return the person's own challenge; somebody else's is not told apart from none.

    Raises NotFound, OwnActUnsignable for a challenge of what they asked for themselves.
    """
    found = await _find(ledger, challenge_id)
    if found is None:
        raise NotFound("no such challenge of yours")
    if found.challenge.user_id == presence.user.id:
        return found
    if found.action.initiator == presence.user.id and not found.action.policy.initiator_may_sign:
        raise OwnActUnsignable("you asked for this: somebody else approves it")
    raise NotFound("no such challenge of yours")


async def find_proven(ledger: Ledger, proof: Proof) -> Found:
    """Return what a proof was offered for."""
    found = await _find(ledger, ChallengeId(proof.challenge_id or ""))
    if found is None:
        raise LookupError("a proof names a challenge the book does not hold")
    return found


async def _find(ledger: Ledger, challenge_id: ChallengeId) -> Found | None:
    read = await ledger.actions.of_challenge(challenge_id)
    if read is None:
        return None
    action, challenges = read
    (challenge,) = (each for each in challenges if each.id == challenge_id)
    return Found(action=action, challenges=challenges, challenge=challenge)
