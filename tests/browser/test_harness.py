"""The ground the other tests of this folder stand on: a bad page fails its test, a good one is looked at."""

import asyncio

import pytest
from playwright.async_api import Page

from tests.browser.company import Company
from tests.browser.elsewhere import Site
from tests.browser.looking import problems
from tests.browser.people import Banker, Signer
from tests.browser.sizes import DESKTOP, PHONE, SMALL
from tests.browser.windows import Windows

STRICT = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'"


async def show(windows: Windows, site: Site, body: str, script: str = "") -> Page:
    """Open a page with this body on a small phone, under a policy as strict as our own."""
    site.headers["Content-Security-Policy"] = STRICT
    site.pages["/x.js"] = script
    site.pages["/"] = (
        "<!doctype html><html lang='fr'><head><title>x</title><meta name='viewport' content='width=device-width'>"
        f"<script type='module' src='x.js'></script></head><body><main><h1>x</h1>{body}</main></body></html>"
    )
    page = await windows.open(SMALL, origins=[site.origin])
    await page.goto(site.origin)
    return page


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("throw new Error('torn')", "page error: torn"),
        ("console.error('odd')", "console: odd"),
        ("location.assign('http://127.0.0.1:9/')", "request to another origin"),
        ("document.body.append(Object.assign(document.createElement('style'), { textContent: 'p {}' }))", "Security"),
        ("document.body.innerHTML = '<p>'", "TrustedHTML"),
    ],
)
async def test_a_page_that_misbehaves_is_seen(windows: Windows, elsewhere: Site, script: str, complaint: str) -> None:
    await show(windows, elsewhere, "", script)
    for _ in range(3000):
        if any(complaint in each for each in windows.complaints):
            break
        await asyncio.sleep(0.01)
    assert any(complaint in each for each in windows.complaints)
    windows.watches.clear()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<input>", "label"),
        ("<button>a</button>", "under 44 px: <button> a"),
        ("<pre>" + "wide " * 99 + "</pre>", "the page scrolls sideways"),
        ("<iframe title='y' srcdoc='<html lang=fr><title>y</title><main><h1>y</h1><input></main>'></iframe>", "label"),
    ],
)
async def test_what_people_would_stumble_on_is_found(
    windows: Windows, elsewhere: Site, body: str, problem: str
) -> None:
    page = await show(windows, elsewhere, body)
    assert any(problem in each for each in await problems(page))
    windows.watches.clear()


async def test_a_signer_comes_in_by_the_screens(windows: Windows, anne: Signer) -> None:
    page = await windows.open(PHONE)
    await anne.sign_in(page)
    await page.get_by_role("heading", name="À signer").wait_for()
    assert await problems(page) == []


async def test_a_signer_comes_in_past_the_screens(windows: Windows, anne: Signer, company: Company) -> None:
    page = await windows.open(PHONE, locale="en-GB")
    await anne.come_in(page, with_card=True)
    action = await company.hold_file()
    await page.get_by_role("listitem").first.wait_for()
    assert await company.status_of(action) == "pending"


async def test_an_adviser_comes_in_past_the_screens(windows: Windows, banker: Banker) -> None:
    page = await windows.open(DESKTOP, forgiven=["/desk"])
    await banker.come_in(page)
    assert "__Host-contreseing-desk" in {cookie.get("name") for cookie in await page.context.cookies()}
