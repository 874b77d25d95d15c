"""Complete approvals, so many in flight or so many a second, and what they took."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.bench.core import Core
from tests.bench.jobs import JobFailed, Load, LoadResult, Spread
from tests.bench.signer import Approval, Signer, UnderWay
from tests.bench.usage import cpu_of, cpu_of_family

_PATIENCE: Final = 30.0  # seconds for one approval
_MOST: Final = 100_000  # approvals a run


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who takes part; a signer is in `free` while they have nothing to sign."""

    core: Core
    under_way: UnderWay
    free: asyncio.Queue[Signer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """CPU milliseconds so far, and when (monotonic seconds)."""

    at: float
    server: float
    database: float
    generator: float


@dataclass(slots=True)
class _Run:
    """The approvals of one run; the first failure ends it."""

    parties: Parties
    number: str
    ended: list[Approval] = field(default_factory=list)
    begun: int = 0
    given_up: int = 0
    is_over: bool = False

    async def one(self, began: float | None = None) -> None:
        """Carry one approval from the opening to the release shown, or give it up in the end. Raises JobFailed."""
        signer = await self.parties.free.get()
        self.begun += 1
        reference = f"{self.number}-{self.begun}"
        approval = Approval(began=began or time.monotonic())
        self.parties.under_way.begin(reference, approval)
        try:
            async with asyncio.timeout(_PATIENCE):
                approval.asked_again += await self.parties.core.open(signer.company, reference)
                await signer.answer(await approval.asked, approval)
                await approval.ended
                await signer.acknowledge()
            self.ended.append(approval)
        except TimeoutError:
            self.given_up += 1
        finally:
            self.parties.under_way.forget(reference)
            self.parties.free.put_nowait(signer)

    async def one_after_another(self) -> None:
        while not self.is_over and self.begun < _MOST:
            await self.one()

    async def at_rate(self, per_second: float) -> None:
        """Begin at even times, whatever becomes of those before; a late begin counts from when it was due."""
        async with asyncio.TaskGroup() as tasks:
            due = time.monotonic()
            while not self.is_over and self.begun < _MOST:
                await asyncio.sleep(max(due - time.monotonic(), 0))
                tasks.create_task(self.one(due))
                due += 1 / per_second


async def run(job: Load, parties: Parties) -> LoadResult:
    """Run one load and measure its middle. Raises JobFailed."""
    current = _Run(parties, f"{time.time_ns():x}")
    try:
        async with asyncio.TaskGroup() as tasks:
            if job.rate is None:
                for _ in range(job.in_flight):
                    tasks.create_task(current.one_after_another())
            else:
                tasks.create_task(current.at_rate(job.rate))
            await asyncio.sleep(job.warm_up)
            before = _read(job)
            await asyncio.sleep(job.seconds)
            after = _read(job)
            current.is_over = True
    except ExceptionGroup as failures:
        raise JobFailed(str(failures.exceptions[0])) from failures
    return result_of(before, after, current.ended, current.given_up)


def _read(job: Load) -> Reading:
    return Reading(
        at=time.monotonic(),
        server=cpu_of(job.server),
        database=0.0 if job.postmaster is None else cpu_of_family(job.postmaster),
        generator=time.process_time() * 1000,
    )


def result_of(before: Reading, after: Reading, ended: Sequence[Approval], given_up: int) -> LoadResult:
    """Count what ended between the two readings. Raises JobFailed when nothing did."""
    within = [approval for approval in ended if before.at <= approval.shown < after.at]
    if not within:
        raise JobFailed("no approval ended while it was measured")
    count = len(within)
    return LoadResult(
        approvals=count,
        per_second=count / (after.at - before.at),
        server=(after.server - before.server) / count,
        database=(after.database - before.database) / count,
        generator=(after.generator - before.generator) / count,
        asked_again=sum(each.asked_again for each in within) / count,
        given_up=given_up,
        open_to_told=spread([each.told - each.began for each in within]),
        answer_to_released=spread([each.released - each.answered for each in within]),
        answer_to_shown=spread([each.shown - each.answered for each in within]),
    )


def spread(seconds: Sequence[float]) -> Spread:
    """Return percentiles by nearest rank, in milliseconds."""
    ranked = sorted(seconds)

    def rank(percent: int) -> float:
        return ranked[math.ceil(len(ranked) * percent / 100) - 1] * 1000

    return Spread(p50=rank(50), p95=rank(95), p99=rank(99))
