"""First entry: a person whose letter has come chooses a confidential code, and comes in with it."""

import pytest_asyncio
from playwright.async_api import Page, expect

from approvals.ports.book import Ledger
from tests.browser.company import Company
from tests.browser.looking import check, problems
from tests.browser.people import Signer
from tests.browser.sizes import PHONE, SMALL
from tests.browser.windows import Windows
from tests.log_watch import never_log

CHOSEN = "582914"


@pytest_asyncio.fixture(loop_scope="session")
async def secret(company: Company, anne: Signer) -> str:
    """What Anne's letter holds."""
    house, user = company.bank.house, anne.person.user

    async def work(ledger: Ledger) -> None:
        await ledger.activations.order(user.id, house.clock.now())

    await house.book.transaction(work)
    printed = await house.ways_in.letters.print("api_key:printer", user.id)
    never_log(CHOSEN)
    return printed.secret


async def choose(page: Page, secret: str, code: str, again: str) -> None:
    await page.get_by_label("Code d’activation").fill(secret)
    await page.get_by_label("Code confidentiel que vous choisissez").fill(code)
    await page.get_by_label("Le même code").fill(again)
    await page.get_by_role("button", name="Choisir ce code").dblclick()


async def test_a_letter_lets_a_person_choose_a_code_and_come_in(windows: Windows, anne: Signer, secret: str) -> None:
    page = await windows.open(PHONE)
    await page.goto("/app")
    await page.get_by_role("link", name="Première connexion").click()
    await anne.type_identity(page)
    await check(page, "app-first-entry-fr")
    await choose(page, secret.lower(), CHOSEN, CHOSEN)
    await expect(page.get_by_text("Votre code confidentiel est choisi.")).to_be_visible()
    await page.get_by_role("link", name="Se connecter").click()
    await anne.type_identity(page)
    await page.get_by_label("Code confidentiel").fill(CHOSEN)
    await page.get_by_role("button", name="Se connecter").click()
    await expect(page.get_by_role("heading", name="À signer")).to_be_visible()


async def test_each_refusal_says_what_to_do(windows: Windows, anne: Signer) -> None:
    page = await windows.open(SMALL)
    await page.goto("/app/first")
    await anne.type_identity(page)
    for code, again, told in (
        (CHOSEN, "582915", "Les deux codes ne sont pas les mêmes"),
        ("123456", "123456", "Ce code est une suite"),
        (CHOSEN, CHOSEN, "Vérifiez vos deux numéros et le code de la lettre"),
    ):
        await choose(page, "0000-0000-0000-0000", code, again)
        await expect(page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    assert await problems(page) == []
