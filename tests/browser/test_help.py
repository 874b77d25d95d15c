"""The assistant in the app and in the widget: asked by who is locked out, and by who types what they should not."""

import pytest
from playwright.async_api import expect

from tests.browser.looking import check
from tests.browser.pasting import refuses_two_megabytes
from tests.browser.people import Signer
from tests.browser.sizes import PHONE, SMALL
from tests.browser.windows import Windows

SCRIPT = "<img src=x onerror=alert(1)>"


async def test_who_cannot_come_in_finds_help_and_the_way_back(windows: Windows) -> None:
    page = await windows.open(PHONE)
    await page.goto("/app")
    await page.get_by_role("link", name="Besoin d’aide").click()
    await page.get_by_label("Votre question").fill("j'ai oublié mon code")
    await page.get_by_role("button", name="Demander").click()
    said = page.get_by_role("log")
    await expect(said.get_by_text("chargé d'affaires")).to_be_visible()
    await expect(page.get_by_label("Votre question")).to_have_value("")
    await check(page, "app-help-fr")
    await page.get_by_role("link", name="Retour").click()
    await expect(page.locator("input[name=client_identifier]")).to_be_visible()


async def test_what_it_does_not_know_is_met_with_three_questions_to_choose(windows: Windows, anne: Signer) -> None:
    page = await windows.open(SMALL)
    await anne.come_in(page)
    await page.goto("/app/help")
    await page.get_by_label("Votre question").fill(SCRIPT)
    await page.get_by_role("button", name="Demander").click()
    said = page.get_by_role("log")
    await expect(said.get_by_text(SCRIPT)).to_be_visible()
    assert await said.get_by_role("button").count() == 3
    await check(page, "app-help-unsure-small-fr")
    chosen = said.get_by_role("button").first
    question = await chosen.inner_text()
    await chosen.click()
    await expect(said.locator("p.asked").last).to_contain_text(question)


@pytest.mark.parametrize("typed", ["12345678", "mon code : 1234 5678"])
async def test_a_live_code_leaves_the_screen_with_a_warning(windows: Windows, typed: str) -> None:
    page = await windows.open(PHONE)
    await page.goto("/app/help")
    await page.get_by_label("Votre question").fill(typed)
    await page.get_by_role("button", name="Demander").click()
    await expect(page.get_by_text("N’écrivez jamais un code")).to_be_visible()
    await expect(page.get_by_label("Votre question")).to_have_value("")
    await expect(page.get_by_text(typed)).to_have_count(0)


async def test_a_paste_of_two_megabytes_is_refused_where_the_bank_stops_reading(windows: Windows) -> None:
    page = await windows.open(PHONE)
    await page.goto("/app/help")
    await refuses_two_megabytes(page.get_by_label("Votre question"), 1000)
