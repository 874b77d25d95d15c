"""What holds on every screen of the app and the desk: foreign words are text, and nobody's screen is too small."""

from asyncio import gather
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from approvals.model.json import Json
from tests.browser.company import Company, found_company
from tests.browser.foreign_words import WRITTEN, short_word, word, words_on, write_into
from tests.browser.host_page import HostPage, chat
from tests.browser.looking import problems
from tests.browser.people import Banker, Signer, make_banker
from tests.browser.sizes import DESKTOP, PHONE, SMALL, TABLET
from tests.browser.test_desk_certificates import hold_certificate
from tests.browser.tour import APP, DESK, DOORS, WIDGET, page_of, pages_served, route_of, routes_of
from tests.browser.windows import Windows
from tests.builders import make_device
from tests.flows.nodes import Bank, Node
from tests.house import CODE, mine

_COLLEAGUES: Final = count(881)
OURS_ALONE: Final = {
    "/app/enrol",
    "/app/first",
    "/app/mine/bridge",
    "/app/mine/code",
    "/app/mine/enrol",
    "/app/notifications",
    "/app/help",
    "/app/history",
    "/certificate-file",
    "/desk/figures",
    "/desk/first",
    "/desk/authorities/{authority}",
    "/desk/audit?action={action}",
}
"""Screens that show nobody's words but ours, or others' in a field alone."""


@pytest_asyncio.fixture(loop_scope="session")
async def company(bank: Bank, node: Node, banker: Banker) -> Company:
    """This test's own, in the adviser's portfolio, with a device and a certificate; a colleague may countersign."""
    await make_banker(bank, str(next(_COLLEAGUES)), "Karim Belaïd")
    founded = await found_company(bank, node, banker.user.id)
    await hold_certificate(bank, founded)
    phone = make_device(f"dev_{founded.client}", founded.anne.user.id)
    await bank.house.book.transaction(lambda ledger: ledger.devices.put(phone))
    return founded


async def addresses(phone: Page, desk: Page, company: Company, banker: Banker, words: str) -> dict[str, str]:
    """Let Anne write and ask, the adviser too; return what stands for the names in the addresses."""
    action = await company.hold(payload=payee(words))
    await phone.goto("/app/chat")
    await phone.locator("textarea").fill(words)
    await phone.locator("ct-chat-screen form button.main").click()
    await phone.get_by_role("log").locator(".bubble").first.wait_for()
    await desk.goto(f"/desk/companies/{company.client}")
    await desk.get_by_role("button", name="Renouveler le code confidentiel").first.click()
    await desk.locator("ct-act h1").wait_for()
    async with company.bank.database.transaction() as connection:
        (talk,) = await connection.fetch("SELECT id FROM conversations WHERE subscription_id = $1", company.id)
        (authority,) = await connection.fetch(
            "SELECT authority_id FROM certificates WHERE user_id = $1", company.anne.user.id
        )
    return {
        "action": action,
        "act": desk.url.rpartition("/")[2],
        "client": company.client,
        "conversation": str(talk["id"]),
        "number": banker.user.number,
        "authority": str(authority["authority_id"]),
    }


def payee(name: str) -> dict[str, Json]:
    return {"change": "add", "name": name, "iban": "FR1420041010050500013M02606", "lists": [short_word("liste")]}


async def call_the_bank(company: Company, words: str) -> None:
    """Anne refuses something that she says was not her, and asks for an adviser, over HTTP."""
    anne, bank, node = company.anne, company.bank, company.node
    challenge = mine(await bank.house.sheet(await company.hold(payload=payee(words))), anne)
    form = {"client_identifier": company.client, "user_number": anne.user.number, "code": CODE}
    token = str((await bank.post(node, "/v1/sessions", form))["token"])
    await bank.post(node, f"/v1/challenges/{challenge.id}/refusal", {"reason": "not_me"}, token=token)
    await bank.post(node, "/v1/conversation/adviser", token=token)


async def search(page: Page, client: str) -> None:
    """Find a company among those of all tests."""
    await page.get_by_role("search").locator("input").fill(client)
    await page.get_by_role("search").get_by_role("button").click()
    await page.get_by_role("listitem").filter(has_text=client).wait_for()


async def visit(page: Page, path: str) -> None:
    await page.goto(path, wait_until="networkidle")
    await page.locator("main h1, main h2").first.wait_for()


@pytest.mark.parametrize(("page", "visited"), [("app", APP), ("desk", DESK)])
def test_every_screen_that_has_an_address_is_visited(page: str, visited: Sequence[str]) -> None:
    routes = routes_of(page)
    addresses = [address for address in visited if page_of(address) == page]
    assert {route_of(address, routes) for address in addresses} == set(routes)


def test_every_page_the_server_has_is_visited(tmp_path: Path) -> None:
    assert {page_of(address) for address in (*APP, *DESK, *DOORS, WIDGET)} == pages_served(tmp_path)


async def test_a_script_in_any_name_or_text_is_shown_as_it_is_written(
    windows: Windows, anne: Signer, company: Company, banker: Banker, host: HostPage
) -> None:
    """A picture would be asked for, and a script would break the policy: the window complains of both, too."""
    phone, desk = await windows.open(PHONE), await windows.open(DESKTOP)
    await anne.come_in(phone, with_card=True)
    await banker.come_in(desk)
    names = await addresses(phone, desk, company, banker, word("écrit"))
    await call_the_bank(company, word("écrit"))
    await write_into(company)
    seen: dict[str, set[str]] = {}

    async def read(page: Page, paths: Sequence[str]) -> None:
        for path in paths:
            await visit(page, path.format(**names))
            if path == "/desk/companies":
                await search(page, names["client"])
            seen[path] = await words_on(page)

    await gather(read(phone, APP), read(desk, DESK))
    assert {path for path, words in seen.items() if not words} == OURS_ALONE
    await visit(desk, "/desk/audit?" + urlencode(dict.fromkeys(("action", "user", "code"), word("cherché"))))
    await expect(desk.get_by_label("Opération")).to_have_value(word("cherché"))
    await words_on(desk)
    host.person = company.bruno
    holder = await host.show(attributes="open")
    widget = chat(holder)
    await widget.get_by_role("button", name="Changer des habilitations").click()
    await widget.get_by_label("De qui").select_option("2")
    await widget.get_by_label("Tous, et ceux à venir").uncheck()
    await widget.locator("ct-waiting h3").first.wait_for()
    seen[WIDGET] = await words_on(holder.frames[1])
    assert seen[WIDGET] == {"personne", "compte", "écrit"}
    assert set().union(*seen.values()) == {*WRITTEN, "écrit", "liste"}


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_screen_fits_phone_tablet_and_desktop_in_both_languages(
    windows: Windows, anne: Signer, company: Company, banker: Banker, host: HostPage, language: str
) -> None:
    phone, desk, stranger = await windows.open(PHONE), await windows.open(DESKTOP), await windows.open(PHONE)
    await anne.come_in(phone, with_card=True)
    await banker.come_in(desk)
    names = await addresses(phone, desk, company, banker, "Menuiserie Le Goff")
    await call_the_bank(company, "Menuiserie Le Goff")
    found: list[str] = []

    async def look(page: Page, path: str) -> None:
        for size in (SMALL, TABLET, DESKTOP):
            await page.set_viewport_size({"width": size.width, "height": size.height})
            found.extend([f"{path} {size.width}: {problem}" for problem in await problems(page)])

    async def look_round(page: Page, paths: Sequence[str]) -> None:
        await visit(page, paths[0].format(**names))
        if language == "en":
            await page.get_by_role("button", name="English").click()
        for path in paths:
            await visit(page, path.format(**names))
            await page.locator(f"html[lang={language}]").wait_for(state="attached")
            await look(page, path)

    await gather(look_round(phone, APP), look_round(desk, DESK), look_round(stranger, DOORS))
    holder = await host.show(attributes=f"open lang='{language}'")
    await chat(holder).locator(f"html[lang={language}]").wait_for(state="attached")
    await chat(holder).locator("ct-waiting h3").first.wait_for()
    await look(holder, WIDGET)
    assert found == []
