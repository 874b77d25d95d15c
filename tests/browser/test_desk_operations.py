"""What advisers and auditors follow on the desk: a company's operations, evidence kept as a file, a day's figures."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from approvals.model.action import ActionStatus
from approvals.model.adviser import Role
from approvals.model.challenge import ChallengeStatus
from approvals.model.ids import ActionId, ChallengeId
from approvals.ports.book import Ledger
from server.clock import SystemClock
from tests.browser.company import Company, found_company
from tests.browser.looking import check
from tests.browser.people import Banker, make_banker
from tests.browser.sizes import DESKTOP, SMALL
from tests.browser.windows import Windows
from tests.flows.nodes import Bank, Node
from tests.house import CODE, mine

_NUMBERS: Final = count(861)
_DAY: Final = {
    ActionStatus.PENDING: 7,
    ActionStatus.APPROVED: 2,
    ActionStatus.RELEASED: 31,
    ActionStatus.REJECTED: 3,
    ActionStatus.EXPIRED: 1,
}


@pytest_asyncio.fixture(loop_scope="session")
async def auditor(bank: Bank) -> Banker:
    return await make_banker(bank, str(next(_NUMBERS)), "Inès Fabre", Role.AUDITOR)


@pytest_asyncio.fixture(loop_scope="session")
async def adviser(bank: Bank) -> Banker:
    """Sees the own portfolio alone."""
    return await make_banker(bank, str(next(_NUMBERS)), "Paul Lenoir", Role.ADVISER)


async def sign(company: Company, action: ActionId) -> None:
    """Anne comes in and signs, over HTTP."""
    anne, bank, node = company.anne, company.bank, company.node
    form = {"client_identifier": company.client, "user_number": anne.user.number, "code": CODE}
    token = str((await bank.post(node, "/v1/sessions", form))["token"])
    challenge = mine(await bank.house.sheet(action), anne)
    proof = {"method": "cap", "code": anne.answer(challenge.reader_input).code}
    await bank.post(node, f"/v1/challenges/{challenge.id}/answers", proof, token=token)


async def saved(page: Page, folder: Path) -> Path:
    """Tap, and keep what the browser was given."""
    async with page.expect_download() as promised:
        await page.get_by_role("button", name="Télécharger la preuve").click()
    download = await promised.value
    file = folder / download.suggested_filename
    await download.save_as(file)
    return file


async def test_an_auditor_finds_an_operation_and_keeps_evidence_that_verifies(
    windows: Windows, company: Company, auditor: Banker, heads: Path, tmp_path: Path
) -> None:
    bank, action = company.bank, await company.hold_file()
    await sign(company, action)
    page = await windows.open(DESKTOP)
    await auditor.come_in(page)
    await page.goto(f"/desk/companies/{company.client}")
    await page.get_by_role("link", name="Opérations et preuves").click()
    await page.get_by_label("État").select_option("pending")
    await expect(page.get_by_text("Aucune opération.")).to_be_visible()
    await page.get_by_label("État").select_option("")
    await page.locator("ct-operations li a").first.wait_for()
    await check(page, "desk-operations-desktop")
    await page.locator("ct-operations li a").first.click()
    await expect(page.locator("ct-operation")).to_contain_text("A signé")
    said = ""
    for tried in range(30):  # the seal is a moment behind: the file says so, and is asked for again
        folder = tmp_path / str(tried)
        file = await saved(page, folder)
        await bank.run("evidence", "anchors", str(folder / "anchors"), AUDIT__HEADS_FILE=str(heads))
        code, said = await bank.run("evidence", "verify", str(file), "--trust", str(folder / "anchors"))
        assert code == 0, said
        if "not under a head yet" not in said:
            break
        await asyncio.sleep(0.5)
    assert f"Evidence of {action}: everything in it holds." in said
    assert "not under a head yet" not in said
    await expect(page.get_by_text(f"Enregistrée sous {action}.json.")).to_be_visible()
    await check(page, "desk-operation-desktop")


async def test_an_adviser_sees_nothing_of_a_colleague_s_company(
    windows: Windows, company: Company, adviser: Banker
) -> None:
    action = await company.hold()
    page = await windows.open(SMALL)
    await adviser.come_in(page)
    for path in (f"/desk/operations/{company.client}", f"/desk/operations/{company.client}/{action}"):
        await page.goto(path)
        told = page.get_by_role("alert").filter(has_text="Aucune entreprise de ce nom dans votre portefeuille")
        await expect(told).to_be_visible()
        await expect(page.get_by_role("button", name="Télécharger la preuve")).to_have_count(0)


async def fill_day(company: Company) -> None:
    """Write operations of the last minutes, some signed, as `_DAY` counts them."""
    model = (await company.bank.house.sheet(await company.hold())).action
    challenge = mine(await company.bank.house.sheet(model.id), company.anne)
    took = _durations()

    async def work(ledger: Ledger) -> None:
        for status, wanted in _DAY.items():
            for n in range(wanted - (status is ActionStatus.PENDING)):
                action = replace(model, id=ActionId(f"{model.id}_{status}_{n}"), status=status)
                await ledger.actions.add(action)
                if status in {ActionStatus.APPROVED, ActionStatus.RELEASED}:
                    ended = action.created_at + next(took)
                    signed = replace(challenge, id=ChallengeId(f"{action.id}_1"), action_id=action.id, ended_at=ended)
                    await ledger.challenges.add([replace(signed, status=ChallengeStatus.SATISFIED)])

    await company.bank.house.book.transaction(work)


def _durations() -> Iterator[timedelta]:
    """Eleven within a minute, fourteen within five, five within fifteen, two within the hour, one a day later."""
    for seconds, times in ((40, 11), (200, 14), (700, 5), (2_000, 2), (90_000, 1)):
        yield from [timedelta(seconds=seconds)] * times


@pytest.mark.parametrize(("locale", "words"), [("fr-FR", "Signée et exécutée"), ("en-GB", "Signed and executed")])
async def test_the_day_s_figures_are_drawn_and_written_of_the_own_portfolio(
    windows: Windows, bank: Bank, node: Node, adviser: Banker, locale: str, words: str
) -> None:
    await fill_day(await found_company(bank, node, adviser.user.id))
    page = await windows.open(DESKTOP, locale="fr-FR" if locale == "fr-FR" else "en-GB")
    await adviser.come_in(page)
    await page.locator("a[href='/desk/figures']").click()
    await expect(page.get_by_role("row", name=words)).to_contain_text("31")
    tables = page.locator("ct-figures table")
    assert await tables.nth(0).locator("td.figures").all_inner_texts() == ["7", "2", "31", "3", "0", "1", "0"]
    assert await tables.nth(1).locator("td.figures").all_inner_texts() == ["11", "14", "5", "2", "0", "1"]
    longest = page.get_by_role("row", name=words).locator("rect.mark")
    assert await longest.get_attribute("width") == "100"
    await check(page, f"desk-figures-desktop-{locale[:2]}")
    await page.set_viewport_size({"width": SMALL.width, "height": SMALL.height})
    await tables.nth(1).scroll_into_view_if_needed()
    await check(page, f"desk-figures-small-{locale[:2]}")


async def test_another_day_has_its_own_figures(windows: Windows, company: Company, auditor: Banker) -> None:
    await company.hold()
    page = await windows.open(DESKTOP)
    await auditor.come_in(page)
    await page.goto("/desk/figures")
    await expect(page.locator("ct-figures")).not_to_contain_text("0 opération,")
    yesterday = SystemClock().now() - timedelta(days=400)
    await page.get_by_label("Jour").fill(yesterday.date().isoformat())
    await expect(page.locator("ct-figures")).to_contain_text("0 opération, 0 signature.")
