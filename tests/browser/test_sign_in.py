"""The door of the app, by card and reader."""

from playwright.async_api import expect

from tests.browser.looking import problems
from tests.browser.people import Signer
from tests.browser.sizes import PHONE, SMALL
from tests.browser.windows import Windows
from tests.house import CODE, Person


async def test_who_holds_two_cards_is_asked_which_and_keeps_what_they_typed(
    windows: Windows, anne: Signer, second_card: Person
) -> None:
    page = await windows.open(PHONE, forgiven=["409", "422"])
    await page.goto("/app")
    await anne.type_identity(page)
    await page.locator("input[name=code]").fill(CODE)
    await page.get_by_label("Code du lecteur").fill(second_card.code_key().code)
    await page.locator("form button.main").click()
    await page.get_by_label("Carte insérée dans le lecteur").select_option(second_card.card.id)
    assert await problems(page) == []
    await page.locator("form button.main").click()
    await expect(page.get_by_role("heading", name="À signer")).to_be_visible()


async def test_a_code_is_taken_as_it_was_pasted(windows: Windows, anne: Signer) -> None:
    page = await windows.open(SMALL)
    await page.goto("/app")
    await anne.type_identity(page)
    await page.locator("input[name=code]").fill(CODE)
    code = anne.person.code_key().code
    await page.get_by_label("Code du lecteur").fill(f" {code[:4]}-{code[4:]}. ")
    await page.locator("form button.main").click()
    await expect(page.get_by_role("heading", name="À signer")).to_be_visible()
    login = await page.evaluate(
        "fetch('/v1/sessions/here', {headers: {'Contreseing-Client': 'app'}}).then((r) => r.json())"
    )
    assert "cap" in login["login"]["factors"]
