"""A bank and a Redis of its own for each test: they are killed, paused and filled with rubbish."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.flows.nodes import Bank
from tests.flows.nodes import bank as open_bank
from tests.postgresql import PostgresqlServer
from tests.redis_server import RedisServer, running_redis
from tests.server.outside.receiver import Receiver, answer, receiving


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
async def bank(postgresql_server: PostgresqlServer, tmp_path: Path) -> AsyncIterator[Bank]:
    async with open_bank(postgresql_server, tmp_path) as opened:
        yield opened


@pytest.fixture
async def core() -> AsyncIterator[Receiver]:
    """The bank's core, which takes every release."""
    async with receiving(answer(204)) as receiver:
        yield receiver
