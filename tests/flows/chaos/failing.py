"""Carries out the faults of a plan as they fall due, and mends what it broke."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, assert_never

from tests.flows.chaos.core import Core
from tests.flows.chaos.keeping import House, Kept
from tests.flows.chaos.link import Link
from tests.flows.chaos.plan import (
    Due,
    Fault,
    Harm,
    HarmLink,
    JumpClock,
    KillAtCommit,
    KillCore,
    KillNode,
    KillPostgresql,
    KillRedis,
    PauseNode,
)
from tests.postgresql import PostgresqlServer

_TRIES: Final = 100
_BREATH: Final = 0.1


class Failing:
    """Breaks things. `done` counts the faults by name; `clocks_wrong_until` is seconds since 1970."""

    def __init__(self, house: House, kept: Sequence[Kept]) -> None:
        self._house = house
        self._kept = kept
        self._postgresql = asyncio.Lock()
        self._redis = asyncio.Lock()
        self.done: Counter[str] = Counter()
        self.clocks_wrong_until = 0.0

    async def run(self, faults: Sequence[Due]) -> None:
        """Break everything that is due, each in a task of its own; return when all is whole again."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for due in faults:
                await asyncio.sleep(max(began + due.at - time.monotonic(), 0))
                self.done[_name(due.fault)] += 1
                tasks.create_task(self._break(due.fault))
        self._mend()

    async def _break(self, fault: Fault) -> None:
        match fault:
            case KillNode(node=node):
                self._kept[node].kill()
            case KillAtCommit(node=node, commit=commit):
                self._kept[node].armed.add(commit)
            case PauseNode():
                await self._pause(fault)
            case JumpClock():
                await self._jump(fault)
            case KillPostgresql(seconds=seconds):
                await self._kill_postgresql(seconds)
            case KillRedis(seconds=seconds):
                await self._kill_redis(seconds)
            case KillCore(seconds=seconds):
                await self._kill_core(self._house.core, seconds)
            case HarmLink():
                await _harm(self._kept[fault.node].links[fault.place], fault.harm, fault.seconds)
            case _:
                assert_never(fault)

    async def _pause(self, fault: PauseNode) -> None:
        node = self._kept[fault.node].node
        if node is None or node.process.returncode is not None:
            return
        node.pause()
        await asyncio.sleep(fault.seconds)
        if node.process.returncode is None:
            node.go_on()

    async def _jump(self, fault: JumpClock) -> None:
        kept = self._kept[fault.node]
        kept.set_clock(fault.by)
        await asyncio.sleep(fault.seconds)
        kept.set_clock(0)
        self.clocks_wrong_until = time.time()

    async def _kill_postgresql(self, seconds: float) -> None:
        async with self._postgresql:
            kill_all(self._house.postgresql)
            try:
                await asyncio.sleep(seconds)
            finally:
                await _start(self._house.postgresql)

    async def _kill_redis(self, seconds: float) -> None:
        async with self._redis:
            self._house.redis.kill()
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self._house.redis.start)

    async def _kill_core(self, core: Core, seconds: float) -> None:
        core.die()
        await asyncio.sleep(seconds)
        core.revive()

    def _mend(self) -> None:
        """Mend the links; a commit that has not come yet still kills when it does."""
        for kept in self._kept:
            for link in kept.links.values():
                link.mend()


async def _harm(link: Link, harm: Harm, seconds: float) -> None:
    match harm:
        case Harm.CUT:
            link.cut()
        case Harm.SLOW:
            link.slow(seconds / 20)
        case Harm.FREEZE:
            link.freeze()
        case _:
            assert_never(harm)
    await asyncio.sleep(seconds)
    link.mend()


def kill_all(server: PostgresqlServer) -> None:
    """End every process of the server at once, as a power cut would: the postmaster first, then its children."""
    postmaster = int((server.home / "cluster" / "postmaster.pid").read_text("ascii").split()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text("ascii").split()
    for process in (postmaster, *map(int, children)):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it saw the postmaster die first


async def _start(server: PostgresqlServer) -> None:
    """Start again; refused while processes of the life before hold its memory."""
    for _ in range(_TRIES):
        try:
            await asyncio.to_thread(server.start)
        except RuntimeError:
            await asyncio.sleep(_BREATH)
        else:
            return
    raise RuntimeError("PostgreSQL does not come back")


def _name(fault: Fault) -> str:
    match fault:
        case HarmLink(place=place, harm=harm):
            return f"{harm} {place} link"
        case KillAtCommit():
            return "kill at commit"
        case KillNode():
            return "kill node"
        case PauseNode():
            return "pause node"
        case JumpClock():
            return "jump clock"
        case KillPostgresql():
            return "kill PostgreSQL"
        case KillRedis():
            return "kill Redis"
        case KillCore():
            return "core dead"
        case _:
            assert_never(fault)
