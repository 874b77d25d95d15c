"""Ports that count what passes through them: the checker of proofs, the senders of releases and of push."""

from collections.abc import Sequence

from approvals.delivery import Delivered, Outcome, Refused
from approvals.model.card import Card
from approvals.model.proof import CapProof, Verdict
from approvals.model.push import PushChannel
from approvals.model.reader import ReaderInput
from approvals.model.release import Release
from approvals.ports.world import ProofChecker
from channels.push import outcomes as push
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


class CountingPush:
    """Satisfies `channels.push.outcomes.PushSender`."""

    def __init__(self, channel: PushChannel, sender: push.PushSender, figures: Figures) -> None:
        self._channel = channel
        self._sender = sender
        self._figures = figures

    @property
    def at_once(self) -> int:
        return self._sender.at_once

    async def send(self, parcels: Sequence[push.Parcel]) -> Sequence[push.Outcome]:
        outcomes = await self._sender.send(parcels)
        for outcome in outcomes:
            self._figures.push.labels(self._channel.value, type(outcome).__name__.lower()).inc()
        return outcomes


def _named(outcome: Outcome) -> str:
    if isinstance(outcome, Delivered):
        return "delivered"
    return "refused" if isinstance(outcome, Refused) else "undecided"
