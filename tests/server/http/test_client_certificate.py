"""Which header is taken for a certificate shown in a handshake, at the node itself."""

from collections.abc import Sequence
from urllib.parse import quote

import pytest

from tests.desk.test_certificate_sign_in import last_reason
from tests.house import CLIENT, House, Person
from tests.pki import open_authority
from tests.server.http.site import Site, serving

HOST = "certificat.bank.test"
SHOWN = quote(open_authority().issued.pem.decode(), safe="")  # enrolled by nobody, so it is looked for in vain


async def refusal(site: Site, headers: Sequence[tuple[str, str]]) -> str:
    """Send these headers from the trusted proxy; return the audit's word for why nobody came in."""
    claim = {"client_identifier": CLIENT, "user_number": "001"}
    async with site.session.post(f"{site.origin}/v1/sessions/mtls", json=claim, headers=headers) as answered:
        assert (answered.status, (await answered.json())["code"]) == (401, "sign_in_refused")
    return await last_reason(site.house)


def showing(*values: str) -> list[tuple[str, str]]:
    return [("Host", HOST), *(("X-Client-Certificate", value) for value in values)]


async def test_one_header_for_the_named_host_is_looked_for(house: House, people: tuple[Person, ...]) -> None:
    assert people
    async with serving(house, proxies=("127.0.0.1",), mtls_host=HOST) as site:
        assert await refusal(site, showing(SHOWN)) == "certificate_unknown"


@pytest.mark.parametrize(
    "values",
    [(), ("",), (SHOWN, SHOWN), ("%ff%fe",), ("words",), (SHOWN[:-80],), (SHOWN.replace("%0A", "%00", 1)[:200],)],
    ids=["none", "empty", "twice", "no UTF-8", "words", "cut short", "spoilt"],
)
async def test_anything_else_is_no_certificate(house: House, people: tuple[Person, ...], values: Sequence[str]) -> None:
    assert people
    async with serving(house, proxies=("127.0.0.1",), mtls_host=HOST) as site:
        assert await refusal(site, showing(*values)) == "certificate_not_shown"


async def test_without_the_setting_no_header_is_believed(house: House, people: tuple[Person, ...]) -> None:
    assert people
    async with serving(house, proxies=("127.0.0.1",)) as site:
        assert await refusal(site, showing(SHOWN)) == "certificate_not_shown"
