"""Substitutes in the approver's app: named, seen and ended, each by an operation that a third person signs."""

import re

import pytest_asyncio
from playwright.async_api import Page, expect

from approvals.model.ids import ActionId, ActionKind
from approvals.ports.book import Ledger
from tests.browser.company import Company
from tests.browser.looking import check, problems
from tests.browser.people import Signer
from tests.browser.sizes import PHONE, SMALL
from tests.browser.windows import Windows
from tests.house import entitlement, mine

SUBSTITUTE = ActionKind("substitute")


@pytest_asyncio.fixture(loop_scope="session")
async def chloe(company: Company) -> Signer:
    """She signs for substitutes: Anne, who asks, may not, nor may Bruno, who is to stand in."""
    rights = entitlement(company.chloe, "A", [SUBSTITUTE])

    async def work(ledger: Ledger) -> None:
        await ledger.rights.put(company.id, rights)

    await company.bank.house.book.transaction(work)
    return Signer(company, company.chloe)


async def ask(page: Page, absent: str, substitute: str) -> None:
    await page.get_by_label("Signataire absent").select_option(absent)
    await page.get_by_label("Suppléant", exact=True).select_option(substitute)
    await page.get_by_role("button", name="Demander la signature").dblclick()


async def sign(windows: Windows, signer: Signer, action: ActionId) -> None:
    page = await windows.open(PHONE)
    await signer.come_in(page)
    await page.goto(f"/app/approvals/{action}")
    sheet = await signer.company.bank.house.sheet(action)
    code = signer.person.answer(mine(sheet, signer.person).reader_input).code
    await page.get_by_label("Code affiché par le lecteur").fill(code)
    await page.get_by_role("button", name="Signer").click()
    await expect(page.get_by_role("status").filter(has_text="Signée et exécutée")).to_be_visible()


async def opened(page: Page) -> ActionId:
    """The operation the page went on to."""
    await page.wait_for_url(re.compile("/app/approvals/"))
    await expect(page.get_by_role("heading", name="Suppléance")).to_be_visible()
    return ActionId(page.url.rpartition("/")[2])


async def test_a_substitute_is_named_seen_and_ended(windows: Windows, anne: Signer, chloe: Signer) -> None:
    page = await windows.open(PHONE)
    await anne.come_in(page)
    await page.goto("/app/mine")
    await page.get_by_role("link", name="Suppléances").click()
    await ask(page, "1", "2")
    await sign(windows, chloe, await opened(page))
    await page.goto("/app/mine/substitutes")
    row = page.get_by_role("listitem").filter(has_text=re.compile(r"Anne Morvan\s+— suppléant\s:\s+Bruno Keller"))
    await expect(row).to_have_count(1)
    await check(page, "app-substitutes-fr")
    await row.get_by_role("button", name="Mettre fin").click()
    await row.get_by_role("button", name="Confirmer la fin").click()
    await sign(windows, chloe, await opened(page))
    await page.goto("/app/mine/substitutes")
    await expect(page.get_by_text("Aucune suppléance.")).to_be_visible()


async def test_what_cannot_be_is_told_with_what_to_do(windows: Windows, anne: Signer) -> None:
    page = await windows.open(SMALL)
    await anne.come_in(page)
    await page.goto("/app/mine/substitutes")
    for absent, substitute, told in (
        ("1", "1", "Choisissez deux personnes différentes"),
        ("2", "1", "Nul ne change ses propres droits"),
        ("1", "2", "Trop peu de personnes peuvent signer"),
    ):
        await ask(page, absent, substitute)
        await expect(page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    assert await problems(page) == []
