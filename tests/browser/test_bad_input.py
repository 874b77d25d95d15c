"""What goes wrong around the approver's app: too much waits, clocks are wrong, stays end, taps are hasty, names odd."""

import re
import time
from collections.abc import Callable
from typing import Final

import pytest
from playwright.async_api import Locator, Page, Route, expect

from approvals.model.ids import ActionId
from approvals.model.policy import Policy, Signatures
from tests.browser.company import Company
from tests.browser.people import Signer
from tests.browser.sizes import PHONE
from tests.browser.windows import Windows
from tests.house import CODE, mine
from tests.times import Times

WAITING: Final = 10_000
COPIES: Final = (
    """INSERT INTO actions SELECT (jsonb_populate_record(actions, jsonb_build_object(
            'id', actions.id || '_' || lpad(i::text, 5, '0'), 'created_at', created_at - i))).*
        FROM actions, generate_series(1, $2::int) AS i WHERE actions.id = $1""",
    """INSERT INTO challenges SELECT (jsonb_populate_record(challenges, jsonb_build_object(
            'id', challenges.id || '_' || lpad(i::text, 5, '0'),
            'action_id', action_id || '_' || lpad(i::text, 5, '0')))).*
        FROM challenges, generate_series(1, $2::int) AS i WHERE action_id = $1""",
)
DAY: Final = 86_400_000
CLOCK: Final = "(() => { const now = Date.now; Date.now = () => now() + (%d); })()"

BESIDE: Final = """(bdi) => {
  const box = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()];
  };
  const texts = [...bdi.parentNode.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const name = box(bdi)[0];
  const before = box(texts[0]).every((rect) => rect.right <= name.left + 1);
  const after = box(texts[1])[0];
  return { before, after: after.left >= box(bdi).at(-1).right - 1 || after.top > name.top };
}"""
"""Whether the words before and after a name stand where they are read, before and after it."""


async def pile_up(company: Company, count: int) -> ActionId:
    """Let so many actions wait for each signer, copies of one, the last of them older and older."""
    action = await company.hold()
    async with company.bank.database.transaction() as connection:
        for copy in COPIES:
            await connection.execute(copy, action, count - 1)
    return action


async def at_approval(windows: Windows, signer: Signer) -> tuple[Page, ActionId]:
    """A phone that shows something to sign."""
    action = await signer.company.hold()
    page = await windows.open(PHONE)
    await signer.come_in(page)
    await page.goto(f"/app/approvals/{action}")
    await page.get_by_role("heading", name="Signer avec le lecteur").wait_for()
    return page, action


async def code_of(company: Company, signer: Signer, action: ActionId) -> str:
    sheet = await company.bank.house.sheet(action)
    return signer.person.answer(mine(sheet, signer.person).reader_input).code


async def type_code(page: Page, code: str) -> None:
    await page.get_by_label("Code affiché par le lecteur").fill(code)
    await page.get_by_role("button", name="Signer").click()


async def sign_in_again(page: Page, signer: Signer) -> None:
    """At the door the page was brought to; the address is still the approval's."""
    await signer.type_identity(page)
    await page.get_by_label("Code confidentiel").fill(CODE)
    await page.get_by_role("button", name="Se connecter").click()
    await page.get_by_role("heading", name="Signer avec le lecteur").wait_for()


def requests_to(page: Page, end: str) -> list[str]:
    """What is posted to addresses that end so, from now on."""
    seen: list[str] = []
    page.on(
        "request", lambda asked: seen.append(asked.url) if asked.method == "POST" and asked.url.endswith(end) else None
    )
    return seen


def signed(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="Signée")


async def test_ten_thousand_that_wait_come_by_pages(windows: Windows, anne: Signer, company: Company) -> None:
    await pile_up(company, WAITING)
    page = await windows.open(PHONE)
    await anne.come_in(page)
    lines = page.get_by_role("listitem")
    await expect(lines).to_have_count(100)
    await expect(page.get_by_text("Les 100 plus récentes")).to_be_visible()
    for count in range(200, 1001, 100):
        await page.get_by_role("button", name="Afficher la suite").click()
        await expect(lines).to_have_count(count)
    await company.hold_chequebook()
    await expect(lines).to_have_count(1001)
    await expect(lines.first).to_contain_text("chéquier")


@pytest.mark.alone
async def test_ten_thousand_that_wait_keep_nobody_waiting(
    windows: Windows, anne: Signer, company: Company, record_property: Callable[[str, object], None]
) -> None:
    """Each time the app is opened anew, its first lines are there within a second."""
    await pile_up(company, WAITING)
    page = await windows.open(PHONE)
    await anne.come_in(page)

    async def to_the_list() -> float:
        began = time.monotonic()
        await page.reload()
        await page.get_by_role("listitem").nth(99).wait_for()
        return 1000 * (time.monotonic() - began)

    times = Times([await to_the_list() for _ in range(5)])
    record_property("the list of ten thousand that wait", str(times))
    assert times.within(100) < 1000, times


async def test_what_others_are_still_to_sign_is_not_counted_after_a_reload(
    windows: Windows, anne: Signer, company: Company
) -> None:
    await company.let_sign(Policy(clauses=(Signatures(count=1, group="A"), Signatures(count=1, group="B"))))
    page, action = await at_approval(windows, anne)
    await type_code(page, await code_of(company, anne, action))
    await expect(page.get_by_text("D’autres signatures sont attendues.")).to_be_visible()
    await page.goto("/app")
    await expect(page.get_by_text("Rien n’attend votre signature.")).to_be_visible()


@pytest.mark.parametrize("ahead", [2 * DAY, -2 * DAY])
async def test_a_phone_with_a_wrong_clock_shows_the_right_times_and_signs(
    windows: Windows, anne: Signer, company: Company, ahead: int
) -> None:
    action = await company.hold()
    right, wrong = await windows.open(PHONE), await windows.open(PHONE)
    await wrong.context.add_init_script(CLOCK % ahead)
    await anne.come_in(right)
    told = right.get_by_text(re.compile("^à signer dans"))
    await expect(told).to_be_visible()  # the list may be drawn once more as the stream opens
    until = await told.inner_text()
    await anne.come_in(wrong)
    await expect(wrong.get_by_text(re.compile("^à signer"))).to_have_text(until, timeout=5000)  # before the next tick
    await wrong.get_by_role("listitem").get_by_role("link").click()
    await expect(wrong.get_by_text(re.compile("à signer dans"))).to_be_visible()
    await type_code(wrong, await code_of(company, anne, action))
    await expect(signed(wrong)).to_be_visible()


async def test_a_stay_that_ends_while_a_code_is_typed_is_told_and_goes_on_where_it_was(
    windows: Windows, anne: Signer, company: Company
) -> None:
    page, action = await at_approval(windows, anne)
    sent = requests_to(page, "/answers")
    code = await code_of(company, anne, action)
    await page.get_by_label("Code affiché par le lecteur").press_sequentially(code[:4])
    await company.sign_out(anne.person)
    await expect(page.get_by_text("Vous avez été déconnecté.")).to_be_visible()
    await sign_in_again(page, anne)
    await expect(page.get_by_label("Code affiché par le lecteur")).to_have_value("")
    assert sent == []
    await type_code(page, code)
    await expect(signed(page)).to_be_visible()
    assert len(sent) == 1


async def test_a_stream_that_was_given_no_ticket_comes_back_by_itself(
    windows: Windows, anne: Signer, company: Company
) -> None:
    page = await windows.open(PHONE, forgiven=["ERR_FAILED"])
    await page.route("**/v1/stream/tickets", lambda route: route.abort(), times=1)
    await anne.come_in(page)
    await page.get_by_role("heading", name="À signer").wait_for()
    await company.hold_chequebook()
    await expect(page.get_by_role("listitem")).to_have_count(1)
    await company.sign_out(anne.person)
    await expect(page.get_by_text("Vous avez été déconnecté.")).to_be_visible()


async def test_a_code_sent_as_the_stay_ends_costs_no_try_and_signs_after_coming_back(
    windows: Windows, anne: Signer, company: Company
) -> None:
    page, action = await at_approval(windows, anne)

    async def end_first(route: Route) -> None:
        await company.sign_out(anne.person)
        await route.continue_()

    await page.route("**/answers", end_first, times=1)
    code = await code_of(company, anne, action)
    await type_code(page, code)
    await expect(page.get_by_text("Vous avez été déconnecté.")).to_be_visible()
    assert mine(await company.bank.house.sheet(action), anne.person).attempts_left == 3
    await sign_in_again(page, anne)
    await type_code(page, code)
    await expect(signed(page)).to_be_visible()


async def test_two_taps_on_no_are_one_refusal(windows: Windows, anne: Signer) -> None:
    page, _ = await at_approval(windows, anne)
    sent = requests_to(page, "/refusal")
    await page.get_by_role("button", name="Refuser").dblclick()
    assert sent == []
    await page.get_by_role("button", name="Refuser l’opération").dblclick()
    await expect(page.get_by_role("status").filter(has_text=re.compile("^Refusée"))).to_be_visible()
    assert len(sent) == 1


async def test_two_taps_at_the_door_are_one_sign_in(windows: Windows, anne: Signer) -> None:
    page = await windows.open(PHONE)
    sent = requests_to(page, "/v1/sessions")
    await page.goto("/app")
    await anne.type_identity(page)
    await page.get_by_label("Code confidentiel").fill(CODE)
    await page.get_by_role("button", name="Se connecter").dblclick()
    await expect(page.get_by_role("heading", name="À signer")).to_be_visible()
    assert len(sent) == 1


@pytest.mark.parametrize(
    "name", ["Zoé \u202egro.knab", "Zoé\u2067\u05d0\u05d1", "<img src=x onerror=alert(1)>\u200f\u200b"]
)
async def test_a_name_turns_nothing_round_that_stands_beside_it(
    windows: Windows, anne: Signer, company: Company, name: str
) -> None:
    """The bank's own files may hold such a name; where people type one, it is refused."""
    async with company.bank.database.transaction() as connection:
        await connection.execute("UPDATE users SET name = $2 WHERE id = $1", company.chloe.user.id, name)
    page, _ = await at_approval(windows, anne)
    shown = page.locator("bdi", has_text=name.strip("\u200b\u200f"))
    assert await shown.evaluate(BESIDE) == {"before": True, "after": True}
