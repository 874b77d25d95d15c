"""The advisers' desk: in by password and authenticator, one asks, another countersigns, the audit tells it."""

import re
from datetime import date

import pytest_asyncio
from playwright.async_api import expect

from approvals.model.adviser import Role
from approvals.model.card import CardKind
from approvals.model.card_order import OrderReason
from approvals.model.fee import Fee
from approvals.model.money import Money
from tests.browser.company import Company, found_company
from tests.browser.looking import check
from tests.browser.people import PASSWORD, Banker, make_banker
from tests.browser.sizes import DESKTOP, SMALL, TABLET
from tests.browser.windows import Windows
from tests.flows.nodes import Bank, Node


@pytest_asyncio.fixture(loop_scope="session")
async def colleague(bank: Bank) -> Banker:
    """Another adviser, who countersigns."""
    return await make_banker(bank, "990", "Marc Olivier")


@pytest_asyncio.fixture(loop_scope="session")
async def fee(bank: Bank) -> Fee:
    """What a first professional card costs."""
    price = Money(amount=1500, currency="EUR")
    fee = Fee(reason=OrderReason.FIRST, kind=CardKind.PROFESSIONAL, price=price, valid_from=date(2026, 1, 1))
    await bank.house.book.transaction(lambda ledger: ledger.fees.put(fee))
    return fee


async def test_number_password_and_code_open_the_desk(windows: Windows, banker: Banker) -> None:
    page = await windows.open(DESKTOP)
    await page.goto("/desk")
    await page.get_by_role("heading", name="Se connecter au bureau").wait_for()
    await check(page, "desk-sign-in-fr")
    await page.get_by_label("Numéro de chargé d’affaires").fill(banker.user.number)
    await page.get_by_label("Mot de passe").fill(PASSWORD)
    await page.get_by_label("Code de l’application").fill(f" {banker.code()[:3]} {banker.code()[3:]}")
    await page.get_by_role("button", name="Se connecter").click()
    await page.get_by_role("heading", name="À contresigner").wait_for()
    await check(page, "desk-acts-fr")


async def test_a_wrong_code_is_told_and_keeps_the_number(windows: Windows, banker: Banker) -> None:
    page = await windows.open(SMALL, locale="en-GB", scheme="dark")
    await page.goto("/desk")
    await page.get_by_label("Adviser number").fill(banker.user.number)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("Code of the authenticator app").fill(f"{(int(banker.code()) + 1) % 10**6:06}")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert").filter(has_text="do not open the door")).to_be_visible()
    await expect(page.get_by_label("Adviser number")).to_have_value(banker.user.number)
    await expect(page.get_by_label("Password")).to_have_value("")
    await check(page, "desk-wrong-code-en-small")


async def test_one_adviser_asks_and_another_countersigns(
    windows: Windows, company: Company, banker: Banker, colleague: Banker, fee: Fee
) -> None:
    hers, his = await windows.open(DESKTOP), await windows.open(TABLET)
    await banker.come_in(hers)
    await colleague.come_in(his)
    await hers.get_by_role("link", name="Portefeuille").click()
    await hers.get_by_label("Chercher une entreprise").fill(company.client)
    await hers.get_by_role("listitem").filter(has_text=company.client).get_by_role("link").click()
    await hers.get_by_role("heading", name=company.name).wait_for()
    await check(hers, "desk-company-fr")
    await hers.get_by_role("link", name=company.bruno.user.name).click()
    await hers.get_by_role("heading", name=company.bruno.user.name).wait_for()
    await check(hers, "desk-person-fr")
    await hers.get_by_role("button", name="Commander une carte").click()
    await hers.get_by_role("button", name="Demander").click()
    await expect(hers.get_by_role("alert").filter(has_text="a déjà une carte de ce genre")).to_be_visible()
    await hers.get_by_label("Carte").select_option("professional")
    await hers.get_by_label("Remise").select_option("branch")
    await hers.get_by_role("button", name="Demander").click()
    await expect(hers.get_by_text("attend la signature d’un collègue")).to_be_visible()

    act = his.get_by_role("listitem").filter(has_text=company.client).get_by_role("link")
    await act.first.click()
    await his.get_by_label("Code de votre application").wait_for()
    await expect(his.get_by_text(re.compile("15,00.EUR"))).to_be_visible()
    assert fee.price.amount == 1500
    await check(his, "desk-act-fr")
    await his.get_by_label("Code de votre application").fill(colleague.code(steps=1))
    await his.get_by_role("button", name="Contresigner").click()
    await expect(his.get_by_role("status").filter(has_text="Approuvé")).to_be_visible()

    await hers.get_by_role("link", name="Voir l’acte").click()
    await expect(hers.get_by_role("status").filter(has_text="Approuvé")).to_be_visible()


async def test_whoever_asks_for_an_act_is_not_offered_to_countersign_it(
    windows: Windows, company: Company, banker: Banker
) -> None:
    page = await windows.open(DESKTOP)
    await banker.come_in(page)
    await page.goto(f"/desk/portfolio/{company.client}/2")
    await page.get_by_role("button", name="Renouveler le code confidentiel").click()
    await page.get_by_role("button", name="Demander").click()
    await page.get_by_role("link", name="Voir l’acte").click()
    await expect(page.get_by_text("Cet acte attend la signature d’un collègue.")).to_be_visible()
    await expect(page.get_by_label("Code de votre application")).to_have_count(0)


async def test_a_company_of_a_colleague_is_not_there(windows: Windows, bank: Bank, node: Node) -> None:
    company = await found_company(bank, node)
    adviser = await make_banker(bank, "991", "Paul Adam", Role.ADVISER)
    page = await windows.open(DESKTOP)
    await adviser.come_in(page)
    await page.goto(f"/desk/portfolio/{company.client}")
    await expect(page.get_by_role("alert").filter(has_text="hors de votre portefeuille")).to_be_visible()
    await page.goto(f"/desk/portfolio/{company.client}/1")
    await expect(page.get_by_role("alert").filter(has_text="hors de votre portefeuille")).to_be_visible()


async def test_the_audit_is_searched_by_code(windows: Windows, banker: Banker) -> None:
    page = await windows.open(DESKTOP)
    await banker.come_in(page)
    await page.get_by_role("link", name="Journal").click()
    await page.get_by_label("Code de l’évènement").fill("adviser_signed_in")
    await page.get_by_role("button", name="Chercher").click()
    await page.get_by_role("heading", name="Journal").wait_for()
    await page.get_by_label("Code de l’évènement").fill("no_such_code")
    await page.get_by_role("button", name="Chercher").click()
    await expect(page.get_by_text("Aucune ligne ne correspond.")).to_be_visible()
