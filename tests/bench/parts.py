"""The parts of the benchmark: speed, sockets, size. Each brings its figures as plain values for table and JSON."""

import resource
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from tests.bench.databases import Place, require_durable
from tests.bench.fill import fill
from tests.bench.hired import Generator, generator
from tests.bench.installation import Installation, install
from tests.bench.jobs import AwaitAll, Gather, JobFailed, Load, LoadResult, Synced
from tests.bench.usage import resident_bytes

_FEW: Final = 5
"""Signers of the size part: all of those there are among 10 users."""
_PACE: Final = 8.0  # approvals a second of the size part: what five devices may send, 60 frames a minute each
_SETTLE: Final = 5.0  # seconds
_COME_BACK: Final = 600.0  # seconds
_SPARE_FILES: Final = 500


class SpeedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One load on one database."""

    database: str
    load: str
    result: LoadResult


class SizeLine(msgspec.Struct, frozen=True, kw_only=True):
    """CPU of an approval in a book of this size, and the load it was measured under."""

    database: str
    actions: int
    users: int
    result: LoadResult


class Sockets(msgspec.Struct, frozen=True, kw_only=True):
    """What idle devices cost, and how they came back after the server was killed.

    `back` counts seconds from the moment the new server was ready until the last device was synced; `refused` the
    upgrades its door turned away meanwhile.
    """

    database: str
    devices: int
    bytes_each: float
    gathering: float
    back: float
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is done. `past` is how many actions the book of the speed part already holds: no bank starts empty."""

    signers: int
    in_flight: tuple[int, ...]
    warm_up: float
    seconds: float
    past: int
    sizes: tuple[int, ...]
    users: tuple[int, int]
    devices: int


WHOLE: Final = Scale(
    signers=500,
    in_flight=(1, 16, 64),
    warm_up=4.0,
    seconds=20.0,
    past=20_000,
    sizes=(1_000, 1_000_000),
    users=(10, 10_000),
    devices=10_000,
)
QUICK: Final = Scale(
    signers=100,
    in_flight=(1, 16),
    warm_up=2.0,
    seconds=6.0,
    past=2_000,
    sizes=(100, 10_000),
    users=(10, 1_000),
    devices=500,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running:
    """A house being served, with the generator at its door."""

    installation: Installation
    server: Process
    generator: Generator

    async def load(self, signers: int, *, in_flight: int, rate: float | None, scale: Scale) -> LoadResult:
        job = Load(
            signers=signers,
            in_flight=in_flight,
            rate=rate,
            warm_up=scale.warm_up,
            seconds=scale.seconds,
            server=self.server.pid,
            postmaster=self.installation.place.postmaster,
        )
        return await self.generator.do(job, LoadResult)


Told = Callable[[str], None]


@asynccontextmanager
async def _house(place: Place, people: int, tell: Told) -> AsyncIterator[Installation]:
    """Set up a house with so many people, once its database was found durable."""
    with tempfile.TemporaryDirectory(prefix="contreseing-bench-") as folder:
        tell(f"{place.name}: setting up a house of {people} people")
        installation = await install(Path(folder), place)
        found = await require_durable(place)
        tell(f"{place.name}: {', '.join(f'{name} = {value}' for name, value in found.items())}")
        await installation.house(range(people // 2))
        yield installation


@asynccontextmanager
async def _running(installation: Installation) -> AsyncIterator[_Running]:
    async with (
        installation.serving() as server,
        generator(installation.folder / "bank.json") as hired,
    ):
        yield _Running(installation=installation, server=server, generator=hired)


async def speed(place: Place, scale: Scale, tell: Told) -> list[SpeedLine]:
    """Approvals by as many in flight as asked, then at half the best rate. Raises JobFailed."""
    lines: list[SpeedLine] = []

    async def measure(load: str, *, in_flight: int, rate: float | None) -> None:
        tell(f"{place.name}: {load}, {scale.warm_up + scale.seconds:.0f} s")
        result = await running.load(scale.signers, in_flight=in_flight, rate=rate, scale=scale)
        lines.append(SpeedLine(database=place.name, load=load, result=result))
        tell(f"{place.name}: {result.per_second:.0f} approvals/s, {result.server + result.database:.1f} ms of CPU each")

    async with _house(place, scale.signers * 2, tell) as installation:
        await _live(installation, scale)
        await _grow(installation, range(scale.past), scale.signers, tell)
        async with _running(installation) as running:
            for in_flight in scale.in_flight:
                await measure(f"{in_flight} in flight", in_flight=in_flight, rate=None)
            half = max(line.result.per_second for line in lines) / 2
            await measure("half load", in_flight=0, rate=half)
    return lines


async def sockets(place: Place, scale: Scale, tell: Told) -> Sockets:
    """Connect idle devices, weigh them, kill the server, and see them come back. Raises JobFailed."""
    _allow_files(scale.devices + _SPARE_FILES)
    first = scale.devices // 20
    async with (
        _house(place, scale.devices, tell) as installation,
        generator(installation.folder / "bank.json") as hired,
    ):
        async with installation.serving() as server:
            await hired.do(Gather(devices=first), Synced)  # what the first ones cost is the server's, not theirs
            before, began = resident_bytes(server.pid), time.monotonic()
            tell(f"{place.name}: connecting {scale.devices} devices")
            gathered = await hired.do(Gather(devices=scale.devices), Synced)
            after = resident_bytes(server.pid)
            tell(f"{place.name}: killing the server")
            server.kill()
            await server.wait()
        async with installation.serving():
            ready = time.monotonic()
            back = await hired.do(AwaitAll(since=ready - _SETTLE, patience=_COME_BACK), Synced)
    return Sockets(
        database=place.name,
        devices=scale.devices,
        bytes_each=(after - before) / (scale.devices - first),
        gathering=gathered.last - began,
        back=back.last - ready,
        refused=back.refused,
    )


async def size(place: Place, scale: Scale, tell: Told) -> list[SizeLine]:
    """Measure the same few signers in a book that grows: in actions, then in users. Raises JobFailed."""
    lines: list[SizeLine] = []
    few, many = scale.users

    async def measure(actions: int, users: int) -> None:
        tell(f"{place.name}: {actions} actions, {users} users")
        async with _running(installation) as running:
            result = await running.load(_FEW, in_flight=0, rate=_PACE, scale=scale)
        lines.append(SizeLine(database=place.name, actions=actions, users=users, result=result))

    async with _house(place, few, tell) as installation:
        await _live(installation, scale)
        stored = 0
        for actions in scale.sizes:
            await _grow(installation, range(stored, actions), few // 2, tell)
            await measure(actions, few)
            stored = actions
        tell(f"{place.name}: {many - few} more people move in")
        await installation.house(range(few // 2, many // 2))
        await measure(stored, many)
    return lines


async def small_book_many_users(place: Place, scale: Scale, tell: Told) -> SizeLine:
    """Measure the fourth corner: few stored actions, many users. Raises JobFailed."""
    actions, users = scale.sizes[0], scale.users[1]
    async with _house(place, users, tell) as installation:
        await _live(installation, scale)
        await _grow(installation, range(actions), users // 2, tell)
        tell(f"{place.name}: {actions} actions, {users} users")
        async with _running(installation) as running:
            result = await running.load(_FEW, in_flight=0, rate=_PACE, scale=scale)
    return SizeLine(database=place.name, actions=actions, users=users, result=result)


async def _live(installation: Installation, scale: Scale) -> None:
    """Let a few approvals take place: the model of those that are filled in."""
    short = replace(scale, warm_up=1.0, seconds=3.0)
    async with _running(installation) as running:
        await running.load(_FEW, in_flight=0, rate=2.0, scale=short)


async def _grow(installation: Installation, numbers: range, companies: int, tell: Told) -> None:
    """Store these numbers of past approvals; nobody may be connected, for they would be told of them all."""
    name = installation.place.name

    def said(done: int) -> None:
        tell(f"{name}: {done:,} of {numbers.stop:,} past actions stored")

    await fill(installation.place, numbers, companies=companies, tell=said)


def _allow_files(wanted: int) -> None:
    """Raise this process's limit of open files, and so its children's. Raises JobFailed."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise JobFailed(f"{wanted} open files are needed and {hard} allowed: raise the hard limit (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
