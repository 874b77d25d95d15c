"""The app among a phone's own apps: what the browser asks before it offers that, and how it opens with no network."""

import asyncio
import json

from playwright.async_api import Page, expect

from tests.browser.company import Company
from tests.browser.looking import check
from tests.browser.people import Signer
from tests.browser.sizes import PHONE
from tests.browser.test_budgets import all_it_loads, files_of
from tests.browser.windows import Windows


async def test_the_browser_finds_all_it_needs_to_install_the_app(windows: Windows) -> None:
    page = await windows.open(PHONE)
    await page.goto("/app")
    await expect(page.locator("input[name=client_identifier]")).to_be_visible()
    session = await page.context.new_cdp_session(page)
    found = await session.send("Page.getAppManifest")
    assert found["errors"] == []
    told = json.loads(found["data"])
    assert (told["start_url"], told["display"]) == ("/app", "standalone")
    wrong = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert [error["errorId"] for error in wrong if error["errorId"] != "in-incognito"] == []


async def test_every_icon_is_the_size_it_says(windows: Windows) -> None:
    page = await windows.open(PHONE)
    await page.goto("/app")
    told = json.loads((await (await page.request.get("/app/manifest.webmanifest")).body()).decode())
    for icon in told["icons"]:
        size = await page.evaluate(
            "async (src) => { const i = new Image(); i.src = src; await i.decode(); return `${i.width}x${i.height}`; }",
            icon["src"],
        )
        assert size == icon["sizes"]


KEPT = """async () => {
  await navigator.serviceWorker.ready;
  return (await (await caches.open('shell')).keys()).map(({ url }) => new URL(url).pathname);
}"""
OTHER = """async (path) => {
  const cache = await caches.open('shell');
  await cache.put('/app', new Response('an older release'));
  await cache.put(path, new Response('its file'));
}"""

UNTIL_DROPPED = """async (path) => {
  while (await caches.match(path)) await new Promise((soon) => setTimeout(soon, 50));
}"""


async def kept_shell(windows: Windows) -> Page:
    page = await windows.open(PHONE, forgiven=["ERR_INTERNET_DISCONNECTED", "WebSocket", "ERR_FAILED"])
    await page.goto("/app")
    await expect(page.locator("input[name=client_identifier]")).to_be_visible()
    await page.evaluate(KEPT)
    return page


async def test_offline_the_app_opens_and_says_so(windows: Windows) -> None:
    page = await kept_shell(windows)
    await page.context.set_offline(offline=True)
    await page.goto("/app/help")  # its files were never asked for by this page
    await expect(page.get_by_role("heading", name="Aide")).to_be_visible()
    await expect(page.get_by_text("Hors ligne : l’application s’ouvre")).to_be_visible()
    await check(page, "app-opened-offline-fr")
    await page.context.set_offline(offline=False)
    await expect(page.get_by_text("Hors ligne")).to_be_hidden()


async def test_nothing_but_the_shell_is_kept(windows: Windows, anne: Signer, company: Company) -> None:
    page = await kept_shell(windows)
    await company.hold()
    await anne.come_in(page)
    await page.get_by_role("listitem").first.wait_for()
    await page.reload()
    await page.get_by_role("listitem").first.wait_for()
    kept = await page.evaluate(KEPT)
    assert len(kept) > 5
    assert [path for path in kept if path != "/app" and not path.startswith("/assets/")] == []


async def test_every_file_of_the_app_is_kept_in_both_languages(windows: Windows) -> None:
    page = await kept_shell(windows)
    kept = set(await page.evaluate(KEPT))
    assert kept == {"/app", *(f"/assets/{name}" for first in files_of("app") for name in all_it_loads(first))}


async def test_a_new_release_takes_the_place_of_the_old_one(windows: Windows) -> None:
    page = await kept_shell(windows)
    await page.evaluate(OTHER, "/assets/old-1.js")
    await page.reload()
    await expect(page.locator("input[name=client_identifier]")).to_be_visible()
    async with asyncio.timeout(10):
        await page.evaluate(UNTIL_DROPPED, "/assets/old-1.js")
    await page.context.set_offline(offline=True)
    await page.reload()
    await expect(page.locator("input[name=client_identifier]")).to_be_visible()
