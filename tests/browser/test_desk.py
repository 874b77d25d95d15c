"""The adviser's desk: in by the authenticator, an act asked for by one and countersigned by another."""

import re
from itertools import count
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.company import Company, found_company
from tests.browser.looking import check
from tests.browser.people import PASSWORD, Banker, Signer, make_banker
from tests.browser.sizes import DESKTOP, PHONE, SMALL
from tests.browser.windows import Windows
from tests.flows.nodes import Bank, Node

_COLLEAGUES: Final = count(701)


@pytest_asyncio.fixture(loop_scope="session")
async def colleague(bank: Bank) -> Banker:
    """Another adviser, who may countersign."""
    return await make_banker(bank, str(next(_COLLEAGUES)), "Karim Belaïd")


@pytest.mark.parametrize(("locale", "button"), [("fr-FR", "Entrer"), ("en-GB", "Sign in")])
async def test_an_adviser_comes_in_by_password_and_authenticator(
    windows: Windows, banker: Banker, locale: str, button: str
) -> None:
    page = await windows.open(SMALL, locale="fr-FR" if locale == "fr-FR" else "en-GB")
    await page.goto("/desk")
    await page.get_by_role("button", name=button, exact=True).wait_for()
    await check(page, f"desk-sign-in-small-{locale[:2]}")
    await _type(page, banker, banker.code())
    await expect(page.locator("ct-acts h1")).to_be_visible()


async def test_a_wrong_code_is_said_in_words_and_the_rest_stays_typed(windows: Windows, banker: Banker) -> None:
    page = await windows.open(DESKTOP, forgiven=["401"])
    await page.goto("/desk")
    await _type(page, banker, f"{(int(banker.code()) + 1) % 1_000_000:06}")
    await expect(page.get_by_role("alert").first).to_contain_text("Numéro, mot de passe ou code incorrect")
    await expect(page.locator("input[name=number]")).to_have_value(banker.user.number)


async def test_what_one_adviser_asks_for_a_second_countersigns(
    windows: Windows, company: Company, banker: Banker, colleague: Banker
) -> None:
    first, second = await windows.open(DESKTOP), await windows.open(DESKTOP)
    await banker.come_in(first)
    await first.goto(f"/desk/companies/{company.client}")
    await first.get_by_role("button", name="Renouveler le code confidentiel").first.wait_for()
    await check(first, "desk-company-desktop")
    await first.get_by_role("button", name="Renouveler le code confidentiel").first.click()
    await expect(first.locator("ct-act")).to_contain_text("En attente d’un autre chargé d’affaires")
    act = first.url.rsplit("/", 1)[1]
    await colleague.come_in(second)
    await second.locator(f"a[href='/desk/acts/{act}']").click()
    await second.locator("input[name=totp]").wait_for()
    await check(second, "desk-act-desktop")
    await second.locator("input[name=totp]").fill(colleague.code(steps=1))
    await second.get_by_role("button", name="Contresigner", exact=True).click()
    await expect(second.locator("input[name=totp]")).to_have_count(0)
    await expect(second.locator("ct-act")).not_to_contain_text("En attente")
    await first.reload()
    await expect(first.locator("ct-act")).to_contain_text("Contresignée")


async def test_companies_and_audit_are_searched(windows: Windows, company: Company, banker: Banker) -> None:
    page = await windows.open(DESKTOP)
    await banker.come_in(page)
    await page.get_by_role("link", name="Portefeuille").click()
    await page.locator("input[name=text]").fill(company.client)
    await page.get_by_role("button", name="Rechercher").click()
    await expect(page.locator("ct-portfolio li")).to_have_count(1)
    await check(page, "desk-portfolio-desktop")
    await page.get_by_role("link", name="Journal").click()
    await page.locator("input[name=code]").fill("signed_in")
    await page.get_by_role("button", name="Rechercher").click()
    await expect(page.locator("ct-audit li").first).to_contain_text("signed_in")
    await check(page, "desk-audit-desktop")


async def test_on_the_smallest_phone_the_sections_are_one_line_with_the_one_shown_in_sight(
    windows: Windows, company: Company, banker: Banker
) -> None:
    page = await windows.open(SMALL)
    await banker.come_in(page)
    for path, name in (
        ("/desk/audit", "Journal"),
        (f"/desk/operations/{company.client}", "Portefeuille"),
        ("/desk", "À contresigner"),
    ):
        await page.goto(path)
        shown = page.locator("nav [aria-current]")
        await expect(shown).to_have_text(name)
        await expect(shown).to_be_in_viewport(ratio=1)
    bar = await page.locator("nav").bounding_box()
    assert bar is not None
    assert bar["height"] < 80
    await check(page, "desk-sections-small")


async def _type(page: Page, banker: Banker, code: str) -> None:
    await page.locator("input[name=number]").fill(banker.user.number)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.locator("input[name=totp]").fill(code)
    await page.locator("form button.main").click()


@pytest.mark.usefixtures("fee")
async def test_a_card_is_ordered_with_its_fee_shown(
    windows: Windows, company: Company, banker: Banker, colleague: Banker
) -> None:
    first, second = await windows.open(DESKTOP), await windows.open(DESKTOP)
    await banker.come_in(first)
    await first.goto(f"/desk/companies/{company.client}")
    await first.get_by_role("link", name=company.bruno.user.name).click()
    await first.get_by_role("button", name="Commander une carte").click()
    await check(first, "desk-cards-desktop")
    await first.get_by_role("button", name="Demander").click()
    await expect(first.get_by_role("alert").filter(has_text="a déjà une carte de ce genre")).to_be_visible()
    await first.get_by_label("Carte").select_option("professional")
    await first.get_by_role("button", name="Demander").click()
    await expect(first.get_by_text("attend le contreseing")).to_be_visible()
    await colleague.come_in(second)
    await second.get_by_role("listitem").filter(has_text=company.client).get_by_role("link").first.click()
    await expect(second.get_by_text(re.compile("15,00.EUR"))).to_be_visible()
    await second.locator("input[name=totp]").fill(colleague.code(steps=1))
    await second.get_by_role("button", name="Contresigner", exact=True).click()
    await expect(second.locator("ct-act")).to_contain_text("Contresignée")


async def test_what_was_not_the_person_reaches_the_desk_and_is_taken_once(
    windows: Windows, bank: Bank, node: Node, banker: Banker
) -> None:
    company = await found_company(bank, node, banker.user.id)
    desk, phone = await windows.open(DESKTOP), await windows.open(PHONE)
    await banker.come_in(desk)
    await desk.goto("/desk/alerts")
    await desk.get_by_role("heading", name="Alertes").wait_for()
    action = await company.hold()
    await Signer(company, company.anne).come_in(phone)
    await phone.goto(f"/app/approvals/{action}")
    await phone.get_by_role("button", name="Refuser").click()
    await phone.locator("input[type=radio]").nth(2).check()
    await phone.get_by_role("button", name="Refuser l’opération").click()
    alert = desk.get_by_role("listitem").filter(has=desk.locator(f"a[href='/desk/companies/{company.client}']"))
    await alert.wait_for()
    await check(desk, "desk-alerts-desktop")
    await alert.get_by_role("button", name="Je m’en charge").click()
    await expect(alert).to_contain_text("Prise en charge")
