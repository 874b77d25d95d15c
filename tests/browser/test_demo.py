"""The demo in a browser, as a newcomer walks it with a mouse: client area, app, card and reader."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from deploy.demo.places import CLIENT, CONFIDENTIAL_CODE, PIN, SIGNER, Places
from deploy.demo.running import running
from deploy.demo.telling import Telling
from deploy.demo.walk import People
from tests.browser.looking import check
from tests.browser.sizes import DESKTOP, PHONE, Size
from tests.browser.windows import Windows, windows_on
from tests.ports import free_ports


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def people(tmp_path_factory: pytest.TempPathFactory, screens: None) -> AsyncIterator[People]:
    """The demo as `make demo` has it."""
    del screens
    server, core, payees, reader, bank = free_ports(5)
    places = Places(
        home=tmp_path_factory.mktemp("browser") / "demo",
        server_port=server,
        core_port=core,
        payees_port=payees,
        reader_port=reader,
        bank_port=bank,
    )
    async with running(places, Telling()) as started:
        yield started


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Windows on all the demo's pages."""

    people: People
    windows: Windows

    @property
    def places(self) -> Places:
        return self.people.places

    async def open(self, url: str, size: Size = DESKTOP) -> Page:
        places = self.places
        page = await self.windows.open(size, origins=[places.reader_page, places.online_bank])
        await page.goto(url)
        return page


@pytest_asyncio.fixture(loop_scope="session")
async def demo(people: People, chromium: Browser) -> AsyncIterator[Demo]:
    async with windows_on(chromium, people.places.server) as windows:
        yield Demo(people=people, windows=windows)


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.locator(f"[data-key='{key}']").click()


async def make_code(page: Page, *keys: str) -> str:
    """Press these keys on the drawn reader; return the code its glass shows."""
    await press(page, *keys)
    await page.locator("#copy:enabled").wait_for()
    return (await page.locator("#shows").inner_text()).replace(" ", "")


async def test_the_reader_is_used_by_mouse_and_by_keyboard_and_blocks_after_three_wrong_pins(demo: Demo) -> None:
    page = await demo.open(demo.places.reader_page)
    insert = page.get_by_role("button", name="Insérer Marc Lefort")
    await insert.wait_for()
    await check(page, "demo-reader")
    await insert.click()
    assert len(await make_code(page, "CODE", *PIN, "OK")) == 8
    await check(page, "demo-reader-code")
    await page.keyboard.press("s")
    await page.get_by_text("PIN, puis OK").wait_for()
    await page.keyboard.type("1111")
    await page.get_by_text("••••", exact=True).wait_for()
    await page.locator("body").press("Enter")
    await page.get_by_text("PIN faux. Essais restants : 2").wait_for()
    await press(page, *"1111", "OK", *"1111", "OK")
    await page.get_by_text("Carte bloquée").wait_for()
    await page.reload()
    await page.get_by_role("button", name="Insérer Marc Lefort").click()
    await press(page, "CODE")
    await page.get_by_text("Carte bloquée").wait_for()


async def test_the_pages_of_the_demo_speak_english_and_fit_a_phone(demo: Demo) -> None:
    page = await demo.open(demo.places.reader_page, PHONE)
    await page.get_by_role("button", name="English").click()
    await page.get_by_role("heading", name="Reader and cards").wait_for()
    await check(page, "demo-reader-phone")
    await page.get_by_role("link", name="Advisers’ codes").click()
    await page.get_by_text("New codes in").wait_for()
    await check(page, "demo-authenticator")


async def test_the_client_area_holds_the_chat_and_has_vouched_for_claire(demo: Demo) -> None:
    page = await demo.open(demo.places.online_bank)
    await page.get_by_role("button", name="Messagerie de la banque").click()
    await page.frame_locator("iframe").get_by_text("à signer").first.wait_for()
    await check(page, "demo-client-area-chat")


async def test_a_newcomer_signs_a_payment_file_with_a_mouse(demo: Demo) -> None:
    bank = await demo.open(demo.places.online_bank)
    await bank.get_by_role("button", name="Envoyer le fichier").click()
    await bank.get_by_text("Fichier reçu").wait_for()
    await check(bank, "demo-client-area")
    app = await demo.open("/app", PHONE)
    for name, typed in (("client_identifier", CLIENT), ("user_number", SIGNER), ("code", CONFIDENTIAL_CODE)):
        await app.locator(f"input[name={name}]").fill(typed)
    await app.locator("form button.main").click()
    await app.get_by_role("listitem").get_by_role("link").click()
    digits = await app.locator(".digits").inner_text()
    reader = await demo.open(demo.places.reader_page)
    await reader.get_by_role("button", name="Insérer Claire Fontaine").click()
    code = await make_code(reader, "SIGN", *PIN, "OK", *re.sub(r"[^0-9]", "", digits), "OK")
    await check(reader, "demo-reader-signs")
    await app.get_by_label("Code affiché par le lecteur").fill(code)
    await app.get_by_role("button", name="Signer").click()
    await app.get_by_text("Signée et exécutée par la banque").wait_for()
    await check(app, "demo-executed")
