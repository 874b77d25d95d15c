"""A bank on PostgreSQL, served at one address by real processes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.card_bridge.link.town import Town
from tests.flows.nodes import Bank
from tests.flows.nodes import bank as open_bank
from tests.postgresql import PostgresqlServer


@pytest.fixture
async def bank(postgresql_server: PostgresqlServer, tmp_path: Path) -> AsyncIterator[Bank]:
    async with open_bank(postgresql_server, tmp_path) as opened:
        yield opened


@pytest.fixture
async def town(bank: Bank) -> Town:
    town = Town(bank)
    await town.found()
    return town
