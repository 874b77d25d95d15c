"""A served bank, one Chromium, and windows on it. Everything here runs on the session's one loop, as the browser does.

Tests of this folder need say nothing of it; an async fixture says `@pytest_asyncio.fixture(loop_scope="session")`.
A window's page fails its test by a page error, a console error (so by a violated policy) or a request to another
origin, unless the window was opened with the exception named.
"""

import os
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from pytest_asyncio import is_async_test

from approvals.model.card import CardKind
from approvals.model.card_order import OrderReason
from approvals.model.fee import Fee
from approvals.model.money import Money
from approvals.ports.book import Ledger
from tests.browser.company import Company, found_company
from tests.browser.elsewhere import Site, site
from tests.browser.host_page import HostPage
from tests.browser.people import Banker, Signer, make_banker
from tests.browser.windows import Windows, windows_on
from tests.flows.nodes import ROOT, Bank, Node
from tests.flows.nodes import bank as open_bank
from tests.house import Person
from tests.ports import free_ports
from tests.postgresql import PostgresqlServer
from tests.staff import Staff

_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
_BANKERS: Final = count(801)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def screens() -> None:
    """The screens, built from what is in `channels/web` now."""
    made = subprocess.run(["make", "--silent", "web"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    assert made.returncode == 0, made.stderr + made.stdout


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=_FLAGS,
            env={**os.environ, "LANGUAGE": "fr"},  # its own words, in fields of dates and files
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bank(postgresql_server: PostgresqlServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bank]:
    """The bank all these tests share; each test has a company of its own in it."""
    async with open_bank(postgresql_server, tmp_path_factory.mktemp("browser")) as opened:
        await Staff(opened.house).found_waiting()
        yield opened


@pytest.fixture(scope="session")
def host_port() -> int:
    """Where the other site is: the bank lets its pages hold the widget."""
    (port,) = free_ports(1)
    return port


@pytest.fixture(scope="session")
def heads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the audit's heads go, out of the house's reach."""
    return tmp_path_factory.mktemp("outside") / "heads.jsonl"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def node(bank: Bank, screens: None, host_port: int, heads: Path) -> AsyncIterator[Node]:
    """The served process; its origin is the one devices sign."""
    del screens
    (port,) = free_ports(1)
    settings = {
        "SERVER__PORT": str(port),
        "SERVER__PUBLIC_ORIGIN": f"http://127.0.0.1:{port}",
        "SERVER__TRUSTED_PROXIES": '["127.0.0.1"]',
        "PUSH__CONTACT": "mailto:push@bank.test",
        "PUSH__HOSTS": '["127.0.0.1"]',
        "AUDIT__HEADS_FILE": str(heads),
        "AUDIT__SEAL_EVERY": "2",
        "WIDGET__HOSTS": f'["http://localhost:{host_port}"]',
        "CERTIFICATES__KEYS_IN_BROWSERS": "true",
    }
    async with bank.node(**settings) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def company(bank: Bank, node: Node) -> Company:
    """This test's own."""
    return await found_company(bank, node)


@pytest.fixture
def anne(company: Company) -> Signer:
    """She signs in group A."""
    return Signer(company, company.anne)


@pytest.fixture
def bruno(company: Company) -> Signer:
    """He signs in group B."""
    return Signer(company, company.bruno)


@pytest_asyncio.fixture(loop_scope="session")
async def banker(bank: Bank) -> Banker:
    """This test's own adviser, a supervisor: every company is before them."""
    return await make_banker(bank, str(next(_BANKERS)), "Denise Royer")


@pytest_asyncio.fixture(loop_scope="session")
async def windows(chromium: Browser, node: Node) -> AsyncIterator[Windows]:
    """Windows on the served bank, closed after the test; a complaint in any of them fails it."""
    async with windows_on(chromium, node.origin) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def elsewhere(host_port: int) -> AsyncIterator[Site]:
    """Another site."""
    async with site(host_port) as opened:
        yield opened


@pytest.fixture
def host(elsewhere: Site, windows: Windows, company: Company) -> HostPage:
    """A page of that site which holds the chat; Anne is signed in there."""
    return HostPage(windows=windows, site=elsewhere, company=company, person=company.anne)


@pytest_asyncio.fixture(loop_scope="session")
async def second_card(company: Company) -> Person:
    """Anne, with another card of hers in the reader."""
    house, holder = company.bank.house, company.anne.user
    made = house.newcomer(10 * int(company.client[1:]) + 4, holder.name)
    card = replace(made.card, user_id=holder.id)

    async def work(ledger: Ledger) -> None:
        await ledger.cards.add(card)

    await house.book.transaction(work)
    return replace(made, user=holder, card=card)


@pytest_asyncio.fixture(loop_scope="session")
async def fee(bank: Bank) -> Fee:
    """What a first professional card costs."""
    price = Money(amount=1500, currency="EUR")
    fee = Fee(reason=OrderReason.FIRST, kind=CardKind.PROFESSIONAL, price=price, valid_from=date(2026, 1, 1))
    await bank.house.book.transaction(lambda ledger: ledger.fees.put(fee))
    return fee
