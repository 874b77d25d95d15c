"""The approver's app: what waits is shown at once, signed with card and reader, refused, and followed to its end."""

import re

import pytest
from playwright.async_api import Page, expect

from approvals.model.ids import ActionId
from approvals.model.policy import Policy, Signatures
from approvals.model.proof import CapProof
from tests.browser.company import Company
from tests.browser.looking import check
from tests.browser.pasting import refuses_two_megabytes
from tests.browser.people import Signer
from tests.browser.sizes import PHONE, SMALL, TABLET
from tests.browser.windows import Windows
from tests.house import CODE, mine


async def answer_of(company: Company, signer: Signer, action: ActionId) -> CapProof:
    """What this signer's reader shows for what they are asked."""
    sheet = await company.bank.house.sheet(action)
    return signer.person.answer(mine(sheet, signer.person).reader_input)


async def at_approval(windows: Windows, signer: Signer, action: ActionId) -> Page:
    page = await windows.open(PHONE)
    await signer.come_in(page)
    await page.goto(f"/app/approvals/{action}")
    await page.get_by_role("heading", name="Signer avec le lecteur").wait_for()
    return page


async def type_code(page: Page, code: str) -> None:
    await page.get_by_label("Code affiché par le lecteur").fill(code)
    await page.get_by_role("button", name="Signer").click()


async def test_what_is_to_be_signed_appears_by_itself_and_is_signed(
    windows: Windows, anne: Signer, company: Company
) -> None:
    page = await windows.open(PHONE)
    await anne.come_in(page)
    await expect(page.get_by_text("Rien n’attend votre signature.")).to_be_visible()
    await check(page, "app-nothing-waits-fr")
    action = await company.hold_file()
    waits = page.get_by_role("listitem").get_by_role("link")
    await waits.wait_for()
    await check(page, "app-waiting-fr")
    await waits.click()
    await page.get_by_role("heading", name="Signer avec le lecteur").wait_for()
    await check(page, "app-approval-fr")
    await page.get_by_role("button", name="Voir tous les bénéficiaires").click()
    await expect(page.get_by_role("heading", name="Bénéficiaires")).to_be_visible()
    await type_code(page, (await answer_of(company, anne, action)).code)
    await expect(page.get_by_role("status").filter(has_text="Signée")).to_be_visible()
    await check(page, "app-signed-fr")
    assert await company.status_of(action) in {"approved", "released"}


async def test_a_code_is_taken_as_it_was_pasted(windows: Windows, anne: Signer, company: Company) -> None:
    action = await company.hold()
    page = await at_approval(windows, anne, action)
    code = (await answer_of(company, anne, action)).code
    await type_code(page, f" {code[:4]} {code[4:]}\n")
    await expect(page.get_by_role("status").filter(has_text="Signée")).to_be_visible()


async def test_a_wrong_code_says_how_many_tries_are_left_and_the_right_one_still_signs(
    windows: Windows, anne: Signer, company: Company
) -> None:
    action = await company.hold()
    page = await at_approval(windows, anne, action)
    right = (await answer_of(company, anne, action)).code
    await type_code(page, str((int(right) + 1) % 10**8).zfill(8))
    await expect(page.get_by_role("alert").filter(has_text="Il reste 2 essais")).to_be_visible()
    await expect(page.get_by_label("Code affiché par le lecteur")).to_have_value("")
    await expect(page.get_by_text("Il reste 2 essais")).to_be_in_viewport()
    await check(page, "app-wrong-code-fr")
    await type_code(page, right)
    await expect(page.get_by_role("status").filter(has_text="Signée")).to_be_visible()


@pytest.mark.parametrize(
    "typed", ["1234567", "a", "12345678901234567", "\uff19\uff18\uff17\uff16\uff15\uff14\uff13\uff12"]
)
async def test_what_is_no_code_is_told_and_costs_no_try(
    windows: Windows, anne: Signer, company: Company, typed: str
) -> None:
    action = await company.hold()
    page = await at_approval(windows, anne, action)
    await type_code(page, typed)
    await expect(page.get_by_role("alert").filter(has_text="Le lecteur affiche 8 chiffres")).to_be_visible()
    sheet = await company.bank.house.sheet(action)
    assert mine(sheet, anne.person).attempts_left == 3


async def test_two_megabytes_are_no_code_and_cost_no_try(windows: Windows, anne: Signer, company: Company) -> None:
    action = await company.hold()
    page = await at_approval(windows, anne, action)
    await refuses_two_megabytes(page.get_by_label("Code affiché par le lecteur"), 255)
    await page.get_by_role("button", name="Signer").click()
    await expect(page.get_by_role("alert").filter(has_text="Le lecteur affiche 8 chiffres")).to_be_visible()
    sheet = await company.bank.house.sheet(action)
    assert mine(sheet, anne.person).attempts_left == 3


async def test_a_double_tap_is_one_answer(windows: Windows, anne: Signer, company: Company) -> None:
    action = await company.hold()
    page = await at_approval(windows, anne, action)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/answers") else None)
    await page.get_by_label("Code affiché par le lecteur").fill((await answer_of(company, anne, action)).code)
    await page.get_by_role("button", name="Signer").dblclick()
    await expect(page.get_by_role("status").filter(has_text="Signée")).to_be_visible()
    assert len(sent) == 1


async def test_no_is_asked_twice_and_ends_it(windows: Windows, anne: Signer, company: Company) -> None:
    action = await company.hold()
    page = await at_approval(windows, anne, action)
    await page.get_by_role("button", name="Refuser").click()
    await page.get_by_label("Je n’ai rien demandé").check()
    await check(page, "app-refusing-fr", shows=page.get_by_role("button", name="Refuser l’opération"))
    await page.get_by_role("button", name="Refuser l’opération").click()
    await expect(page.get_by_role("status").filter(has_text=re.compile("^Refusée"))).to_be_visible()
    assert await company.status_of(action) == "rejected"


async def test_two_phones_see_each_other_sign(windows: Windows, anne: Signer, bruno: Signer, company: Company) -> None:
    await company.let_sign(Policy(clauses=(Signatures(count=1, group="A"), Signatures(count=1, group="B"))))
    action = await company.hold()
    hers, his = await at_approval(windows, anne, action), await at_approval(windows, bruno, action)
    await type_code(hers, (await answer_of(company, anne, action)).code)
    await expect(hers.get_by_text("D’autres signatures sont attendues.")).to_be_visible()
    half = his.get_by_text("Groupe A : 1 sur 1")
    await expect(half).to_be_visible()
    await check(his, "app-joint-fr", shows=half)
    await type_code(his, (await answer_of(company, bruno, action)).code)
    for page in (hers, his):
        await expect(page.get_by_role("status").filter(has_text="Signée")).to_be_visible()


async def test_offline_it_says_so_and_on_return_it_catches_up(windows: Windows, anne: Signer, company: Company) -> None:
    await company.hold()
    page = await windows.open(PHONE, forgiven=["ERR_INTERNET_DISCONNECTED", "WebSocket"])
    await anne.come_in(page)
    await page.get_by_role("listitem").first.wait_for()
    await page.context.set_offline(offline=True)
    await expect(page.get_by_text("Hors ligne")).to_be_visible()
    await expect(page.get_by_role("listitem")).to_have_count(1)
    await check(page, "app-offline-fr")
    await company.hold_chequebook()
    await page.context.set_offline(offline=False)
    await expect(page.get_by_role("listitem")).to_have_count(2)
    await expect(page.get_by_text("Hors ligne")).to_be_hidden()


async def test_what_others_wrote_is_shown_as_text(windows: Windows, anne: Signer, company: Company) -> None:
    name = "<img src=x onerror=alert(1)> & <script>x</script>"
    payload = {"change": "add", "name": name, "iban": "FR1420041010050500013M02606"}
    action = await company.hold(payload=payload)
    page = await at_approval(windows, anne, action)
    await expect(page.get_by_text(name)).to_be_visible()


async def test_everything_is_there_in_english_on_the_smallest_phone(windows: Windows, company: Company) -> None:
    daniel = Signer(company, await company.hire_an_english_reader())
    await company.hold_file()
    page = await windows.open(SMALL, locale="en-GB", scheme="dark")
    await daniel.sign_in(page)
    await page.get_by_role("link", name=re.compile("to be signed")).click()
    await page.get_by_role("heading", name="Sign with the reader").wait_for()
    await expect(page.get_by_role("heading", name="Remittance of payment orders")).to_be_visible()
    await check(page, "app-approval-en-small")


async def test_a_tablet_shows_what_is_signed_beside_what_to_do(
    windows: Windows, anne: Signer, company: Company
) -> None:
    action = await company.hold_file()
    page = await windows.open(TABLET)
    await anne.come_in(page)
    await page.goto(f"/app/approvals/{action}")
    await page.get_by_role("heading", name="Signer avec le lecteur").wait_for()
    await check(page, "app-approval-tablet")


async def test_a_wrong_confidential_code_is_told_without_saying_what_was_wrong(windows: Windows, anne: Signer) -> None:
    page = await windows.open(PHONE)
    await page.goto("/app")
    await page.get_by_role("heading", name="Se connecter").wait_for()
    await check(page, "app-sign-in-fr")
    await anne.type_identity(page)
    await page.get_by_label("Code confidentiel").fill("00000000")
    await page.get_by_role("button", name="Se connecter").click()
    await expect(page.get_by_role("alert").filter(has_text="ne permettent pas d’entrer")).to_be_visible()
    await expect(page.get_by_label("Code confidentiel")).to_have_value("")
    await expect(page.get_by_label("Identifiant client")).to_have_value(anne.company.client)


async def test_the_first_device_is_enrolled_on_the_phone_itself(windows: Windows, anne: Signer) -> None:
    page = await windows.open(PHONE)
    await page.goto("/app")
    await anne.type_identity(page)
    await page.get_by_label("Code confidentiel").fill(CODE)
    await page.get_by_label("Code du lecteur").fill(anne.person.code_key().code)
    await page.get_by_role("button", name="Se connecter").click()
    await page.get_by_role("button", name="Enregistrer").wait_for()
    await check(page, "app-first-device-fr")
    await page.get_by_role("button", name="Enregistrer").click()
    await expect(page.get_by_text("Cet appareil est enregistré.")).to_be_visible()
    await page.get_by_role("link", name="Mon accès").click()
    await expect(page.get_by_role("listitem").filter(has_text="téléphone")).to_have_count(2)
    await expect(page.get_by_text("La carte est active.")).to_be_visible()
    await check(page, "app-mine-fr")


async def test_history_tells_how_each_ended(windows: Windows, anne: Signer, company: Company) -> None:
    action = await company.hold()
    page = await at_approval(windows, anne, action)
    await page.get_by_role("link", name="Historique").click()
    await expect(page.get_by_role("listitem").filter(has_text="En attente de signature")).to_be_visible()
    await check(page, "app-history-fr")
