"""What the load generator is asked and what it answers: one JSON line each way."""

from typing import TypeAlias

import msgspec


class Bank(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server is, and what core, devices and cards were given when the house was set up."""

    server: str
    core_port: int
    api_key: str
    webhook_secret: str
    issuer_key: str
    device_key: str


class Load(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Complete approvals by `signers`: `in_flight` at any time, or `rate` a second whatever becomes of them.

    What counts is what ends within `seconds`, once `warm_up` seconds have passed. The generator reads the CPU of
    `server` and, where there is one, of `postmaster` and its children at both ends (process ids).
    """

    signers: int
    in_flight: int
    rate: float | None
    warm_up: float
    seconds: float
    server: int
    postmaster: int | None


class Gather(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Connect so many devices, nobody signed in, and keep them connected: they come back by themselves."""

    devices: int


class AwaitAll(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Wait until every device gathered is `synced` again since `since` (monotonic seconds)."""

    since: float
    patience: float


Job: TypeAlias = Load | Gather | AwaitAll


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """Percentiles, in milliseconds."""

    p50: float
    p95: float
    p99: float


class LoadResult(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """CPU in milliseconds an approval; `database` is 0 where it lives in the server's process.

    `asked_again` is how many requests an approval the clients had to repeat because the server said it may;
    `given_up` how many approvals of the run were not over after 30 s.
    """

    approvals: int
    per_second: float
    server: float
    database: float
    generator: float
    asked_again: float
    given_up: int
    open_to_told: Spread
    answer_to_released: Spread
    answer_to_shown: Spread


class Synced(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """How many devices are synced, when the last of them was (monotonic seconds), upgrades refused meanwhile."""

    devices: int
    last: float
    refused: int


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The job came to nothing; why."""

    reason: str


Result: TypeAlias = LoadResult | Synced | Failed


class JobFailed(Exception):
    """Something did not happen as it should; the text says what."""
