"""The load generator, a process of its own: core, devices and cards. Jobs come line by line, results go back.

python -m tests.bench.generator BANK.json
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, assert_never

import msgspec
import uvloop
from cryptography.hazmat.primitives.asymmetric import ec

from channels.frames import from_server
from tests.bench import load
from tests.bench.core import Core
from tests.bench.device import Device, Line
from tests.bench.doorway import Doorway
from tests.bench.jobs import AwaitAll, Bank, Failed, Gather, Job, JobFailed, Load, Result, Synced
from tests.bench.residents import pan_of, residents
from tests.bench.signer import Card, Signer, UnderWay

_LOOK_EVERY: Final = 0.05  # seconds
_GATHERING: Final = 600.0  # seconds for devices to connect: the server's door takes about 100 a second


class Generator:
    """Carries out jobs, one at a time; devices stay connected from one to the next."""

    def __init__(
        self, bank: Bank, core: Core, under_way: UnderWay, tasks: asyncio.TaskGroup, counters: Mapping[int, int]
    ) -> None:
        """`counters` is how far the cards were when the generator before this one ended, by company."""
        self._bank = bank
        self._counters = counters
        self._core = core
        self._under_way = under_way
        self._tasks = tasks
        self._doorway = Doorway()
        self._key = ec.derive_private_key(int(bank.device_key, 16), ec.SECP256R1())
        self._signers: list[Signer] = []
        self._crowd: list[Device] = []
        self._staying: list[asyncio.Task[None]] = []

    async def carry_out(self, job: Job) -> Result:
        """Raises JobFailed."""
        match job:
            case Load():
                return await load.run(job, await self._parties(job.signers))
            case Gather():
                return await self._gather(job.devices)
            case AwaitAll():
                return await self._all_synced(self._crowd, job.since, job.patience)
            case _:
                assert_never(job)

    @property
    def counters(self) -> dict[int, int]:
        """How far each card is, by company."""
        return {**self._counters, **{signer.company: signer.card.atc for signer in self._signers}}

    async def close(self) -> None:
        for task in self._staying:
            task.cancel()
        await asyncio.wait(self._staying) if self._staying else None
        await self._doorway.close()

    async def _parties(self, signers: int) -> load.Parties:
        """Connect the signers that are not yet, and hand out the first so many."""
        for company in range(len(self._signers), signers):
            signer = Signer(company, self._line(company), self._card(company), self._under_way)
            self._signers.append(signer)
            self._stay(signer.device)
        chosen = self._signers[:signers]
        await self._all_synced([signer.device for signer in chosen], 0.0, _GATHERING)
        free: asyncio.Queue[Signer] = asyncio.Queue()
        for signer in chosen:
            free.put_nowait(signer)
        return load.Parties(core=self._core, under_way=self._under_way, free=free)

    async def _gather(self, devices: int) -> Synced:
        for n, who in enumerate(residents(devices)):
            if n >= len(self._crowd):
                device = Device(who, self._line(n), _ignore)
                self._crowd.append(device)
                self._stay(device)
        return await self._all_synced(self._crowd, 0.0, _GATHERING)

    async def _all_synced(self, devices: Sequence[Device], since: float, patience: float) -> Synced:
        before, end = sum(device.refused for device in devices), time.monotonic() + patience
        while missing := sum(device.synced_at < since for device in devices):
            if time.monotonic() > end:
                raise JobFailed(f"{missing} of {len(devices)} devices were not synced in {patience:.0f} s")
            await asyncio.sleep(_LOOK_EVERY)
        return Synced(
            devices=len(devices),
            last=max(device.synced_at for device in devices),
            refused=sum(device.refused for device in devices) - before,
        )

    def _card(self, company: int) -> Card:
        return Card(bytes.fromhex(self._bank.issuer_key), pan_of(company), self._counters.get(company, 0))

    def _line(self, n: int) -> Line:
        return Line(server=self._bank.server, session=self._doorway.session_for(n), key=self._key)

    def _stay(self, device: Device) -> None:
        self._staying.append(self._tasks.create_task(device.stay()))


def _ignore(frame: from_server.FromServer) -> None:
    """An idle device does nothing with what it is sent."""
    del frame


@asynccontextmanager
async def _generating(bank: Bank, counters: Mapping[int, int]) -> AsyncIterator[Generator]:
    under_way = UnderWay()
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(Core.running(bank, under_way))
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        generator = Generator(bank, core, under_way, tasks, counters)
        try:
            yield generator
        finally:
            await generator.close()


async def _serve(bank: Bank, counters: Mapping[int, int]) -> dict[int, int]:
    """Carry out jobs until the input ends; return how far the cards are then."""
    loop = asyncio.get_running_loop()
    async with _generating(bank, counters) as generator:
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            try:
                result = await generator.carry_out(msgspec.json.decode(line, type=Job))
            except JobFailed as failure:
                result = Failed(reason=str(failure))
            sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
            sys.stdout.flush()
    return generator.counters


def main() -> None:
    """Work until the input ends."""
    bank_file = Path(sys.argv[1])
    bank = msgspec.json.decode(bank_file.read_bytes(), type=Bank)
    file = bank_file.with_name("counters.json")
    counters = msgspec.json.decode(file.read_bytes(), type=dict[int, int]) if file.exists() else {}
    file.write_bytes(msgspec.json.encode(uvloop.run(_serve(bank, counters))))


if __name__ == "__main__":
    main()
