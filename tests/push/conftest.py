from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from channels.push.web_push import open_push_session


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with open_push_session() as opened:
        yield opened
