"""deploy/nginx-mtls.conf at work: PCs sign in with the certificate of the handshake, and nobody with a header's."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from aiohttp import ClientSession, TCPConnector
from cryptography import x509

from approvals.store.book import SqlBook
from approvals.store.database import open_database
from approvals.store.migrate import migrate
from server.outside.revocation.validator import open_validator
from tests.deploy.proxy import MTLS_HOST, Proxy, running_proxy
from tests.desk.test_certificate_sign_in import last_reason
from tests.fakes import START
from tests.holders import ANNE, accept, form
from tests.house import CLIENT, House, Person
from tests.joined_desks import Parts
from tests.pki import YEARS, Issued, open_authority
from tests.revocation.authority_house import AuthorityHouse, running_authority
from tests.server.http.site import Site, serving

ROUTE = "/v1/sessions/mtls"
LASTING = replace(ANNE, not_before=START - YEARS, not_after=START + 2 * YEARS)  # nginx goes by the real clock
BRUNO = replace(LASTING, given_name="Bruno", surname="KELLER", serial_number="IDCFR-4712")


@dataclass(frozen=True, kw_only=True)
class Bank:
    """A bank behind nginx, the authority it accepts, and Anne's enrolled certificate."""

    site: Site
    proxy: Proxy
    authority: AuthorityHouse
    people: tuple[Person, Person, Person]
    anne: Issued

    async def knock(
        self,
        shown: Issued | None = None,
        *,
        number: str = "001",
        server_name: str = MTLS_HOST,
        host: str = MTLS_HOST,
        forged: Issued | None = None,
    ) -> tuple[int, Mapping[str, object]]:
        """Try to sign in through nginx; `server_name` is the handshake's, `host` the request's."""
        url = f"{self.proxy.origin}{ROUTE}"
        headers = {"Host": host, **forgery(forged)}
        async with (
            ClientSession() as session,
            session.post(
                url,
                json=claim(number),
                headers=headers,
                ssl=self.context(shown),
                server_hostname=server_name,
            ) as answered,
        ):
            is_ours = answered.content_type != "text/html"
            return answered.status, await answered.json(content_type=None) if is_ours else {}

    async def knock_straight(self, source: str, host: str, forged: Issued) -> int:
        """Try at the node's own port, from an address of this machine."""
        async with (
            ClientSession(connector=TCPConnector(local_addr=(source, 0))) as session,
            session.post(
                f"{self.site.origin}{ROUTE}", json=claim("001"), headers={"Host": host, **forgery(forged)}
            ) as answered,
        ):
            return answered.status

    def context(self, shown: Issued | None) -> ssl.SSLContext:
        context = self.proxy.trusting
        if shown is not None:
            file = self.proxy.home / f"{shown.certificate.serial_number}.pem"
            file.write_bytes(shown.pem + shown.key_pem)
            context.load_cert_chain(file)
        return context

    async def enrol(self, person: Person, issued: Issued) -> None:
        caller = await self.site.sign_in(person, with_card=True)
        enrolled = await caller.post("/v1/certificates", await form(self.site.house, issued))
        assert enrolled.status == 201, enrolled.body


def claim(number: str) -> dict[str, str]:
    return {"client_identifier": CLIENT, "user_number": number}


def forgery(issued: Issued | None) -> dict[str, str]:
    return {} if issued is None else {"X-Client-Certificate": quote(issued.pem.decode(), safe="")}


@pytest_asyncio.fixture
async def bank(tmp_path: Path) -> AsyncIterator[Bank]:
    database = await open_database(f"sqlite:///{tmp_path / 'house.db'}")
    await migrate(database)
    try:
        async with running_authority() as authority, open_validator() as validator:
            house = House(Parts(book=SqlBook(database), folder=tmp_path, validator=validator))
            people = await house.found()
            await accept(house, authority.authority, ocsp_url=authority.ocsp_url, has_nonce=True)
            anne = authority.issue(authority.authority.issue(LASTING))
            async with (
                serving(house, proxies=("127.0.0.1",), mtls_host=MTLS_HOST) as site,
                running_proxy(
                    tmp_path / "nginx", [int(site.origin.rpartition(":")[2])], authority.authority.issued.pem.decode()
                ) as proxy,
            ):
                bank = Bank(site=site, proxy=proxy, authority=authority, people=people, anne=anne)
                await bank.enrol(people[0], anne)
                yield bank
    finally:
        await database.close()


async def test_the_right_certificate_signs_in_and_is_strong(bank: Bank) -> None:
    status, body = await bank.knock(bank.anne)
    assert status == 201
    login = body["login"]
    assert isinstance(login, dict)
    assert login["factors"] == ["certificate"]


async def test_without_a_certificate_nginx_lets_nothing_through(bank: Bank) -> None:
    assert await bank.knock() == (400, {})
    assert await bank.knock(forged=bank.anne) == (400, {})


async def test_a_certificate_of_an_unknown_authority_ends_at_nginx(bank: Bank) -> None:
    stranger = open_authority("AC Test").issue(LASTING)
    assert await bank.knock(stranger) == (400, {})
    assert await bank.knock(stranger, forged=bank.anne) == (400, {})


async def test_a_revoked_certificate_is_refused(bank: Bank) -> None:
    bank.authority.revoked[bank.anne.certificate.serial_number] = x509.ReasonFlags.key_compromise
    status, body = await bank.knock(bank.anne)
    assert (status, body["code"]) == (401, "sign_in_refused")
    assert await last_reason(bank.site.house) == "certificate_revoked"


async def test_nobody_signs_in_while_nobody_says_what_is_revoked(bank: Bank) -> None:
    bank.authority.spoil_signature = True
    status, body = await bank.knock(bank.anne)
    assert (status, body["code"]) == (503, "proof_not_checked")


async def test_another_persons_certificate_is_refused(bank: Bank) -> None:
    status, body = await bank.knock(bank.anne, number="002")
    assert (status, body["code"]) == (401, "sign_in_refused")
    assert await last_reason(bank.site.house) == "certificate_of_another"


async def test_a_certificate_of_the_right_authority_that_nobody_enrolled_is_refused(bank: Bank) -> None:
    status, _ = await bank.knock(bank.authority.authority.issue(LASTING))
    assert (status, await last_reason(bank.site.house)) == (401, "certificate_unknown")


async def test_a_header_forged_beside_a_certificate_of_ones_own_is_thrown_away(bank: Bank) -> None:
    own = bank.authority.authority.issue(BRUNO)
    status, _ = await bank.knock(own, forged=bank.anne)
    assert (status, await last_reason(bank.site.house)) == (401, "certificate_unknown")


async def test_a_header_forged_on_the_ordinary_host_is_thrown_away(bank: Bank) -> None:
    status, _ = await bank.knock(server_name="127.0.0.1", host="127.0.0.1", forged=bank.anne)
    assert (status, await last_reason(bank.site.house)) == (401, "certificate_not_shown")


@pytest.mark.parametrize("host", [MTLS_HOST, MTLS_HOST.upper(), f"{MTLS_HOST}.", f"{MTLS_HOST}:443"])
async def test_the_other_hosts_handshake_opens_nothing_here(bank: Bank, host: str) -> None:
    status, body = await bank.knock(server_name="127.0.0.1", host=host, forged=bank.anne)
    assert status in {400, 421}
    assert body == {}


async def test_this_hosts_handshake_opens_nothing_on_the_other(bank: Bank) -> None:
    status, _ = await bank.knock(bank.anne, host="127.0.0.1")
    assert (status, await last_reason(bank.site.house)) == (401, "certificate_not_shown")


async def test_the_host_does_nothing_else(bank: Bank) -> None:
    async with (
        ClientSession() as session,
        session.get(
            f"{bank.proxy.origin}/docs",
            headers={"Host": MTLS_HOST},
            ssl=bank.context(bank.anne),
            server_hostname=MTLS_HOST,
        ) as answered,
    ):
        assert answered.status == 404


async def test_straight_at_the_node_a_header_counts_from_the_proxys_address_and_for_its_host_alone(bank: Bank) -> None:
    assert await bank.knock_straight("127.0.0.9", MTLS_HOST, bank.anne) == 401
    assert await last_reason(bank.site.house) == "certificate_not_shown"
    assert await bank.knock_straight("127.0.0.1", "127.0.0.1", bank.anne) == 401
    assert await bank.knock_straight("127.0.0.1", MTLS_HOST, bank.anne) == 201  # the proxy's word: all rests on it


async def test_no_handshake_is_spared_by_an_earlier_one(bank: Bank) -> None:
    context = bank.context(bank.anne)
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # where the session is known once the handshake is done
    first = await asyncio.to_thread(handshake, bank, context, None)
    again = await asyncio.to_thread(handshake, bank, context, first.session)
    assert not again.session_reused


def handshake(bank: Bank, context: ssl.SSLContext, session: ssl.SSLSession | None) -> ssl.SSLSocket:
    with (
        socket.create_connection(("127.0.0.1", bank.proxy.tls_port)) as plain,
        context.wrap_socket(plain, server_hostname=MTLS_HOST, session=session) as held,
    ):
        return held
