"""A check that came to no verdict: the attempt it had spent is given back (RULES 7)."""

from dataclasses import replace
from datetime import datetime

from approvals.desk import counting
from approvals.desk.finding import find_proven
from approvals.desk.settling import Settling
from approvals.machine import CheckAbandoned, step
from approvals.model.audit import AuditEntry
from approvals.model.proof import Proof, ProofStatus
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock


class Abandoning:
    """Gives up a proof under way, once, whoever notices first."""

    def __init__(self, *, book: Book, clock: Clock, settling: Settling) -> None:
        self._book = book
        self._clock = clock
        self._settling = settling

    async def overdue(self, limit: int) -> int:
        """Give up the checks that outlived their time limit; return how many."""
        overdue = await self._book.reading(lambda ledger: ledger.proofs.overdue(self._clock.now(), limit))
        for proof in overdue:
            await self.give_up(proof)
        return len(overdue)

    async def give_up(self, proof: Proof, why: str | None = None) -> None:
        """`why` is the stable code of what kept it from being checked, for the audit."""

        async def work(ledger: Ledger) -> None:
            now = self._clock.now()
            abandoned = replace(proof, status=ProofStatus.NOT_CHECKED, judged_at=now)
            if not await ledger.proofs.settle(abandoned):
                return
            await counting.give_back(ledger, proof)
            if why is not None:
                await ledger.audit.append([_unchecked(proof, why, now)])
            if proof.challenge_id is not None:
                found = await find_proven(ledger, proof)
                returned = step(found.challenge, CheckAbandoned(), now).challenge
                before = found.touched()
                await self._settling.close(ledger, before, before.with_challenge(returned), now)

        await self._book.transaction(work)


def _unchecked(proof: Proof, why: str, now: datetime) -> AuditEntry:
    value = {"proof": proof.id, "reason": why}
    return AuditEntry(code="proof_not_checked", actor=f"user:{proof.user_id}", at=now, value=value)
