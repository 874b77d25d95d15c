"""A person changes their confidential code, under the old one and a code of the reader together."""

import asyncio
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from tests.browser.looking import check, problems
from tests.browser.people import Signer
from tests.browser.sizes import DESKTOP, PHONE, SMALL
from tests.browser.windows import Windows
from tests.house import CODE, Person
from tests.log_watch import never_log

CHOSEN: Final = "582914"
WRONG: Final = "739165"


@pytest_asyncio.fixture(loop_scope="session")
async def page(windows: Windows, anne: Signer) -> Page:
    """Anne's phone, at the change of her code."""
    never_log(CHOSEN, WRONG)
    page = await windows.open(PHONE)
    await anne.come_in(page)
    await page.goto("/app/mine")
    await page.get_by_role("link", name="Changer mon code confidentiel").click()
    await page.get_by_role("heading", name="Changer mon code confidentiel").wait_for()
    return page


async def test_nothing_moves_under_the_finger_as_what_is_ones_own_is_read(windows: Windows, anne: Signer) -> None:
    page = await windows.open(PHONE)
    await anne.come_in(page)
    asked, let_go = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        asked.set()
        await let_go.wait()
        await route.continue_()

    await page.route("**/v1/devices", late)
    await page.goto("/app/mine")
    await asked.wait()
    await expect(page.get_by_text("Lecture en cours")).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("link")).to_have_count(0)
    let_go.set()
    await expect(page.get_by_role("link", name="Changer mon code confidentiel")).to_be_visible()


async def type_in(page: Page, *, old: str, cap: str, code: str = CHOSEN, again: str | None = None) -> None:
    """Fill everything in and send it, with a hasty tap."""
    await page.get_by_label("Code confidentiel actuel").fill(old)
    await page.get_by_label("Code du lecteur").fill(cap)
    await choose(page, code, again)


async def choose(page: Page, code: str, again: str | None = None) -> None:
    await page.get_by_label("Nouveau code confidentiel").fill(code)
    await page.get_by_label("Le même code").fill(code if again is None else again)
    await page.get_by_role("button", name="Changer le code").dblclick()


async def test_the_old_code_and_the_readers_change_it_and_other_screens_are_signed_out(
    windows: Windows, anne: Signer, page: Page
) -> None:
    there = await windows.open(DESKTOP)
    await anne.come_in(there)
    await there.get_by_role("heading", name="À signer").wait_for()
    await check(page, "app-code-change-fr")
    await type_in(page, old=CODE, cap=anne.person.code_key().code)
    await expect(page.get_by_role("status").filter(has_text="Votre code confidentiel est changé.")).to_be_visible()
    await expect(there.get_by_role("heading", name="Se connecter")).to_be_visible()
    await there.goto("/app")
    await anne.type_identity(there)
    await there.get_by_label("Code confidentiel").fill(CHOSEN)
    await there.get_by_role("button", name="Se connecter").click()
    await expect(there.get_by_role("heading", name="À signer")).to_be_visible()


async def test_a_wrong_code_costs_a_try_and_which_of_the_two_is_not_said(page: Page, anne: Signer) -> None:
    await type_in(page, old=WRONG, cap=anne.person.code_key().code)
    refused = page.get_by_role("alert").filter(has_text="Le code actuel ou celui du lecteur n’est pas le bon.")
    await expect(refused).to_contain_text("Il reste 4 essais")
    await expect(page.get_by_label("Code confidentiel actuel")).to_have_value("")
    assert await problems(page) == []
    await type_in(page, old=WRONG, cap=anne.person.code_key().code)
    await expect(refused).to_contain_text("Il reste 3 essais")
    await type_in(page, old=CODE, cap=anne.person.wrong().code)
    await expect(refused).to_contain_text("Il reste 2 essais")
    await expect(page.get_by_label("Code du lecteur")).to_have_value("")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("123456", "Ce code est une suite"),
        ("111111", "Ce code se répète"),
        ("12345", "Le code confidentiel a de 6 à 12"),
        (CODE, "C’est votre ancien code"),
    ],
)
async def test_a_code_that_may_not_be_chosen_says_why_and_spends_nothing(
    page: Page, anne: Signer, code: str, told: str
) -> None:
    await type_in(page, old=CODE, cap=anne.person.code_key().code, code=code)
    await expect(page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    await expect(page.get_by_label("Nouveau code confidentiel")).to_have_value("")
    assert await problems(page) == []
    await choose(page, CHOSEN)  # the old code and the reader's stand where they were typed
    await expect(page.get_by_text("Votre code confidentiel est changé.")).to_be_visible()


async def test_what_the_screen_sees_by_itself_is_not_sent(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    await type_in(page, old=CODE, cap="CODE 1", again="582915")
    await expect(page.get_by_role("alert").filter(has_text="Le lecteur n’affiche que des chiffres")).to_be_visible()
    await expect(page.get_by_role("alert").filter(has_text="Les deux codes ne sont pas les mêmes")).to_be_visible()
    assert not [url for url in sent if url.endswith("/v1/confidential-code")]


async def test_who_holds_two_cards_says_which_is_in_the_reader(page: Page, second_card: Person) -> None:
    await type_in(page, old=CODE, cap=second_card.code_key().code)
    which = page.get_by_label("Carte insérée dans le lecteur")
    await which.select_option(second_card.card.id)
    assert await problems(page) == []
    await page.get_by_role("button", name="Changer le code").click()
    await expect(page.get_by_text("Votre code confidentiel est changé.")).to_be_visible()


async def test_in_english_a_bank_that_does_not_answer_leaves_it_open_which_code_is_good(
    windows: Windows, anne: Signer
) -> None:
    page = await windows.open(SMALL, locale="en-GB", forgiven=["ERR_FAILED"])
    await anne.come_in(page)
    await page.goto("/app/mine/code")
    await page.route("**/v1/confidential-code", lambda route: route.abort())
    for label, typed in (
        ("Present confidential code", CODE),
        ("Code from the reader", anne.person.code_key().code),
        ("New confidential code", CHOSEN),
        ("The same code", CHOSEN),
    ):
        await page.get_by_label(label).fill(typed)
    await page.get_by_role("button", name="Change the code").click()
    await expect(page.get_by_role("alert").filter(has_text="your code may be changed already")).to_be_visible()
    assert await problems(page) == []
