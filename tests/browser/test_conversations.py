"""Conversations in people's hands: the assistant, an action started and signed in the chat, an adviser who answers."""

import re
from dataclasses import replace

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.browser.company import Company
from tests.browser.looking import check
from tests.browser.people import Banker, Signer
from tests.browser.sizes import DESKTOP, PHONE, SMALL, TABLET
from tests.browser.windows import Windows
from tests.house import ALONE, mine

SCRIPT = "<img src=x onerror=alert(1)> \u202edrawkcab"


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Votre message").fill(text)
    await page.get_by_role("button", name="Envoyer").click()


async def open_chat(windows: Windows, signer: Signer) -> Page:
    page = await windows.open(PHONE)
    await signer.come_in(page)
    await page.goto("/app/chat")
    await page.get_by_label("Votre message").wait_for()
    return page


async def claimed(windows: Windows, anne: Signer, banker: Banker) -> tuple[Page, Page]:
    """Anne's phone and the banker's desk, in the conversation the banker has just taken."""
    phone = await open_chat(windows, anne)
    return phone, await taken(windows, anne, banker, phone)


async def taken(windows: Windows, anne: Signer, banker: Banker, phone: Page) -> Page:
    """The banker's desk, in the conversation Anne has just asked for an adviser in."""
    desk = await windows.open(DESKTOP, forgiven=["409"])
    await phone.get_by_role("button", name="Parler à un conseiller").click()
    await expect(phone.get_by_text("Un conseiller a été demandé").first).to_be_visible()
    await banker.come_in(desk)
    talk = await anne.company.bank.house.conversations.talk.show(anne.person.user, None, 1)
    assert talk.conversation is not None
    await desk.goto(f"/desk/conversations/{talk.conversation.id}")
    await desk.get_by_role("button", name="Prendre la conversation").click()
    await desk.get_by_label("Votre message").wait_for()
    return desk


async def test_a_question_is_answered_and_still_there_on_the_tablet(windows: Windows, anne: Signer) -> None:
    page = await open_chat(windows, anne)
    await write(page, "Mon code PIN est bloqué")
    log = page.get_by_role("log")
    await expect(log.locator(".bubble")).to_have_count(2)
    await expect(page.get_by_label("Votre message")).to_have_value("")
    await check(page, "app-chat-fr")
    tablet = await windows.open(TABLET)
    await anne.come_in(tablet)
    await tablet.goto("/app/chat")
    await expect(tablet.get_by_role("log").get_by_text("Mon code PIN est bloqué")).to_be_visible()
    await write(page, "zzz")
    await expect(tablet.get_by_role("log").get_by_text("zzz")).to_be_visible()


@pytest.mark.parametrize("typed", ["12345678", "le code est 1234 5678"])
async def test_a_live_code_leaves_the_screen_and_is_never_written(windows: Windows, anne: Signer, typed: str) -> None:
    page = await open_chat(windows, anne)
    await write(page, typed)
    await expect(page.get_by_text("N’écrivez jamais un code")).to_be_visible()
    await expect(page.get_by_label("Votre message")).to_have_value("")
    await page.reload()
    await page.get_by_label("Votre message").wait_for()
    await expect(page.get_by_role("log").locator(".bubble")).to_have_count(0)


async def test_what_somebody_writes_is_shown_as_it_is_and_turns_nothing_round(windows: Windows, anne: Signer) -> None:
    page = await open_chat(windows, anne)
    await write(page, SCRIPT)
    await expect(page.get_by_role("log").locator("p[dir=auto]").first).to_have_text(SCRIPT)
    assert await page.locator("ct-chat img").count() == 0


async def test_two_taps_send_one_message(windows: Windows, anne: Signer) -> None:
    page = await open_chat(windows, anne)
    await page.get_by_label("Votre message").fill("Bonjour")
    await page.get_by_role("button", name="Envoyer").dblclick()
    await expect(page.get_by_role("log").locator(".bubble.mine")).to_have_count(1)


async def test_an_action_is_started_signed_and_ends_in_the_chat(
    windows: Windows, anne: Signer, company: Company
) -> None:
    await company.let_sign(replace(ALONE, initiator_may_sign=True))
    page = await open_chat(windows, anne)
    await write(page, "Je voudrais commander un chéquier")
    await page.get_by_role("button", name="Commencer ici").click()
    await page.get_by_label("IBAN de votre compte").fill("FR76 0000")
    await page.get_by_role("button", name="Demander").click()
    await expect(page.get_by_role("alert").filter(has_text="IBAN")).to_be_visible()
    await page.get_by_label("IBAN de votre compte").fill(company.iban)
    await check(page, "app-chat-form-fr")
    await page.get_by_role("button", name="Demander").click()
    card = page.locator("ct-action-card")
    await expect(card.get_by_text("En attente de signature")).to_be_visible()
    await page.get_by_role("button", name="Voir et signer").click()
    code = page.locator("ct-approval input[name=code]")
    await code.wait_for()
    await check(page, "app-chat-signing-fr")
    action_id = await card.evaluate("(card) => card.action")
    sheet = await company.bank.house.sheet(action_id)
    await code.fill(company.anne.answer(mine(sheet, company.anne).reader_input).code)
    await page.locator("ct-code-form button.main").click()
    await expect(card.get_by_text("Signée")).to_be_visible()


async def test_a_payment_file_is_summed_up_confirmed_and_its_card_stands_in_the_chat(
    windows: Windows, anne: Signer, company: Company
) -> None:
    page = await open_chat(windows, anne)
    file = FilePayload(name="paie.xml", mimeType="text/xml", buffer=company.file(orders=3))
    await page.locator("ct-chat input[type=file]").set_input_files(files=[file])
    card = page.locator("ct-file")
    await expect(card.get_by_text("Remise d'ordres de paiement")).to_be_visible()
    confirm = page.get_by_role("button", name="Confirmer et demander la signature")
    await check(page, "app-chat-file-fr", shows=confirm)
    await confirm.click()
    await expect(page.locator("ct-action-card").get_by_text("En attente de signature")).to_be_visible()
    await page.locator("ct-chat input[type=file]").set_input_files(files=[file])
    await page.get_by_role("button", name="Confirmer et demander la signature").click()
    await expect(card.get_by_text("Ce fichier est déjà chez nous")).to_be_visible()


async def test_a_file_that_is_none_is_refused_with_what_to_do(windows: Windows, anne: Signer) -> None:
    page = await windows.open(PHONE, forgiven=["422"])
    await anne.come_in(page)
    await page.goto("/app/chat")
    picture = FilePayload(name="chat.xml", mimeType="text/xml", buffer=b"<cat/>")
    await page.locator("ct-chat input[type=file]").set_input_files(files=[picture])
    await expect(page.locator("ct-file").get_by_text("Ce fichier ne peut pas être pris")).to_be_visible()
    await page.locator("ct-file").get_by_role("button", name="Annuler").click()
    await expect(page.locator("ct-file")).to_have_count(0)


async def test_an_adviser_takes_the_conversation_and_both_see_each_other_write(
    windows: Windows, anne: Signer, banker: Banker
) -> None:
    phone, desk = await open_chat(windows, anne), await windows.open(DESKTOP)
    await write(phone, "Bonjour, une question de plafond")
    await phone.get_by_role("button", name="Parler à un conseiller").click()
    await expect(phone.get_by_text("Un conseiller a été demandé").first).to_be_visible()
    await banker.come_in(desk)
    await desk.goto("/desk/conversations")
    waiting = desk.get_by_role("listitem").filter(has_text="Anne Morvan").first
    await waiting.wait_for()
    await check(desk, "desk-conversations-desktop")
    await waiting.get_by_role("link").click()
    await desk.get_by_role("button", name="Prendre la conversation").click()
    await expect(phone.get_by_text("Un conseiller a pris la conversation")).to_be_visible()
    await desk.get_by_label("Votre message").press_sequentially("Je")
    await expect(phone.get_by_text("Votre interlocuteur écrit…")).to_be_visible()
    await write(desk, "Je regarde avec vous.")
    await expect(phone.get_by_role("log").get_by_text("Je regarde avec vous.")).to_be_visible()
    await expect(desk.get_by_role("log").get_by_text("Lu", exact=True)).to_be_visible()
    await write(phone, "Merci")
    await expect(desk.get_by_role("log").get_by_text("Merci")).to_be_visible()
    await check(desk, "desk-conversation-desktop")
    await check(phone, "app-chat-adviser-fr")
    await desk.get_by_role("button", name="Terminer").click()
    await expect(phone.get_by_text("Conversation terminée")).to_be_visible()


async def test_an_advisers_file_is_confirmed_by_the_person_who_then_started_it(
    windows: Windows, anne: Signer, banker: Banker, company: Company
) -> None:
    phone, desk = await claimed(windows, anne, banker)
    file = FilePayload(name="fournisseurs.xml", mimeType="text/xml", buffer=company.file(orders=3))
    await desk.locator("ct-chat input[type=file]").set_input_files(files=[file])
    await expect(desk.locator("ct-offered").get_by_text("En attente de la personne")).to_be_visible()
    await expect(phone.locator("ct-offered").get_by_text("À confirmer avant le")).to_be_visible()
    await check(phone, "app-chat-offered-fr")
    await phone.set_viewport_size({"width": SMALL.width, "height": SMALL.height})
    await phone.get_by_role("button", name="Décliner").scroll_into_view_if_needed()
    await check(phone, "app-chat-offered-small")
    await check(desk, "desk-chat-offered-desktop")
    await phone.get_by_role("button", name="Confirmer et demander la signature").dblclick()
    card = phone.locator("ct-action-card")
    await expect(card.get_by_text("En attente de signature")).to_be_visible()
    await expect(desk.locator("ct-offered").get_by_text("Confirmé")).to_be_visible()
    sheet = await company.bank.house.sheet(await card.evaluate("(card) => card.action"))
    assert sheet.action.initiator == company.anne.user.id
    await expect(desk.locator("ct-action-card").get_by_text("En attente de signature")).to_be_visible()


async def test_the_card_of_what_a_person_started_is_before_their_adviser_and_moves_with_it(
    windows: Windows, anne: Signer, banker: Banker, company: Company
) -> None:
    phone = await open_chat(windows, anne)
    await write(phone, "Je voudrais commander un chéquier")
    await phone.get_by_role("button", name="Commencer ici").wait_for()
    desk = await taken(windows, anne, banker, phone)
    await phone.get_by_role("button", name="Commencer ici").click()
    await phone.get_by_label("IBAN de votre compte").fill(company.iban)
    await phone.get_by_role("button", name="Demander").click()
    card = desk.locator("ct-action-card")
    await expect(card.get_by_text("En attente de signature")).to_be_visible()
    await expect(card.get_by_role("heading")).to_have_text(re.compile("chéquier"))
    await expect(card.get_by_role("button")).to_have_count(0)
    assert await desk.locator("ct-approval, input[name=code]").count() == 0
    await check(desk, "desk-conversation-card-desktop")
    await company.refuse(await card.evaluate("(card) => card.action"), company.bruno)
    await expect(card.get_by_text("Refusée")).to_be_visible()
    await expect(phone.locator("ct-action-card").get_by_text("Refusée")).to_be_visible()


async def test_an_advisers_file_is_declined_or_taken_back_and_one_waits_at_a_time(
    windows: Windows, anne: Signer, banker: Banker, company: Company
) -> None:
    phone, desk = await claimed(windows, anne, banker)
    files = [FilePayload(name="a.xml", mimeType="text/xml", buffer=company.file(orders=1)) for _ in range(2)]
    choose = desk.locator("ct-chat input[type=file]")
    await choose.set_input_files(files=files[:1])
    await phone.get_by_role("button", name="Décliner").wait_for()
    await choose.set_input_files(files=files[1:])
    await expect(desk.get_by_text("Un fichier attend déjà sa réponse")).to_be_visible()
    await phone.get_by_role("button", name="Décliner").click()
    await expect(desk.locator("ct-offered").get_by_text("Décliné")).to_be_visible()
    await choose.set_input_files(files=files[1:])
    await desk.get_by_role("button", name="Retirer ce fichier").click()
    await expect(phone.locator("ct-offered").get_by_text("Retiré par le conseiller")).to_be_visible()
    await expect(phone.get_by_role("button", name="Confirmer et demander la signature")).to_have_count(0)


async def test_a_conversation_is_handed_on_to_the_queue(
    windows: Windows, anne: Signer, banker: Banker, company: Company
) -> None:
    phone, desk = await open_chat(windows, anne), await windows.open(SMALL)
    await phone.get_by_role("button", name="Parler à un conseiller").click()
    await expect(phone.get_by_text("Un conseiller a été demandé").first).to_be_visible()
    await banker.come_in(desk)
    talk = await company.bank.house.conversations.talk.show(company.anne.user, None, 1)
    assert talk.conversation is not None
    await desk.goto(f"/desk/conversations/{talk.conversation.id}")
    await desk.get_by_role("button", name="Prendre la conversation").click()
    await desk.get_by_role("button", name="Transmettre", exact=True).click()
    await expect(desk.get_by_role("link", name="Conversations", exact=True)).to_be_in_viewport(ratio=1)
    row = await desk.get_by_role("navigation").bounding_box()
    assert row is not None
    assert row["height"] < 2 * 48, "the sections stand in more than one row"
    await check(desk, "desk-transfer-small")
    await desk.get_by_role("link", name="Journal", exact=True).focus()
    await expect(desk.get_by_role("link", name="Journal", exact=True)).to_be_in_viewport(ratio=1)
    await desk.get_by_role("button", name="Transmettre la conversation").click()
    await expect(desk.get_by_role("heading", name="Conversations")).to_be_visible()
    await expect(phone.get_by_text("La conversation a été transmise")).to_be_visible()


async def test_offline_the_text_stays_and_is_written_once_when_the_network_is_back(
    windows: Windows, anne: Signer
) -> None:
    page = await windows.open(PHONE, forgiven=["ERR_INTERNET_DISCONNECTED", "WebSocket", "ERR_FAILED"])
    await anne.come_in(page)
    await page.goto("/app/chat")
    await page.get_by_label("Votre message").fill("Je passe un tunnel")
    await page.context.set_offline(offline=True)
    await page.get_by_role("button", name="Envoyer").click()
    await expect(page.get_by_text("La banque ne répond pas")).to_be_visible()
    await expect(page.get_by_label("Votre message")).to_have_value("Je passe un tunnel")
    await page.context.set_offline(offline=False)
    await page.get_by_role("button", name="Envoyer").click()
    await expect(page.get_by_role("log").locator(".bubble.mine")).to_have_count(1)
