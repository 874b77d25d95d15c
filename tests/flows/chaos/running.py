"""One run: things fail while people work, everything is mended, every end is waited for, and what remains is judged."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from tests.bench.databases import durable_postgresql
from tests.flows.chaos.book import heads, read_book, under_way
from tests.flows.chaos.core import Core
from tests.flows.chaos.figures import Figures, figures_of
from tests.flows.chaos.journal import Journal
from tests.flows.chaos.judging import breaches
from tests.flows.chaos.keeping import House
from tests.flows.chaos.living import Town, living, running
from tests.flows.chaos.plan import Run, faults_of
from tests.flows.chaos.waiting import until
from tests.flows.nodes import bank as open_bank
from tests.redis_server import running_redis

_PATIENCE: Final = 150.0  # seconds for everything to come to its end once it is mended
_TELL_EVERY: Final = 10.0
_LOOK_AGAIN: Final = 2.0

Told: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The breaches found, none in a good run, and what took place."""

    breaches: Sequence[str]
    figures: Figures


async def carry_out(run: Run, folder: Path, tell: Told) -> Outcome:
    """Live through the run in a folder of its own; `tell` hears how far it is."""
    journal = Journal()
    with durable_postgresql() as postgresql, running_redis() as redis:
        async with Core.running(run.seed, journal) as core, open_bank(postgresql, folder) as bank:
            house = House(bank=bank, postgresql=postgresql, redis=redis, core=core, folder=folder)
            async with living(run, house, journal) as town:
                return await _observe(run, town, tell)


async def _observe(run: Run, town: Town, tell: Told) -> Outcome:
    """Let things fail while people work, mend them, wait for every end, and judge."""
    began = time.monotonic()
    faults = faults_of(run.seed, run.seconds, run.kills)
    async with running([_progress(town, tell)]):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(town.opener.run(rate=run.rate, seconds=run.seconds, may_wait=run.may_wait))
            tasks.create_task(town.failing.run(faults))
        mended = time.monotonic()
        tell(f"everything is mended after {mended - began:.0f} s; now every action is to come to its end")
        has_ended = await _drain(town)
        settled = time.monotonic() - mended
    book = await read_book(town.house.bank.database)
    figures = figures_of(town.journal, book, town.kept, town.failing.done, settled)
    unended = [] if has_ended else [f"not everything had ended and was known {_PATIENCE:.0f} s after all was mended"]
    return Outcome(breaches=[*unended, *breaches(town.journal, book)], figures=figures)


async def _drain(town: Town) -> bool:
    """Wait until all is over and every device knows, and take back what nobody signed; whether it came to that."""
    try:
        async with asyncio.timeout(_PATIENCE):
            await until(lambda: all(signer.is_idle for signer in town.signers))
            while not await _is_over(town):
                await town.opener.take_back_the_rest()
                await asyncio.sleep(_LOOK_AGAIN)
            await until(lambda: all(signer.is_idle for signer in town.signers))
    except TimeoutError:
        return False
    return True


async def _is_over(town: Town) -> bool:
    """Every action and check has ended, and every device has read its inbox to the head."""
    if await under_way(town.house.bank.database):
        return False
    known = await heads(town.house.bank.database)
    return all(phone.read_up_to >= known.get(phone.journal.user, 0) for phone in town.phones)


async def _progress(town: Town, tell: Told) -> None:
    began = time.monotonic()
    while True:
        await asyncio.sleep(_TELL_EVERY)
        synced = sum(phone.is_synced for phone in town.phones)
        kills = sum(each.kills for each in town.kept)
        tell(
            f"{time.monotonic() - began:4.0f} s: {len(town.journal.asked)} asked, {len(town.house.core.applied)} "
            f"applied, {kills} kills, {town.failing.done.total()} faults, {synced} devices synced"
        )
