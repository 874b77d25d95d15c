"""A node as its machine keeps it: started again whenever it died, behind links that can fail, with a clock of its own.

The clock is libfaketime's, preloaded; it moves the calendar alone, for the monotonic clock drives timers.
"""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from deploy.demo.places import AUDIENCE, ENVIRONMENT, ISSUER
from tests.flows.chaos.commits import Commit, CommitWatch
from tests.flows.chaos.core import Core
from tests.flows.chaos.link import Link, to_port, to_socket
from tests.flows.chaos.plan import Place
from tests.flows.nodes import Bank, Node
from tests.postgresql import PostgresqlServer
from tests.redis_server import RedisServer

_ACTION_LIFE: Final = 60  # seconds, the shortest there is
_BREATH: Final = 0.1
_MISSING: Final = """
libfaketime was not found, and jumping clocks need it.
Debian and Ubuntu: apt-get install faketime.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What both nodes share."""

    bank: Bank
    postgresql: PostgresqlServer
    redis: RedisServer
    core: Core
    folder: Path


@dataclass(slots=True, kw_only=True)
class Kept:
    """One node over all its lives, kept in `past`. `armed` commits kill it; `killed_at` counts those that did."""

    links: Mapping[Place, Link]
    clock: Path
    node: Node | None = None
    kills: int = 0
    false_starts: int = 0
    armed: set[Commit] = field(default_factory=set)
    killed_at: Counter[Commit] = field(default_factory=Counter)
    past: list[Node] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def behind_links(cls, house: House, number: int) -> AsyncIterator[Self]:
        """Lay the links; `live` starts the node."""
        clock = house.folder / f"clock-{number}"
        clock.write_text("+0", "ascii")
        clock.chmod(0o644)
        async with AsyncExitStack() as stack:
            kept = cls(links={}, clock=clock)
            dials = {
                Place.DEVICES: to_port(lambda: kept.node.port if kept.node else 0),
                Place.DATABASE: to_socket(f"{house.postgresql.home}/.s.PGSQL.5432"),
                Place.REDIS: to_port(lambda: house.redis.port),
                Place.CORE: to_port(lambda: house.core.port),
            }
            watches = {Place.DATABASE: lambda: CommitWatch(kept.committed)}
            kept.links = {
                place: await stack.enter_async_context(
                    Link.running(dial, watches[place]) if place in watches else Link.running(dial)
                )
                for place, dial in dials.items()
            }
            yield kept

    @property
    def door(self) -> str:
        """Where devices and the core reach it, whatever life it is in."""
        return f"http://127.0.0.1:{self.links[Place.DEVICES].port}"

    async def live(self, house: House) -> None:
        """Start it as often as it dies, until cancelled."""
        while True:
            try:
                async with self._bank(house).node(**self._settings(house)) as self.node:
                    self.past.append(self.node)
                    await self.node.process.wait()
            except (AssertionError, ValueError):  # it did not come up, and said so in plain words: PostgreSQL is away
                self.false_starts += 1
            finally:
                self.node = None
            await asyncio.sleep(_BREATH)

    def kill(self) -> None:
        """SIGKILL, if it lives."""
        if self.node is not None and self.node.process.returncode is None:
            self.node.process.send_signal(signal.SIGKILL)
            self.kills += 1

    def committed(self, commit: Commit) -> None:
        """A commit is durable and the node does not know: the moment to die. Raises ConnectionError then."""
        if commit in self.armed:
            self.armed.discard(commit)
            self.killed_at[commit] += 1
            self.kill()
            raise ConnectionAbortedError

    def set_clock(self, seconds: int) -> None:
        """Put the calendar so far ahead of the machine's."""
        self.clock.write_text(f"{seconds:+d}", "ascii")

    def _bank(self, house: House) -> Bank:
        environment = {
            **house.bank.environment,
            "LD_PRELOAD": str(faketime_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.clock),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        return replace(house.bank, environment=environment)

    def _settings(self, house: House) -> dict[str, str]:
        database = f"127.0.0.1:{self.links[Place.DATABASE].port}/{database_name(house.bank)}"
        return {
            "DATABASE__URL": f"postgresql://postgres@{database}?sslmode=disable",
            "FANOUT__REDIS_URL": f"redis://127.0.0.1:{self.links[Place.REDIS].port}/0",
            "FANOUT__REREAD_EVERY": "5",
            "CORE__WEBHOOK": f"http://127.0.0.1:{self.links[Place.CORE].port}/releases",
            "APPROVALS__ENVIRONMENT": ENVIRONMENT,
            "APPROVALS__ISSUER": ISSUER,
            "APPROVALS__AUDIENCE": AUDIENCE,
            "APPROVALS__ACTION_LIFE": str(_ACTION_LIFE),
            "APPROVALS__CHECK_LIMIT": "2",
        }


def database_name(bank: Bank) -> str:
    """Return the name in the URL of the bank's database."""
    return bank.environment["CONTRESEING_DATABASE__URL"].removeprefix("postgresql://postgres@/").partition("?")[0]


def faketime_library() -> Path:
    """Return libfaketime for programs with threads. Raises RuntimeError where the machine lacks it."""
    for folder in (Path("/usr/lib"), Path("/usr/local/lib")):
        for found in folder.glob("**/faketime/libfaketimeMT.so.1"):
            return found
    raise RuntimeError(_MISSING)
