"""What the screens may weigh and how long they may take."""

import asyncio
import gzip
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import pytest
from playwright.async_api import CDPSession, Page

from tests.browser.company import Company
from tests.browser.people import Signer
from tests.browser.sizes import PHONE
from tests.browser.windows import Windows
from tests.flows.nodes import ROOT
from tests.times import Times

DIST: Final = ROOT / "channels/web/dist"
FOUR_G: Final = {"offline": False, "latency": 20, "downloadThroughput": 500_000, "uploadThroughput": 375_000}
"""Chromium's own profile of the name: 4 Mbit/s down, 3 up, 20 ms."""
PAINTED: Final = """new Promise((resolve) => {
  const told = (list) => resolve(list.getEntries().at(-1).startTime);
  new PerformanceObserver(told).observe({ type: 'largest-contentful-paint', buffered: true });
})"""
"""When the largest piece of what is shown was painted: neither an empty frame nor what stands in for a screen."""
LOADS: Final = 5
WARM_UP: Final = 5
SAMPLES: Final = 100


def all_it_loads(file: str) -> set[str]:
    """The built file, and whatever it or they import, at once or later."""
    found: set[str] = set()
    waiting = {file}
    while waiting:
        name = waiting.pop()
        found.add(name)
        text = (DIST / "assets" / name).read_text("utf-8")
        waiting |= set(re.findall(r'"\./([\w.-]+\.(?:js|css))"', text)) - found
    return found


def gzipped(names: set[str]) -> int:
    return sum(len(gzip.compress((DIST / "assets" / name).read_bytes(), mtime=0)) for name in names)


def files_of(page: str) -> set[str]:
    entry: dict[str, Any] = json.loads((DIST / "manifest.json").read_text())[page]
    return {Path(entry[kind]).name for kind in ("script", "style") if kind in entry}


@pytest.mark.parametrize(("language", "other"), [("fr", "en-"), ("en", "fr-")])
def test_the_whole_app_in_a_persons_language_is_under_60_kilobytes(screens: None, language: str, other: str) -> None:
    del screens
    names = {name for first in files_of("app") for name in all_it_loads(first)}
    assert any(name.startswith(f"{language}-") for name in names)
    theirs = {name for name in names if not name.startswith(other)}
    assert gzipped(theirs) < 60_000, f"{gzipped(theirs)} bytes: {sorted(theirs)}"


def test_the_loader_of_the_widget_is_under_5_kilobytes(screens: None) -> None:
    del screens
    assert gzipped(files_of("widget")) < 5_000


async def first_screen(windows: Windows) -> float:
    """Milliseconds from the address to the sign-in form on a slow phone that was never here before.

    Nothing of Playwright's runs before the paint: a locator brings 330 KB of script, some 80 ms for such a phone.
    """
    page = await windows.open(PHONE)
    session = await slow_phone(page)
    await page.goto("/app")
    await painted(session)
    await page.locator("input[name=client_identifier]").wait_for()
    paint = await painted(session)
    await page.context.close()
    return paint


async def slow_phone(page: Page) -> CDPSession:
    """Slow the page down, network and processor, and return what it is watched by."""
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", FOUR_G)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    return session


async def painted(session: CDPSession) -> float:
    """Milliseconds from the address to the largest paint so far; waits for the first."""
    asked = {"expression": PAINTED, "awaitPromise": True, "returnByValue": True}
    found: float = (await session.send("Runtime.evaluate", asked))["result"]["value"]
    return found


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
@pytest.mark.parametrize(("page_of", "field"), [("app", "client_identifier"), ("desk", "number")])
async def test_a_first_screen_is_three_files_which_its_document_names(
    windows: Windows, page_of: str, field: str, locale: Literal["fr-FR", "en-GB"]
) -> None:
    """The look, the script, the words: nothing is learned of only when another file has come."""
    page = await windows.open(PHONE, locale=locale)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    document = await page.goto(f"/{page_of}")
    assert document is not None
    await page.locator(f"input[name={field}]").wait_for()
    files = sorted(path for path in asked if path.startswith("/assets/"))
    assert files == sorted(re.findall(r'"(/assets/[^"]+)"', await document.text()))
    assert len(files) == 3


@pytest.mark.alone
async def test_the_first_screen_is_there_within_a_second_on_a_slow_phone(
    windows: Windows, record_property: Callable[[str, object], None]
) -> None:
    """The one in the middle of five, each a phone that has nothing of ours yet."""
    times = Times([await first_screen(windows) for _ in range(LOADS)])
    record_property("first screen of a slow phone", str(times))
    assert times.within(50) < 1000, times


SHOWN: Final = """(count) => new Promise((resolve) => {
  const look = () => {
    const list = document.querySelector('ct-app').shadowRoot.querySelector('ct-outlet').shadowRoot;
    const shown = list.querySelector('ct-approvals')?.shadowRoot.querySelectorAll('li').length ?? 0;
    if (shown >= count) resolve(Date.now());
    else requestAnimationFrame(look);
  };
  look();
})"""


@pytest.mark.alone
async def test_an_approval_is_on_the_phone_150_ms_after_it_was_posted(
    windows: Windows, anne: Signer, company: Company, record_property: Callable[[str, object], None]
) -> None:
    """The p95 of one round, over every sample of it; and none is so late that the stream must have been lost.

    A few posts go before it: the first ones open the server's and the test's connections, and load what is loaded once.
    """
    page = await windows.open(PHONE)
    await anne.come_in(page)
    await page.get_by_role("heading", name="À signer").wait_for()
    taken = [await shown_after(page, company, number) for number in range(1, WARM_UP + SAMPLES + 1)]
    times = Times(taken[WARM_UP:])
    record_property("approval on the phone after POST /v1/actions", str(times))
    assert times.within(95) < 150, times
    assert times.within(100) < 1000, times


async def shown_after(page: Page, company: Company, number: int) -> float:
    """Milliseconds from the core's request to the list with so many lines; the clock is the same machine's."""
    shown = asyncio.create_task(page.evaluate(SHOWN, number))
    await page.evaluate("undefined")  # what was asked before it is under way
    posted = time.time() * 1000
    await company.hold_chequebook()
    return float(await shown) - posted
