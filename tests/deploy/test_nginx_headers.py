"""What really reaches a node through nginx, place by place, whatever header a caller forges."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from ssl import SSLContext
from urllib.parse import quote, unquote

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web

from tests.deploy.nginx_reading import places, read
from tests.deploy.proxy import CONFIGURATION, MTLS, MTLS_HOST, Proxy, running_proxy
from tests.fakes import START
from tests.pki import YEARS, Issued, IssuingAuthority, Wish, open_authority

HEADER = "X-Client-Certificate"
FORGED = ["forged", quote("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", safe="")]


def paths(configuration: Path) -> list[str]:
    """A path of each place that passes requests on; what is below a prefix stands for it."""
    return [place.name.split()[-1] for place in places(read(configuration.read_text("utf-8")))]


@dataclass(kw_only=True)
class Listening:
    """nginx before a node that writes down what it is told."""

    proxy: Proxy
    authority: IssuingAuthority
    told: list[list[str]] = field(default_factory=list)

    async def send(self, path: str, host: str, forged: str, context: SSLContext) -> list[str]:
        """Ask for the path with the header forged twice, in two spellings; return what the node was told."""
        headers = [("Host", host), (HEADER, forged), (HEADER.lower(), forged), (HEADER.replace("-", "_"), forged)]
        async with (
            ClientSession() as session,
            session.post(
                f"{self.proxy.origin}{path}", data=b"{}", headers=headers, ssl=context, server_hostname=host
            ) as answered,
        ):
            assert answered.status == 200
        return self.told.pop()

    def showing(self, issued: Issued) -> SSLContext:
        file = self.proxy.home / "shown.pem"
        file.write_bytes(issued.pem + issued.key_pem)
        context = self.proxy.trusting
        context.load_cert_chain(file)
        return context


@pytest_asyncio.fixture
async def listening(tmp_path: Path) -> AsyncIterator[Listening]:
    told: list[list[str]] = []

    async def write_down(request: web.Request) -> web.Response:
        told.append([value for name, value in request.headers.items() if "certificate" in name.lower()])
        return web.Response()

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", write_down)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        authority = open_authority()
        node = runner.addresses[0][1]
        async with running_proxy(tmp_path / "nginx", [node], authority.issued.pem.decode()) as proxy:
            yield Listening(proxy=proxy, authority=authority, told=told)
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("path", paths(CONFIGURATION))
async def test_on_the_ordinary_host_no_certificate_reaches_a_node(listening: Listening, path: str, forged: str) -> None:
    assert await listening.send(path, "127.0.0.1", forged, listening.proxy.trusting) == []


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("path", paths(MTLS))
async def test_on_the_mtls_host_it_is_the_handshakes_alone(listening: Listening, path: str, forged: str) -> None:
    issued = listening.authority.issue(Wish(not_before=START - YEARS, not_after=START + 2 * YEARS))
    told = await listening.send(path, MTLS_HOST, forged, listening.showing(issued))
    assert [unquote(each) for each in told] == [issued.pem.decode()]
