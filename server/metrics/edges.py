"""Ports that count what passes through them: the checker of proofs, the sender of releases."""

from approvals.delivery import Delivered, Outcome, Refused
from approvals.model.card import Card
from approvals.model.proof import CapProof, Verdict
from approvals.model.reader import ReaderInput
from approvals.model.release import Release
from approvals.ports.world import ProofChecker
from server.jobs.releaser import Sender
from server.metrics.figures import Figures


class CountingChecker:
    """Satisfies `ports.world.ProofChecker`."""

    def __init__(self, checker: ProofChecker, figures: Figures) -> None:
        self._checker = checker
        self._figures = figures

    async def check_cap(self, card: Card, asked: ReaderInput, proof: CapProof) -> Verdict:
        return self._counted(await self._checker.check_cap(card, asked, proof))

    async def check_resync(self, card: Card, first: CapProof, second: CapProof) -> Verdict:
        return self._counted(await self._checker.check_resync(card, first, second))

    def _counted(self, verdict: Verdict) -> Verdict:
        self._figures.proofs.labels("cap", "right" if verdict.right else "wrong").inc()
        return verdict


class CountingSender:
    """Satisfies `jobs.releaser.Sender`."""

    def __init__(self, sender: Sender, figures: Figures) -> None:
        self._sender = sender
        self._figures = figures

    async def send(self, release: Release) -> Outcome:
        outcome = await self._sender.send(release)
        self._figures.delivery_attempts.labels(_named(outcome)).inc()
        return outcome


def _named(outcome: Outcome) -> str:
    if isinstance(outcome, Delivered):
        return "delivered"
    return "refused" if isinstance(outcome, Refused) else "undecided"
