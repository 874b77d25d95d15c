"""deploy/nginx.conf at work: real nginx, two real nodes, TLS, from the outside."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
import websockets
from websockets.typing import Subprotocol

from deploy.demo.places import CLIENT, INITIATOR, Places
from tests.demo_bank import SetUp
from tests.deploy.nodes import Bank, running_bank
from tests.deploy.proxy import Proxy, running_proxy
from tests.ports import free_ports

pytestmark = pytest.mark.asyncio(loop_scope="module")

TRUSTED = {"CONTRESEING_SERVER__TRUSTED_PROXIES": '["127.0.0.1"]'}
MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bank(tmp_path_factory: pytest.TempPathFactory, demo_bank: SetUp) -> AsyncIterator[Bank]:
    server_port, core_port = free_ports(2)
    home = tmp_path_factory.mktemp("behind-nginx") / "bank"
    places = Places(home=home, server_port=server_port, core_port=core_port)
    await demo_bank(places)
    async with running_bank(places, TRUSTED) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def proxy(bank: Bank) -> AsyncIterator[Proxy]:
    async with running_proxy(bank.places.home / "nginx", ports(bank)) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def ports(bank: Bank) -> list[int]:
    return [node.port for node in bank.nodes]


async def fail(proxy: Proxy, number: int, source: str, forged: str) -> int:
    """One wrong sign-in from an address of this machine, with a forged header; return the status."""
    claim = {"client_identifier": CLIENT, "user_number": str(number), "code": "00000000"}
    connector = aiohttp.TCPConnector(local_addr=(source, 0), ssl=proxy.trusting)
    async with (
        aiohttp.ClientSession(connector=connector) as other,
        other.post(
            f"{proxy.origin}/v1/sessions", json=claim, headers={"X-Forwarded-For": forged, "X-Real-IP": forged}
        ) as response,
    ):
        return response.status


async def test_a_person_signs_in_through_the_proxy_and_metrics_stay_inside(
    session: aiohttp.ClientSession, proxy: Proxy, bank: Bank
) -> None:
    async with session.post(f"{proxy.origin}/v1/sessions", json=bank.claim(), ssl=proxy.trusting) as response:
        assert response.status == 201
        assert "Strict-Transport-Security" in response.headers
        assert "nginx/" not in response.headers["Server"]
    for path in ("/health/ready", "/health/live", "/metrics"):
        async with session.get(f"{proxy.origin}{path}", ssl=proxy.trusting) as response:
            assert response.status == 404
    async with session.get(f"http://127.0.0.1:{proxy.plain_port}/docs", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (308, "https://127.0.0.1/docs")


async def test_each_caller_is_slowed_under_their_own_address_whatever_they_claim(proxy: Proxy) -> None:
    statuses = [await fail(proxy, 10 + n, "127.0.0.8", f"198.51.100.{n}") for n in range(12)]
    assert statuses[0] == 401
    assert statuses[-1] == 429  # twelve forged addresses were one
    assert await fail(proxy, 30, "127.0.0.9", "198.51.100.1") == 401  # another's failures are not theirs


async def test_streams_go_through_and_spread_over_the_nodes(proxy: Proxy) -> None:
    def connect() -> websockets.connect:
        return websockets.connect(proxy.stream, ssl=proxy.trusting, subprotocols=[Subprotocol("contreseing.v1")])

    async with connect() as one, connect() as other:
        for socket in (one, other):
            assert json.loads(await socket.recv())["type"] == "challenge"
            assert socket.subprotocol == "contreseing.v1"
    opened = [line for line in await lines(proxy, 2) if line["path"] == "/v1/stream"][:2]
    assert {(line["status"], line["address"]) for line in opened} == {(101, "127.0.0.1")}
    assert len({line["node"] for line in opened}) == 2


async def test_a_flood_of_upgrades_is_one_callers_whatever_they_claim(proxy: Proxy) -> None:
    statuses = [await upgrade(proxy, "127.0.0.8", f"198.51.100.{n}") for n in range(250)]
    assert 429 in statuses
    assert await upgrade(proxy, "127.0.0.9", "198.51.100.1") == 101


async def upgrade(proxy: Proxy, source: str, forged: str) -> int:
    """Open a stream from an address of this machine, with a forged header, and leave; return the status."""
    connector = aiohttp.TCPConnector(local_addr=(source, 0), ssl=proxy.trusting)
    headers = {"X-Forwarded-For": forged}
    async with aiohttp.ClientSession(connector=connector) as session:
        try:
            async with session.ws_connect(proxy.stream, protocols=["contreseing.v1"], headers=headers):
                return 101
        except aiohttp.WSServerHandshakeError as refusal:
            return refusal.status


async def lines(proxy: Proxy, streams: int) -> list[dict[str, object]]:
    """The access log once this many streams have ended: nginx writes a line at the end."""
    for _ in range(200):
        if proxy.access_log.count("/v1/stream") >= streams:
            break
        await asyncio.sleep(0.05)
    return [json.loads(line) for line in proxy.access_log.splitlines()]


async def test_a_node_that_is_killed_costs_nobody_their_request(
    session: aiohttp.ClientSession, places: Places, demo_bank: SetUp
) -> None:
    await demo_bank(places)
    async with running_bank(places, TRUSTED) as bank, running_proxy(places.home / "nginx", ports(bank)) as proxy:
        bank.nodes[0].process.kill()
        await bank.nodes[0].process.wait()
        for _ in range(6):
            async with session.get(f"{proxy.origin}/.well-known/jwks.json", ssl=proxy.trusting) as response:
                assert response.status == 200


async def test_a_large_file_goes_through_as_it_comes(session: aiohttp.ClientSession, proxy: Proxy, bank: Bank) -> None:
    """The node refuses it after the first piece, and the sender hears of it long before the last one is sent."""
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b"<?xml version='1.0'?><!DOCTYPE Document>"
        for _ in range(200):
            yield b" " * MIB
            sent += 1
            await asyncio.sleep(0.01)

    async with session.post(
        f"{proxy.origin}/v1/remittances",
        params={"client": CLIENT, "initiator": INITIATOR},
        headers={
            "Authorization": f"Bearer {bank.places.api_key.read_text().strip()}",
            "Content-Type": "application/xml",
            "Idempotency-Key": "large",
        },
        data=pieces(),
        ssl=proxy.trusting,
    ) as response:
        sent_when_told = sent
        problem = await response.json()
    assert (response.status, problem["code"]) == (422, "doctype_refused")
    assert sent_when_told < 100


async def test_json_larger_than_a_node_takes_ends_at_the_proxy(session: aiohttp.ClientSession, proxy: Proxy) -> None:
    async with session.post(
        f"{proxy.origin}/v1/sessions", data=b"{" + b" " * 100_000 + b"}", ssl=proxy.trusting
    ) as response:
        assert response.status == 413


async def test_old_tls_is_refused_and_nothing_that_opens_anything_is_logged(
    session: aiohttp.ClientSession, proxy: Proxy
) -> None:
    old = proxy.trusting
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(aiohttp.ClientConnectorError):
        await session.get(proxy.origin, ssl=old)
    headers = {"Authorization": "Bearer ctl_very-secret"}
    async with session.get(f"{proxy.origin}/v1/inbox?after=secret", headers=headers, ssl=proxy.trusting):
        pass
    for _ in range(500):  # the line is written after the answer is sent
        if "/v1/inbox" in proxy.access_log:
            break
        await asyncio.sleep(0.01)
    assert "/v1/inbox" in proxy.access_log
    assert "secret" not in proxy.access_log
