from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from server.outside.revocation.fetching import Limits
from server.outside.revocation.validator import RevocationValidator, open_validator
from tests.revocation.authority_house import AuthorityHouse, running_authority


@pytest.fixture
async def house() -> AsyncIterator[AuthorityHouse]:
    async with running_authority() as running:
        yield running


@pytest.fixture
async def validator() -> AsyncIterator[RevocationValidator]:
    async with open_validator(Limits(ocsp_time=timedelta(seconds=1), crl_time=timedelta(seconds=2))) as opened:
        yield opened
