"""A person's card on the desk, taken out of use while they are still on the telephone."""

import pytest
from playwright.async_api import expect

from approvals.model.adviser import Role
from approvals.model.card import CardStatus
from tests.browser.company import found_company
from tests.browser.looking import check, problems
from tests.browser.sizes import DESKTOP, SMALL, Size
from tests.browser.staff import another
from tests.browser.windows import Windows
from tests.flows.nodes import Bank, Node


@pytest.mark.parametrize(("size", "name"), [(DESKTOP, "desk-card-report-desktop"), (SMALL, None)])
async def test_a_stolen_card_is_out_of_use_on_one_advisers_word(
    windows: Windows, bank: Bank, node: Node, size: Size, name: str | None
) -> None:
    adviser = await another(bank, "Luc Imbert", Role.ADVISER)
    company = await found_company(bank, node, adviser.user.id)
    page = await windows.open(size)
    await adviser.come_in(page)
    await page.goto(f"/desk/companies/{company.client}/{company.anne.user.number}")
    await page.get_by_role("button", name="Mettre hors d’usage").click()
    await page.get_by_label("Motif").select_option("stolen")
    if name is None:
        assert await problems(page) == []
    else:
        await check(page, name)
    await page.get_by_role("button", name="Mettre hors d’usage maintenant").dblclick()
    await expect(page.get_by_role("button", name="Mettre hors d’usage")).to_have_count(0)
    await expect(page.get_by_text("La carte est active.")).to_have_count(0)
    card = await bank.house.book.reading(lambda ledger: ledger.cards.load(company.anne.card.id))
    assert card is not None
    assert card.status is CardStatus.REPORTED
