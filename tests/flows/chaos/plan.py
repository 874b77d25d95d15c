"""What fails, and when: values drawn from the seed. Carrying them out is `failing`'s."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final, TypeAlias

from tests.flows.chaos.choices import draw
from tests.flows.chaos.commits import Commit

NODES: Final = 2
_ROUND: Final = 75.0  # seconds in which each other fault happens about once
_CALM: Final = 0.12
"""The last part of a run in which nothing new fails."""


class Place(StrEnum):
    """Which link of a node."""

    DEVICES = "devices"
    DATABASE = "database"
    REDIS = "redis"
    CORE = "core"


class Harm(StrEnum):
    """What is done to a link."""

    CUT = "cut"
    SLOW = "slow"
    FREEZE = "freeze"


@dataclass(frozen=True, slots=True, kw_only=True)
class KillNode:
    """SIGKILL at this instant."""

    node: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KillAtCommit:
    """SIGKILL when the next such commit is durable and before the node knows."""

    node: int
    commit: Commit


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseNode:
    """SIGSTOP for so many seconds."""

    node: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpClock:
    """The node's clock is wrong by so many seconds for so long."""

    node: int
    by: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KillPostgresql:
    """SIGKILL to all of it; started again after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KillRedis:
    """SIGKILL; started again after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmLink:
    """A link fails for so many seconds."""

    node: int
    place: Place
    harm: Harm
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KillCore:
    """The bank's core answers nobody for so many seconds."""

    seconds: float


Fault: TypeAlias = KillNode | KillAtCommit | PauseNode | JumpClock | KillPostgresql | KillRedis | HarmLink | KillCore


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A fault, and how many seconds after the beginning it happens."""

    at: float
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is asked: `rate` in actions a second, `may_wait` the first seconds whose actions may be left to expire."""

    seed: int
    seconds: float
    rate: float
    companies: int
    kills: int
    may_wait: float


def faults_of(seed: int, seconds: float, kills: int) -> list[Due]:
    """Return the faults of a run in order: so many nodes killed at random instants, all others by its length."""
    chance = draw(seed, "faults")
    drawn = [*_kills(chance, kills), *_others(chance, max(1, round(seconds / _ROUND)))]
    due = [Due(at=chance.uniform(1.0, max(seconds * (1 - _CALM), 2.0)), fault=fault) for fault in drawn]
    return sorted(due, key=lambda each: each.at)


def _kills(chance: Random, kills: int) -> Iterator[Fault]:
    for _ in range(kills):
        yield KillNode(node=chance.randrange(NODES))


def _others(chance: Random, rounds: int) -> Iterator[Fault]:
    """Yield what happens once a round, each drawn anew."""
    for _ in range(rounds):
        for commit in Commit:
            yield KillAtCommit(node=chance.randrange(NODES), commit=commit)
        yield PauseNode(node=chance.randrange(NODES), seconds=chance.uniform(1, 8))
        yield JumpClock(
            node=chance.randrange(NODES), by=chance.choice((-3600, -45, -3, 3, 45, 3600)), seconds=chance.uniform(1, 6)
        )
        yield KillPostgresql(seconds=chance.uniform(0, 2))
        yield KillRedis(seconds=chance.uniform(0, 8))
        yield KillCore(seconds=chance.uniform(1, 6))
        for place in Place:
            harm = chance.choice(list(Harm))
            yield HarmLink(node=chance.randrange(NODES), place=place, harm=harm, seconds=chance.uniform(0.5, 4))
