"""Devices of one person: a further one by QR code, a screen opened by the phone, one that is taken away."""

import json
import re
from dataclasses import dataclass

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.looking import check
from tests.browser.people import Signer
from tests.browser.sizes import DESKTOP, PHONE
from tests.browser.windows import Windows
from tests.house import CODE


@dataclass(frozen=True)
class Enrolling:
    """A desk's screen that shows a QR code, and the phone that has read it and shows two digits."""

    screen: Page
    phone: Page
    digits: str


async def first_device(windows: Windows, signer: Signer) -> Page:
    """A phone that is enrolled and signed in."""
    page = await windows.open(PHONE)
    await signer.come_in(page, with_card=True)
    await page.get_by_role("button", name="Enregistrer").click()
    await expect(page.get_by_text("Cet appareil est enregistré.")).to_be_visible()
    return page


@pytest_asyncio.fixture(loop_scope="session")
async def enrolling(windows: Windows, anne: Signer) -> Enrolling:
    screen, phone = await windows.open(DESKTOP), await windows.open(PHONE)
    await anne.come_in(screen, with_card=True)
    await screen.goto("/app/mine/enrol")
    await screen.get_by_role("button", name="Afficher le QR code").click()
    await screen.get_by_role("img", name="QR code").wait_for()
    await check(screen, "app-enrolment-qr-fr")
    ticket = await screen.locator("code").text_content()
    await phone.goto(f"/app/enrol#{ticket}")
    await phone.get_by_label("Nom de cet appareil").fill("<b>Mobile</b>")
    await phone.get_by_role("button", name="Continuer").click()
    digits = phone.get_by_role("status", name="Deux chiffres")
    await digits.wait_for()
    await check(phone, "app-enrolment-digits-fr")
    assert phone.url.endswith("/app/enrol")
    return Enrolling(screen, phone, (await digits.inner_text()).strip())


async def test_a_further_device_is_enrolled_by_qr_code_and_two_digits(enrolling: Enrolling) -> None:
    await expect(enrolling.screen.get_by_text("<b>Mobile</b>")).to_be_visible()
    await enrolling.screen.get_by_label("Les deux chiffres").fill(enrolling.digits)
    await enrolling.screen.get_by_role("button", name="Confirmer").click()
    await expect(enrolling.screen.get_by_text("Le nouvel appareil est enregistré.")).to_be_visible()
    await expect(enrolling.phone.get_by_text("Cet appareil est enregistré.")).to_be_visible()


async def test_other_digits_end_it_on_both_screens(enrolling: Enrolling) -> None:
    await enrolling.screen.get_by_label("Les deux chiffres").fill(f"{(int(enrolling.digits) + 1) % 100:02}")
    await enrolling.screen.get_by_role("button", name="Confirmer").click()
    await expect(enrolling.screen.get_by_role("alert").filter(has_text="pas les bons chiffres")).to_be_visible()
    await expect(enrolling.phone.get_by_text("L’enregistrement s’est arrêté")).to_be_visible()


async def test_a_code_that_is_not_good_any_more_is_told(windows: Windows) -> None:
    other = await windows.open(PHONE)
    await other.goto("/app/enrol")
    await other.get_by_label("Code affiché sous le QR code").fill("cte_" + "x" * 43)
    await other.get_by_role("button", name="Continuer").click()
    await expect(other.get_by_role("alert").filter(has_text="a déjà servi")).to_be_visible()


async def test_a_screen_is_opened_by_the_phone_that_is_typed_its_digits(windows: Windows, anne: Signer) -> None:
    phone = await first_device(windows, anne)
    screen = await windows.open(DESKTOP)
    await screen.goto("/app")
    await anne.type_identity(screen)
    await screen.get_by_role("button", name="Confirmer sur mon téléphone").click()
    shown = screen.get_by_role("status").filter(has_text=re.compile("^ *[0-9]{2} *$"))
    await shown.wait_for()
    await expect(shown).to_be_in_viewport(ratio=1)
    await check(screen, "app-sign-in-by-phone-fr")
    await phone.get_by_label("Les deux chiffres de l’autre écran").fill((await shown.inner_text()).strip())
    await check(phone, "app-confirming-fr")
    await phone.get_by_role("button", name="C’est moi").click()
    await expect(screen.get_by_role("heading", name="À signer")).to_be_visible()
    await expect(phone.get_by_text("L’autre écran est connecté.")).to_be_visible()


async def test_a_sign_in_that_is_not_the_persons_is_refused(windows: Windows, anne: Signer) -> None:
    phone = await first_device(windows, anne)
    screen = await windows.open(DESKTOP)
    await screen.goto("/app")
    await anne.type_identity(screen)
    await screen.get_by_role("button", name="Confirmer sur mon téléphone").click()
    await phone.get_by_role("button", name="Ce n’est pas moi").click()
    await expect(phone.get_by_text("La connexion est refusée.")).to_be_visible()
    await expect(screen.get_by_role("heading", name="Se connecter")).to_be_visible()


SLOW_SHELF = """
const open = IDBFactory.prototype.open;
let isFirst = true;
IDBFactory.prototype.open = function (...asked) {
  if (!isFirst) return open.apply(this, asked);
  isFirst = false;
  const late = {};
  setTimeout(() => {
    const request = open.apply(this, asked);
    request.onsuccess = () => late.onsuccess(late.result = request.result);
    request.onerror = () => late.onerror(late.error = request.error);
  }, 3000);
  return late;
};
"""
"""The first time a page opens the shelf, which is for its device, takes seconds."""


async def test_nobody_is_in_before_the_browser_knows_which_device_it_is(windows: Windows, anne: Signer) -> None:
    """The door is shown at once: on a slow phone its shelf is read after that."""
    phone = await first_device(windows, anne)
    await phone.add_init_script(SLOW_SHELF)
    await phone.goto("/app/mine")
    await expect(phone.get_by_text("téléphone · depuis")).to_contain_text("cet appareil")
    await phone.get_by_role("button", name="Quitter").click()
    await expect(phone.get_by_role("heading", name="Se connecter")).to_be_visible()
    await phone.goto("/app")
    await anne.type_identity(phone)
    await phone.locator("input[name=code]").fill(CODE)
    async with phone.expect_request(lambda request: request.method == "POST" and "sessions" in request.url) as asked:
        await phone.locator("form button.main").click()
    assert json.loads((await asked.value).post_data or "")["device"] is not None
    await expect(phone.get_by_role("heading", name="À signer")).to_be_visible()


async def test_a_device_that_is_taken_away_is_out_at_once(windows: Windows, anne: Signer) -> None:
    phone = await first_device(windows, anne)
    screen = await windows.open(DESKTOP)
    await anne.come_in(screen)
    await screen.goto("/app/mine")
    await screen.get_by_role("button", name="Retirer").click()
    await screen.get_by_role("button", name="Confirmer : Retirer").click()
    await expect(screen.get_by_text("Aucun appareil enregistré.")).to_be_visible()
    await expect(phone.get_by_role("heading", name="Se connecter")).to_be_visible()


async def test_a_stay_is_ended_from_elsewhere(windows: Windows, anne: Signer) -> None:
    here, there = await windows.open(PHONE), await windows.open(DESKTOP)
    await anne.come_in(there)
    await there.get_by_text("Rien n’attend votre signature.").wait_for()
    await anne.come_in(here)
    await here.goto("/app/mine")
    await here.get_by_role("button", name="Déconnecter").click()
    await here.get_by_role("button", name="Confirmer : Déconnecter").click()
    await expect(there.get_by_role("heading", name="Se connecter")).to_be_visible()
