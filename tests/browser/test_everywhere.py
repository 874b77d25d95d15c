"""What holds on every screen of the app and the desk: foreign words are text, and nobody's screen is too small."""

from itertools import count
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.browser.company import Company, found_company
from tests.browser.looking import problems
from tests.browser.people import Banker, Signer, make_banker
from tests.browser.sizes import DESKTOP, PHONE, SMALL, TABLET
from tests.browser.test_desk_certificates import hold_certificate
from tests.browser.windows import Windows
from tests.builders import make_device
from tests.flows.nodes import Bank, Node
from tests.house import CODE, mine

_COLLEAGUES: Final = count(881)
SCRIPT: Final = "<img src=x onerror=alert(1)><script>alert(2)</script>"
FIELDS: Final = (
    "UPDATE users SET name = $2 WHERE subscription_id = $1",
    "UPDATE subscriptions SET name = $2 WHERE id = $1",
    "UPDATE accounts SET label = $2 WHERE subscription_id = $1",
    "UPDATE users SET name = $2 WHERE id IN (SELECT adviser_id FROM subscriptions WHERE id = $1)",
    "UPDATE devices SET name = $2 WHERE user_id IN (SELECT id FROM users WHERE subscription_id = $1)",
    """UPDATE certificates SET given_name = $2, surname = $2
        WHERE user_id IN (SELECT id FROM users WHERE subscription_id = $1)""",
    """UPDATE authorities SET name = $2 WHERE id IN (
        SELECT authority_id FROM certificates JOIN users ON users.id = user_id WHERE subscription_id = $1)""",
)
"""What people, the core and the bank's own files have written of a company, past the forms that refuse some of it."""

OURS_ALONE: Final = {
    "/app/mine/enrol",
    "/app/notifications",
    "/app/help",
    "/app/history",
    "/desk/figures",
    "/desk/authorities/{authority}",
    "/desk/audit?action={action}",
}
"""Screens that show nobody's words but ours, or others' in a field alone."""

APP: Final = (
    "/app",
    "/app/approvals/{action}",
    "/app/history",
    "/app/chat",
    "/app/mine",
    "/app/mine/enrol",
    "/app/mine/substitutes",
    "/app/notifications",
    "/app/help",
)
DESK: Final = (
    "/desk",
    "/desk/acts/{act}",
    "/desk/companies",
    "/desk/companies/{client}",
    "/desk/companies/{client}/1",
    "/desk/operations/{client}",
    "/desk/operations/{client}/{action}",
    "/desk/conversations",
    "/desk/conversations/{conversation}",
    "/desk/figures",
    "/desk/alerts",
    "/desk/advisers",
    "/desk/advisers/{number}",
    "/desk/mine",
    "/desk/authorities",
    "/desk/authorities/{authority}",
    "/desk/audit?action={action}",
)


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
    payload = {"change": "add", "name": words, "iban": "FR1420041010050500013M02606"}
    action = await company.hold(payload=payload)
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


async def call_the_bank(company: Company) -> None:
    """Anne refuses something that she says was not her, and asks for an adviser, over HTTP."""
    anne, bank, node = company.anne, company.bank, company.node
    challenge = mine(await bank.house.sheet(await company.hold()), anne)
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


async def test_a_script_in_any_name_or_text_is_shown_as_it_is_written(
    windows: Windows, anne: Signer, company: Company, banker: Banker
) -> None:
    """A picture would be asked for, and a script would break the policy: the window complains of both."""
    phone, desk = await windows.open(PHONE), await windows.open(DESKTOP)
    await anne.come_in(phone)
    await banker.come_in(desk)
    names = await addresses(phone, desk, company, banker, SCRIPT)
    await call_the_bank(company)
    async with company.bank.database.transaction() as connection:
        for field in FIELDS:
            await connection.execute(field, company.id, SCRIPT)
    silent: set[str] = set()
    for page, paths in ((phone, APP), (desk, DESK)):
        for path in paths:
            await visit(page, path.format(**names))
            if path == "/desk/companies":
                await search(page, names["client"])
            assert await page.locator("img").count() == 0, path
            if await page.locator("main").get_by_text(SCRIPT).count() == 0:
                silent.add(path)
    assert silent == OURS_ALONE


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_screen_fits_phone_tablet_and_desktop_in_both_languages(
    windows: Windows, anne: Signer, company: Company, banker: Banker, language: str
) -> None:
    phone, desk = await windows.open(PHONE), await windows.open(DESKTOP)
    await anne.come_in(phone)
    await banker.come_in(desk)
    names = await addresses(phone, desk, company, banker, "Menuiserie Le Goff")
    await call_the_bank(company)
    found: list[str] = []
    for page, paths in ((phone, APP), (desk, DESK)):
        if language == "en":
            await page.get_by_role("button", name="English").click()
        await page.locator(f"html[lang={language}]").wait_for(state="attached")
        for path in paths:
            await visit(page, path.format(**names))
            for size in (SMALL, TABLET, DESKTOP):
                await page.set_viewport_size({"width": size.width, "height": size.height})
                found += [f"{path} {size.width}: {problem}" for problem in await problems(page)]
    assert found == []
