"""The audit on the desk, searched by days, and opened from what it is about."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from server.clock import SystemClock
from tests.browser.company import Company
from tests.browser.looking import check
from tests.browser.people import Banker
from tests.browser.sizes import DESKTOP
from tests.browser.windows import Windows


async def test_the_audit_is_searched_by_days_of_paris(windows: Windows, banker: Banker) -> None:
    page = await windows.open(DESKTOP)
    await banker.come_in(page)
    await page.goto(f"/desk/audit?user={banker.user.id}")
    line = page.locator("ct-audit li").first
    await expect(line).to_contain_text("signed_in")
    today = SystemClock().now().astimezone(ZoneInfo("Europe/Paris")).date()
    yesterday = (today - timedelta(days=1)).isoformat()
    for since, until, found in ((today, today, True), (yesterday, yesterday, False)):
        await page.get_by_label("Du", exact=True).fill(str(since))
        await page.get_by_label("Au (compris)").fill(str(until))
        await page.get_by_role("button", name="Rechercher").click()
        await expect(page.get_by_text("Aucune ligne trouvée.")).to_have_count(0 if found else 1)
        await expect(line).to_have_count(1 if found else 0)


async def test_what_was_done_is_found_from_the_act_itself(windows: Windows, company: Company, banker: Banker) -> None:
    page = await windows.open(DESKTOP)
    await banker.come_in(page)
    await page.goto(f"/desk/companies/{company.client}")
    await page.get_by_role("button", name="Renouveler le code confidentiel").first.click()
    await page.get_by_role("link", name="Journal de cette demande").click()
    await expect(page.get_by_label("Opération (identifiant)")).to_have_value(page.url.rsplit("=", 1)[1])
    await expect(page.locator("ct-audit li").filter(has_text="action_opened").first).to_be_visible()
    await check(page, "desk-audit-of-act-desktop")
