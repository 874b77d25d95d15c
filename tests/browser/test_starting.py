"""Sensitive actions started in the chat by small form cards, and what is wrong with them said at its field."""

import pytest
from playwright.async_api import Page, expect

from approvals.model.ids import ActionKind
from tests.browser.company import Company
from tests.browser.looking import check
from tests.browser.pasting import refuses_two_megabytes
from tests.browser.people import Signer, let_chloe_sign
from tests.browser.sizes import PHONE, SMALL, Size
from tests.browser.windows import Windows
from tests.house import mine

UNCOVERED = """(field) => {
  const { left, right, top, bottom } = field.getBoundingClientRect();
  const inner = (root) => {
    const found = root.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return found?.shadowRoot ? inner(found.shadowRoot) : found;
  };
  return inner(document) === field;
}"""
"""Whether a tap on the middle of a field meets it: it is in the window, and nothing lies over it."""


async def open_chat(windows: Windows, signer: Signer) -> Page:
    page = await windows.open(PHONE, forgiven=["422"])
    await signer.come_in(page)
    await page.goto("/app/chat")
    await page.get_by_label("Votre message").wait_for()
    return page


async def sign_elsewhere(windows: Windows, signer: Signer, page: Page) -> None:
    """Sign what stands in the chat, on a phone of the signer's own."""
    action = await page.locator("ct-action-card").evaluate("(card) => card.action")
    sheet = await signer.company.bank.house.sheet(action)
    phone = await windows.open(PHONE)
    await signer.come_in(phone)
    await phone.goto(f"/app/approvals/{action}")
    code = signer.person.answer(mine(sheet, signer.person).reader_input).code
    await phone.get_by_label("Code affiché par le lecteur").fill(code)
    await phone.get_by_role("button", name="Signer").click()


async def test_rights_are_changed_from_the_chat_and_end_under_their_card(
    windows: Windows, anne: Signer, company: Company
) -> None:
    chloe = await let_chloe_sign(company, "entitlement")
    page = await open_chat(windows, anne)
    await page.get_by_role("button", name="Changer des habilitations").click()
    await page.get_by_role("button", name="Demander la signature").click()
    await expect(page.get_by_role("alert").filter(has_text="Choisissez la personne")).to_be_visible()
    await page.get_by_label("De qui").select_option("2")
    signs = page.get_by_role("group", name="Signe")
    await expect(signs.get_by_label("Remises de paiements")).to_be_checked()
    await signs.get_by_label("Chéquiers").uncheck()
    await page.get_by_label("Tous, et ceux à venir").uncheck()
    await page.get_by_label("Courant").check()
    limits, limit = page.get_by_text("Plafonds (facultatifs)"), page.get_by_label("Par remise (EUR)").first
    await limits.click()
    await limit.fill("dix mille")
    await limits.click()
    await expect(limit).to_be_hidden()
    await page.get_by_role("button", name="Demander la signature").click()
    await expect(page.get_by_role("alert").filter(has_text="Un montant s’écrit ainsi")).to_be_visible()
    await expect(limit).to_be_focused()
    await limit.press_sequentially("s")
    await expect(page.get_by_role("alert").filter(has_text="Un montant s’écrit ainsi")).to_have_count(0)
    await expect(limit).to_be_visible()
    await limit.fill("10 000,50")
    await check(page, "app-chat-entitlement-fr")
    await page.get_by_role("button", name="Demander la signature").click()
    card = page.locator("ct-action-card")
    await expect(card.get_by_text("En attente de signature")).to_be_visible()
    await sign_elsewhere(windows, chloe, page)
    await expect(card.get_by_text("Signée et exécutée")).to_be_visible()
    rights = await company.bank.house.book.reading(lambda ledger: ledger.rights.of_user(company.bruno.user.id))
    assert ActionKind("chequebook") not in rights.signs
    assert rights.accounts == frozenset({company.iban})
    assert [(each.kind, each.per_remittance, each.per_day) for each in rights.ceilings] == [
        ("remittance", 1_000_050, None)
    ]


async def test_a_form_that_opens_is_before_the_person_its_first_field_ready(windows: Windows, anne: Signer) -> None:
    page = await windows.open(Size(width=320, height=568, touch=True))
    await anne.come_in(page)
    await page.goto("/app/chat")
    for start, first in (
        ("Ajouter un bénéficiaire", "Titulaire du compte"),
        ("Commander un chéquier", "IBAN de votre compte"),
        ("Changer des habilitations", "De qui"),
        ("Désigner un suppléant", "Signataire absent"),
    ):
        await page.get_by_role("button", name=start).click()
        await expect(page.get_by_label(first)).to_be_focused()
        assert await page.get_by_label(first).evaluate(UNCOVERED), first
        await expect(page.locator("ct-chat h2")).to_be_in_viewport()
        await page.get_by_role("button", name="Annuler").click()


async def test_a_substitute_is_named_from_the_chat(windows: Windows, anne: Signer, company: Company) -> None:
    chloe = await let_chloe_sign(company, "substitute")
    page = await open_chat(windows, anne)
    await page.get_by_role("button", name="Désigner un suppléant").click()
    await page.get_by_label("Signataire absent").select_option("1")
    await page.get_by_role("button", name="Demander la signature").click()
    await expect(page.get_by_label("Suppléant", exact=True)).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Suppléant", exact=True).select_option("2")
    await page.get_by_label("Premier jour").fill("2020-01-01")
    await page.get_by_role("button", name="Demander la signature").click()
    await expect(page.get_by_role("alert").filter(has_text="Ces dates sont passées")).to_be_visible()
    await check(page, "app-chat-substitute-fr")
    await page.get_by_label("Premier jour").fill(await page.get_by_label("Dernier jour").input_value())
    await page.get_by_role("button", name="Demander la signature").dblclick()
    card = page.locator("ct-action-card")
    await expect(card).to_have_count(1)
    await sign_elsewhere(windows, chloe, page)
    await expect(card.get_by_text("Signée et exécutée")).to_be_visible()


async def test_nobody_changes_their_own_rights_from_the_chat_either(windows: Windows, anne: Signer) -> None:
    page = await windows.open(SMALL, forgiven=["403", "409", "422"])
    await anne.come_in(page)
    await page.goto("/app/chat")
    await page.get_by_role("button", name="Changer des habilitations").click()
    await page.get_by_label("De qui").select_option("1")
    await page.get_by_label("Tous, et ceux à venir").uncheck()
    await page.get_by_role("group", name="Comptes").scroll_into_view_if_needed()
    await check(page, "app-chat-entitlement-small")
    await page.get_by_label("Courant").check()
    await page.get_by_role("button", name="Demander la signature").click()
    await expect(page.get_by_role("alert").filter(has_text="Nul ne change ses propres droits")).to_be_visible()
    await page.get_by_role("button", name="Annuler").click()
    await expect(page.get_by_label("Votre message")).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("39514287", "N’écrivez jamais un code ici"),
        ("le code 3951 4287", "N’écrivez jamais un code ici"),
        ("Zoé \u202egro.knab", "retourne le sens"),
        ("Menuiserie\u200b Le Goff", "caractère invisible"),
    ],
)
async def test_a_code_or_a_trick_in_a_forms_text_is_refused_at_its_field(
    windows: Windows, anne: Signer, typed: str, told: str
) -> None:
    page = await open_chat(windows, anne)
    await page.get_by_role("button", name="Ajouter un bénéficiaire").click()
    await page.get_by_label("Titulaire du compte").fill(typed)
    await page.get_by_label("IBAN").fill("FR14 2004 1010 0505 0001 3M02 606")
    await page.get_by_role("button", name="Demander la signature").click()
    await expect(page.locator("#name-error")).to_contain_text(told)
    await expect(page.get_by_label("Titulaire du compte")).to_be_focused()
    await expect(page.locator("ct-action-card")).to_have_count(0)


async def test_a_script_in_a_forms_text_is_shown_as_it_is(windows: Windows, anne: Signer) -> None:
    page = await open_chat(windows, anne)
    await page.get_by_role("button", name="Ajouter un bénéficiaire").click()
    await page.get_by_label("Titulaire du compte").fill("<img src=x onerror=alert(1)>")
    await page.get_by_label("IBAN").fill("FR14 2004 1010 0505 0001 3M02 606")
    await page.get_by_role("button", name="Demander la signature").click()
    await expect(page.locator("ct-action-card").get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    assert await page.locator("ct-chat img").count() == 0


async def test_two_megabytes_pasted_into_a_form_are_refused(windows: Windows, anne: Signer) -> None:
    page = await open_chat(windows, anne)
    await page.get_by_role("button", name="Ajouter un bénéficiaire").click()
    await refuses_two_megabytes(page.get_by_label("Titulaire du compte"), 70)
