"""The chat on a page of another origin, as a host's people meet it; and those who would misuse it."""

import gzip

import pytest
from playwright.async_api import expect

from tests.browser.company import Company
from tests.browser.elsewhere import Site
from tests.browser.host_page import GIVES, HostPage, chat
from tests.browser.looking import ROOT, check, problems
from tests.browser.people import let_chloe_sign
from tests.browser.sizes import DESKTOP, PHONE, SMALL
from tests.browser.windows import Windows

_BLOCKED = ("/chat-frame", "frame-ancestors", "X-Frame-Options", "chrome-error:")
"""What a browser writes down when a page may not be framed."""


async def test_a_person_of_the_host_opens_the_chat_by_keyboard_alone(host: HostPage, company: Company) -> None:
    action = await company.hold()
    page = await host.show()
    button = page.get_by_role("button", name="Messagerie de la banque")
    await expect(button).to_have_attribute("aria-expanded", "false")
    await page.keyboard.press("Tab")
    await expect(button).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(button).to_have_attribute("aria-expanded", "true")
    await expect(chat(page).get_by_role("heading", name="Messagerie de la banque")).to_be_focused()
    link = chat(page).get_by_role("link", name="Lire et signer")
    await expect(link).to_have_attribute("href", f"/app/approvals/{action}")
    await expect(link).to_have_attribute("target", "_blank")
    await check(page, "widget-desktop")
    await page.keyboard.press("Escape")
    await expect(button).to_be_focused()
    await expect(button).to_have_attribute("aria-expanded", "false")


async def test_on_a_phone_the_chat_fills_the_screen_and_is_closed_from_inside(host: HostPage) -> None:
    page = await host.show(PHONE, attributes="lang='en' side='left'")
    button = page.get_by_role("button", name="Chat with the bank")
    await button.tap()
    await chat(page).get_by_text("Nothing to sign.").wait_for()
    await check(page, "widget-phone")
    await chat(page).get_by_role("button", name="Close").tap()
    await expect(button).to_have_attribute("aria-expanded", "false")


async def test_what_comes_while_the_chat_is_open_is_shown_at_once(host: HostPage, company: Company) -> None:
    page = await host.show(attributes="open")
    await chat(page).get_by_text("Aucune opération à signer.").wait_for()
    await company.hold()
    await chat(page).get_by_role("heading", name="1 opération à signer").wait_for()


async def test_the_closed_button_says_how_much_waits(host: HostPage, company: Company) -> None:
    page = await host.show()
    await company.hold()
    await page.get_by_role("button", name="Messagerie de la banque, 1 opération à signer").wait_for()
    await page.get_by_text("1", exact=True).wait_for()
    await company.hold_chequebook()
    await page.get_by_role("button", name="Messagerie de la banque, 2 opérations à signer").wait_for()
    await check(page, "widget-closed")


async def test_no_cookie_and_no_storage_holds_the_stay(host: HostPage) -> None:
    page = await host.show(attributes="open")
    await chat(page).get_by_text("Aucune opération à signer.").wait_for()
    assert await page.context.cookies() == []
    kept = "() => { try { return localStorage.length + sessionStorage.length } catch { return 0 } }"
    assert await chat(page).locator("body").evaluate(kept) == 0


async def test_whom_the_host_does_not_vouch_for_is_told_what_to_do_and_may_try_again(host: HostPage) -> None:
    person, host.person = host.person, None
    page = await host.show(attributes="open")
    await chat(page).get_by_role("alert").get_by_text("Reconnectez-vous sur cette page").wait_for()
    host.person = person
    await chat(page).get_by_role("button", name="Réessayer").click()
    await chat(page).get_by_text("Aucune opération à signer.").wait_for()


async def test_a_stay_that_has_ended_is_begun_again_when_the_chat_is_opened(host: HostPage, company: Company) -> None:
    page = await host.show(attributes="open")
    await chat(page).get_by_text("Aucune opération à signer.").wait_for()
    await company.sign_out(company.anne)
    await company.hold()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Messagerie de la banque").click()
    await chat(page).get_by_role("heading", name="1 opération à signer").wait_for()
    assert len(host.vouched) == 2
    assert len(set(host.vouched)) == 2  # each time the frame draws anew


async def test_a_page_that_gives_its_callback_late_is_waited_for(host: HostPage) -> None:
    page = await host.show(attributes="open", script="")
    await chat(page).get_by_text("Ouverture de la messagerie").wait_for()
    await page.evaluate(f"() => {{ {GIVES} }}")
    await chat(page).get_by_text("Aucune opération à signer.").wait_for()


async def test_a_page_off_the_list_holds_no_chat(elsewhere: Site, windows: Windows, company: Company) -> None:
    """The same server by its number: an origin is a name and a port, whoever stands behind it."""
    stranger = elsewhere.origin.replace("localhost", "127.0.0.1")
    elsewhere.headers.clear()
    elsewhere.pages["/"] = (
        f"<script src='{company.node.origin}/widget.js'></script><contreseing-chat open></contreseing-chat>"
    )
    page = await windows.open(DESKTOP, origins=[stranger], forgiven=_BLOCKED)
    async with page.expect_response(lambda response: "/chat-frame" in response.url) as framed:
        await page.goto(stranger)
    response = await framed.value
    assert response.status == 403
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/app", "/desk", "/chat-frame?host={host}"])
async def test_no_other_page_frames_ours_whatever_address_it_gives(
    elsewhere: Site, windows: Windows, company: Company, path: str
) -> None:
    """It may name a host that is on the list: the browser asks whose page this is."""
    stranger = elsewhere.origin.replace("localhost", "127.0.0.1")
    address = company.node.origin + path.format(host=elsewhere.origin)
    elsewhere.headers.clear()
    elsewhere.pages["/"] = f"<iframe src='{address}'></iframe>"
    page = await windows.open(DESKTOP, origins=[stranger], forgiven=_BLOCKED)
    async with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        await page.goto(stranger)
    (_, framed) = page.frames
    assert framed.url == "chrome-error://chromewebdata/"


async def test_what_the_frame_says_counts_from_its_own_window_and_origin_alone(host: HostPage) -> None:
    page = await host.show(attributes="open")
    await chat(page).get_by_text("Aucune opération à signer.").wait_for()
    asked = len(host.vouched)
    for forged in ({"type": "close"}, {"type": "unread", "count": 7}, {"type": "token", "challenge": "forged"}):
        await page.evaluate(
            "(message) => new Promise((done) => { postMessage(message, '*'); setTimeout(done); })", forged
        )
    button = page.get_by_role("button", name="Messagerie de la banque", exact=True)
    await expect(button).to_have_attribute("aria-expanded", "true")
    assert len(host.vouched) == asked


async def test_what_the_host_says_counts_from_its_own_window_alone(host: HostPage) -> None:
    page = await host.show(attributes="open")
    panel = chat(page).locator("ct-panel")
    await chat(page).get_by_text("Aucune opération à signer.").wait_for()
    forged = {"type": "look", "look": {"accent": "#ff0000"}}
    await panel.evaluate(
        "(_, message) => new Promise((done) => { postMessage(message, '*'); setTimeout(done); })", forged
    )
    assert await panel.get_attribute("style") in {None, ""}


@pytest.mark.parametrize(
    ("style", "accent"),
    [("#e8c500", "#e8c500"), ("url(https://evil.test/x)", ""), ("#e8c500;color:red", "")],
    ids=["a colour", "an address", "more than a colour"],
)
async def test_a_host_chooses_colours_and_nothing_else(host: HostPage, style: str, accent: str) -> None:
    page = await host.show()
    await page.locator("contreseing-chat").evaluate(
        "(chat, style) => chat.style.setProperty('--contreseing-accent', style)", style
    )
    await page.locator("contreseing-chat").evaluate("(chat) => { chat.remove(); document.body.append(chat); }")
    await page.get_by_role("button", name="Messagerie de la banque").click()
    await chat(page).get_by_text("Aucune opération à signer.").wait_for()
    panel = chat(page).locator("ct-panel")
    assert await panel.evaluate("(panel) => panel.style.getPropertyValue('--accent')") == accent
    assert await problems(page) == []


async def test_the_loader_is_small(screens: None) -> None:
    del screens
    (loader,) = (ROOT / "channels/web/dist/assets").glob("widget-*.js")
    assert len(gzip.compress(loader.read_bytes())) < 5 * 1024


async def test_a_conversation_is_held_in_the_widget_and_what_is_started_there_is_signed_elsewhere(
    host: HostPage, company: Company
) -> None:
    page = await host.show(attributes="open")
    frame = chat(page)
    await frame.get_by_label("Votre message").fill("Je voudrais commander un chéquier")
    await frame.get_by_role("button", name="Envoyer").click()
    await frame.get_by_role("button", name="Commencer ici").click()
    await frame.get_by_label("IBAN de votre compte").fill(company.iban)
    await frame.get_by_role("button", name="Demander").click()
    card = frame.locator("ct-action-card")
    await expect(card.get_by_text("En attente de signature")).to_be_visible()
    action = await card.evaluate("(card) => card.action")
    link = frame.get_by_role("log").get_by_role("link", name="Lire et signer")
    await expect(link).to_have_attribute("href", f"/app/approvals/{action}")
    await expect(frame.locator("input[name=code]")).to_have_count(0)
    await check(page, "widget-conversation")


async def test_rights_and_substitutes_are_asked_for_in_the_widget_at_their_fields(
    host: HostPage, company: Company
) -> None:
    await let_chloe_sign(company, "substitute")
    page = await host.show(SMALL, attributes="open")
    frame = chat(page)
    await frame.get_by_role("button", name="Changer des habilitations").click()
    await frame.get_by_role("button", name="Demander la signature").click()
    await expect(frame.get_by_label("De qui")).to_be_focused()
    await frame.get_by_label("De qui").select_option("2")
    await check(page, "widget-entitlement-small")
    await frame.get_by_role("button", name="Annuler").click()
    await frame.get_by_role("button", name="Désigner un suppléant").click()
    await frame.get_by_label("Signataire absent").select_option("1")
    await frame.get_by_label("Suppléant", exact=True).select_option("2")
    await frame.get_by_role("button", name="Demander la signature").click()
    await expect(frame.locator("ct-action-card").get_by_text("En attente de signature")).to_be_visible()
