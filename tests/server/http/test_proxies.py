from collections.abc import AsyncIterator

import pytest

from tests.house import CLIENT, House, Person
from tests.server.http.site import Site, serving


@pytest.fixture
async def site(house: House, people: tuple[Person, ...]) -> AsyncIterator[Site]:
    assert people
    async with serving(house, proxies=("127.0.0.1",)) as served:
        yield served


async def fail(site: Site, number: str, address: str) -> int:
    """One wrong sign-in, through the proxy; return the status."""
    claim = f'{{"client_identifier": "{CLIENT}", "user_number": "{number}", "code": "000000"}}'
    headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
    return (await site.nobody.call("POST", "/v1/sessions", content=claim.encode(), headers=headers)).status


async def test_behind_a_trusted_proxy_each_caller_is_slowed_alone(site: Site) -> None:
    statuses = [await fail(site, f"9{n}", "203.0.113.9") for n in range(12)]
    assert statuses[-1] == 429
    assert await fail(site, "999", "203.0.113.10") == 401


async def test_a_caller_cannot_lie_past_the_proxy(site: Site) -> None:
    statuses = [await fail(site, f"9{n}", f"198.51.100.{n}, 203.0.113.9") for n in range(12)]
    assert statuses[-1] == 429
