"""What was not the person: said on the phone, stopped, and told to the bank."""

import re

from playwright.async_api import Page, expect

from approvals.model.adviser import Adviser, Role
from approvals.model.alert import Alert
from approvals.model.ids import ActionId, UserId
from tests.browser.company import Company
from tests.browser.looking import check
from tests.browser.people import Signer
from tests.browser.sizes import PHONE
from tests.browser.windows import Windows
from tests.house import mine
from tests.staff import staff_desks


async def alerts_of(company: Company, signer: Signer) -> list[Alert]:
    supervisor = Adviser(user_id=UserId("usr_supervisor"), role=Role.SUPERVISOR)
    page = await staff_desks(company.bank.house).alerts.browse(supervisor, None, 50)
    return [sheet.alert for sheet in page.items if sheet.user.id == signer.person.user.id]


async def at_approval(windows: Windows, signer: Signer, company: Company) -> Page:
    page = await windows.open(PHONE)
    action = await company.hold()
    await signer.come_in(page)
    await page.goto(f"/app/approvals/{action}")
    await page.get_by_role("heading", name="Signer avec le lecteur").wait_for()
    return page


async def test_a_refusal_that_it_was_not_me_alerts_the_adviser(
    windows: Windows, anne: Signer, company: Company
) -> None:
    page = await at_approval(windows, anne, company)
    await page.get_by_role("button", name="Refuser").click()
    await page.get_by_label("Je n’ai rien demandé").check()
    await expect(page.get_by_text("votre chargé d’affaires alerté")).to_be_visible()
    await page.get_by_role("button", name="Refuser l’opération").click()
    await expect(page.get_by_role("status").filter(has_text=re.compile("^Refusée"))).to_be_visible()
    (alert,) = await alerts_of(company, anne)
    assert alert.found == "open"


async def test_what_somebody_else_signed_with_my_card_is_told_afterwards(
    windows: Windows, anne: Signer, company: Company
) -> None:
    page = await at_approval(windows, anne, company)
    sheet = await company.bank.house.sheet(ActionId(page.url.rpartition("/")[2]))
    code = anne.person.answer(mine(sheet, anne.person).reader_input).code
    await page.get_by_label("Code affiché par le lecteur").fill(code)
    await page.get_by_role("button", name="Signer").click()
    await page.get_by_role("button", name="Ce n’était pas moi").click()
    alarm = page.get_by_role("button", name="Alerter la banque")
    await check(page, "app-disavowing-fr", shows=alarm)
    await alarm.dblclick()
    await expect(page.get_by_text("Votre chargé d’affaires est alerté.")).to_be_visible()
    (alert,) = await alerts_of(company, anne)
    assert alert.found == "satisfied"
