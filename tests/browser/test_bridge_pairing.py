"""A PC's card bridge is paired: the line the screen shows is run, the two digits it prints are typed on the screen."""

import re
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, Route, expect

from tests.browser.looking import check, problems
from tests.browser.people import Signer
from tests.browser.sizes import DESKTOP, SMALL
from tests.browser.windows import Windows
from tests.card_bridge.link.desk import start
from tests.log_watch import never_log


async def line_shown(page: Page) -> str:
    """The line to be typed on the PC, with its code."""
    line = await page.locator("code").inner_text()
    never_log(line.split()[-1])
    return line


async def asking(page: Page, signer: Signer) -> None:
    """Come in with the card, and ask for a code."""
    await signer.come_in(page, with_card=True)
    await page.goto("/app/mine")
    await page.get_by_role("link", name="Relier un PC").click()
    await page.get_by_role("button", name="Afficher le code").dblclick()
    await page.get_by_text("ouvrez un terminal").wait_for()


@asynccontextmanager
async def typed(line: str, file: Path) -> AsyncIterator[tuple[Process, str]]:
    """The line run on a PC, and the two digits it shows."""
    program, *words = line.split()
    assert program == "contreseing-bridge"
    process = await start(*words, "--file", str(file))
    try:
        assert process.stdout is not None
        said = (await process.stdout.readline()).decode()
        digits = re.search(r"(\d\d)$", said.strip())
        assert digits is not None, said
        yield process, digits[1]
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def test_the_line_shown_and_two_digits_pair_a_pc(windows: Windows, anne: Signer, tmp_path: Path) -> None:
    page, file = await windows.open(DESKTOP), tmp_path / "paired.json"
    await asking(page, anne)
    await check(page, "app-pairing-fr")
    async with typed(await line_shown(page), file) as (bridge, digits):
        await page.get_by_label("Les deux chiffres affichés par le PC").fill(digits)
        assert await problems(page) == []
        await page.get_by_role("button", name="Confirmer").dblclick()
        await expect(page.get_by_role("status").filter(has_text="Le PC est relié.")).to_be_visible()
        said, _ = await bridge.communicate()
        assert bridge.returncode == 0, said
    assert file.stat().st_mode & 0o777 == 0o600
    await page.get_by_role("link", name="Retour à mon accès").click()
    await expect(page.get_by_role("listitem").filter(has_text="pont lecteur sur PC")).to_be_visible()


async def test_other_digits_end_it_on_the_screen_and_on_the_pc(windows: Windows, anne: Signer, tmp_path: Path) -> None:
    page, file = await windows.open(DESKTOP), tmp_path / "paired.json"
    await asking(page, anne)
    first = await line_shown(page)
    async with typed(first, file) as (bridge, digits):
        await page.get_by_label("Les deux chiffres affichés par le PC").fill(f"{(int(digits) + 1) % 100:02}")
        await page.get_by_role("button", name="Confirmer").click()
        await expect(page.get_by_role("alert").filter(has_text="pas les bons chiffres")).to_be_visible()
        said, _ = await bridge.communicate()
        assert bridge.returncode != 0
        assert "[pairing_not_confirmed]" in said.decode()
    assert not file.exists()
    await page.get_by_role("button", name="Afficher le code").click()
    await expect(page.locator("code")).not_to_have_text(first)
    await expect(page.get_by_role("alert").filter(has_text="pas les bons chiffres")).to_have_count(0)


async def test_a_pairing_whose_answer_is_lost_is_found_out(windows: Windows, anne: Signer, tmp_path: Path) -> None:
    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    page = await windows.open(DESKTOP, forgiven=["ERR_FAILED"])
    await asking(page, anne)
    await page.route("**/confirmation", lose)
    async with typed(await line_shown(page), tmp_path / "paired.json") as (bridge, digits):
        await page.get_by_label("Les deux chiffres affichés par le PC").fill(digits)
        await page.get_by_role("button", name="Confirmer").click()
        await expect(page.get_by_text("Le PC est relié.")).to_be_visible()
        await expect(page.get_by_role("alert").filter(has_text="ne répond pas")).to_have_count(0)
        await bridge.communicate()
        assert bridge.returncode == 0


async def test_who_came_in_without_a_card_is_told_to_come_back_with_it(windows: Windows, anne: Signer) -> None:
    page = await windows.open(SMALL, locale="en-GB")
    await anne.come_in(page)
    await page.goto("/app/mine/bridge")
    await page.get_by_role("button", name="Show the code").click()
    told = page.get_by_role("alert").filter(has_text="come back with your confidential code")
    await expect(told).to_be_visible()
    await expect(page.locator("code")).to_have_count(0)
    assert await problems(page) == []


async def test_without_a_network_the_code_stays_and_the_digits_come_when_it_is_back(
    windows: Windows, anne: Signer, tmp_path: Path
) -> None:
    page = await windows.open(SMALL, locale="en-GB", forgiven=["ERR_INTERNET_DISCONNECTED", "WebSocket"])
    await anne.come_in(page, with_card=True)
    await page.goto("/app/mine/bridge")
    await page.get_by_role("button", name="Show the code").click()
    line = await line_shown(page)
    assert await problems(page) == []
    async with page.expect_event("requestfailed"):
        await page.context.set_offline(offline=True)
    async with typed(line, tmp_path / "paired.json") as (bridge, digits):
        await page.context.set_offline(offline=False)
        await page.get_by_label("The two digits the PC shows").fill(digits)
        assert await problems(page) == []
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_text("The PC is paired.")).to_be_visible()
        await bridge.communicate()
        assert bridge.returncode == 0
