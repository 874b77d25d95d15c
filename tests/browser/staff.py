"""What tests of the desk do with the bank's own people: further ones, and the countersignature of an act."""

from itertools import count
from typing import Final

from playwright.async_api import Page, expect

from approvals.model.adviser import Role
from tests.browser.people import Banker, make_banker
from tests.flows.nodes import Bank

_NUMBERS: Final = count(401)


async def another(bank: Bank, name: str, role: Role = Role.SUPERVISOR) -> Banker:
    """One more of the bank's people, whose number nobody else has."""
    return await make_banker(bank, str(next(_NUMBERS)), name, role)


async def asked(page: Page) -> str:
    """Where the act is that was just asked for on this page."""
    link = page.get_by_role("link", name="Voir la demande")
    await link.wait_for()
    return str(await link.get_attribute("href"))


async def countersign(page: Page, banker: Banker, act: str) -> None:
    """Type the code of the next step on the act's page; the banker came in with the one of this step."""
    await page.goto(act)
    await page.locator("input[name=totp]").fill(banker.code(steps=1))
    await page.get_by_role("button", name="Contresigner", exact=True).click()
    await expect(page.locator("input[name=totp]")).to_have_count(0)
