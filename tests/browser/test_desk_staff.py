"""Advisers and portfolios on the desk: who is there, a further one, one who leaves, a company given to another."""

from itertools import count
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import expect

from approvals.model.adviser import Role
from tests.browser.company import Company, found_company
from tests.browser.looking import check, problems
from tests.browser.people import Banker
from tests.browser.sizes import DESKTOP, SMALL
from tests.browser.staff import another, asked, countersign
from tests.browser.windows import Windows
from tests.flows.nodes import Bank, Node

_CLIENTS: Final = count(88_000_001)


@pytest_asyncio.fixture(loop_scope="session")
async def colleague(bank: Bank) -> Banker:
    """Another supervisor, who may countersign."""
    return await another(bank, "Karim Belaïd")


async def test_a_further_adviser_is_asked_for_and_two_countersign(
    windows: Windows, banker: Banker, colleague: Banker
) -> None:
    first, second = await windows.open(DESKTOP, forgiven=["409"]), await windows.open(DESKTOP)
    await banker.come_in(first)
    await first.get_by_role("link", name="Équipe").click()
    await expect(first.get_by_role("listitem").filter(has_text=f"Numéro {colleague.user.number}")).to_be_visible()
    await first.get_by_role("button", name="Accueillir un collègue").click()
    await first.get_by_label("Numéro").fill(colleague.user.number)
    await first.get_by_label("Nom").fill("Inès Fabre")
    await first.get_by_label("Rôle").select_option("adviser")
    await first.get_by_role("button", name="Demander").click()
    await expect(first.get_by_role("alert").filter(has_text="Ce numéro est déjà porté")).to_be_visible()
    number = f"9{colleague.user.number}"
    await first.get_by_label("Numéro").fill(number)
    await check(first, "desk-advisers-desktop")
    await first.get_by_role("button", name="Demander").dblclick()
    act = await asked(first)
    await countersign(first, banker, act)
    await expect(first.locator("ct-act")).to_contain_text("En attente d’un autre chargé d’affaires")
    await colleague.come_in(second)
    await countersign(second, colleague, act)
    await second.get_by_role("link", name="Équipe").click()
    newcomer = second.get_by_role("listitem").filter(has_text=f"Numéro {number}")
    await expect(newcomer).to_contain_text("n’est pas encore entré")


async def test_one_who_leaves_hands_their_portfolio_on(
    windows: Windows, bank: Bank, node: Node, banker: Banker, colleague: Banker
) -> None:
    leaving = await another(bank, "Hélène Marchand", Role.ADVISER)
    company = await found_company(bank, node, leaving.user.id)
    first, second = await windows.open(DESKTOP), await windows.open(DESKTOP)
    await banker.come_in(first)
    await first.goto(f"/desk/advisers/{leaving.user.number}")
    await expect(first.get_by_role("link", name=company.name)).to_have_attribute(
        "href", f"/desk/companies/{company.client}"
    )
    await first.get_by_role("button", name="Faire partir").click()
    await first.get_by_label("Portefeuille repris par").select_option(colleague.user.number)
    await check(first, "desk-adviser-desktop")
    await first.get_by_role("button", name="Demander").click()
    act = await asked(first)
    await colleague.come_in(second)
    await countersign(second, colleague, act)
    await second.goto(f"/desk/companies/{company.client}")
    await expect(second.locator("ct-company").get_by_role("link", name=colleague.user.name)).to_be_visible()
    await second.goto(f"/desk/advisers/{leaving.user.number}")
    await expect(second.locator("ct-adviser")).to_contain_text("chargé d’affaires · parti")
    await expect(second.get_by_text("Aucune entreprise.")).to_be_visible()
    await expect(second.locator("ct-ask")).to_have_count(0)


async def test_a_company_is_given_to_another_adviser(
    windows: Windows, bank: Bank, company: Company, banker: Banker, colleague: Banker
) -> None:
    serving = await another(bank, "Paul Giraud", Role.ADVISER)
    first, second = await windows.open(DESKTOP), await windows.open(DESKTOP)
    await banker.come_in(first)
    await first.goto(f"/desk/companies/{company.client}")
    await first.get_by_role("button", name="Changer de chargé d’affaires").click()
    await first.get_by_label("Chargé d’affaires").select_option(serving.user.number)
    await check(first, "desk-portfolio-change-desktop")
    await first.get_by_role("button", name="Demander").click()
    act = await asked(first)
    await colleague.come_in(second)
    await countersign(second, colleague, act)
    await first.reload()
    await expect(first.locator("ct-company").get_by_role("link", name=serving.user.name)).to_be_visible()


async def test_a_company_is_taken_in_and_its_main_user_invited(
    windows: Windows, banker: Banker, colleague: Banker
) -> None:
    client = str(next(_CLIENTS))
    first, second = await windows.open(DESKTOP, forgiven=["422"]), await windows.open(DESKTOP)
    await banker.come_in(first)
    await first.get_by_role("link", name="Portefeuille").click()
    await first.get_by_role("button", name="Accueillir une entreprise").click()
    await first.get_by_label("Identifiant client", exact=True).fill(client)
    await first.get_by_label("Nom", exact=True).fill("Toitures du Sud")
    await first.get_by_label("SIREN").fill("732829321")
    await first.get_by_role("button", name="Demander").click()
    await expect(first.get_by_role("alert").filter(has_text="ne peut pas prendre cette valeur")).to_be_visible()
    await check(first, "desk-company-taken-in-desktop")
    await first.get_by_label("SIREN").fill("732829320")
    await first.get_by_role("button", name="Demander").click()
    act = await asked(first)
    await colleague.come_in(second)
    await countersign(second, colleague, act)
    await first.goto(f"/desk/companies/{client}")
    await first.get_by_role("button", name="Inviter l’utilisateur principal").click()
    await first.get_by_label("Numéro d’utilisateur").fill("1")
    await first.get_by_label("Nom", exact=True).fill("Marc Poirier")
    await first.get_by_role("button", name="Demander").click()
    await first.goto(await asked(first))
    await expect(first.locator("ct-act")).to_contain_text("Marc Poirier")


@pytest.mark.parametrize("role", [Role.ADVISER, Role.AUDITOR])
async def test_who_may_not_change_the_team_is_offered_nothing(
    windows: Windows, bank: Bank, node: Node, colleague: Banker, role: Role
) -> None:
    reading = await another(bank, "Luc Imbert", role)
    company = await found_company(bank, node, reading.user.id)
    page = await windows.open(SMALL)
    await reading.come_in(page)
    for path in ("/desk/advisers", f"/desk/advisers/{colleague.user.number}", "/desk/authorities"):
        await page.goto(path)
        await page.locator("ct-outlet h1").wait_for()
        await expect(page.locator("ct-outlet ct-ask")).to_have_count(0)
        assert await problems(page) == []
    await page.goto(f"/desk/companies/{company.client}/{company.anne.user.number}")
    await page.get_by_text("Sécur@ccès").first.wait_for()
    offered = 0 if role is Role.AUDITOR else 2
    await expect(page.locator("ct-cards ct-ask")).to_have_count(offered)


async def test_every_form_fits_the_smallest_phone_in_english(
    windows: Windows, company: Company, banker: Banker
) -> None:
    page = await windows.open(SMALL, locale="en-GB")
    await banker.come_in(page)
    for path, button in (
        ("/desk/advisers", "Take in a colleague"),
        ("/desk/companies", "Take in a company"),
        (f"/desk/companies/{company.client}", "Change advisers"),
        (f"/desk/companies/{company.client}/{company.anne.user.number}", "Take out of use"),
        ("/desk/authorities/new", "Add a policy"),
        ("/desk/mine", "Show a new QR code"),
    ):
        await page.goto(path)
        await page.get_by_role("button", name=button).click()
        await page.locator("ct-outlet select, ct-outlet img").first.wait_for()
        assert await problems(page) == [], path
