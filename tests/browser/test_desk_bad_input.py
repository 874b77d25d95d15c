"""What goes wrong around the adviser's desk: pastes of 2 MB, two taps for one, stays that end amid a form."""

from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from approvals.model.conversation import Message, Notice
from approvals.model.ids import ActionId, ActionKind
from approvals.ports.actions import ActionFilter
from tests.browser.company import Company
from tests.browser.pasting import refuses_two_megabytes
from tests.browser.people import PASSWORD, Banker, Signer
from tests.browser.sizes import DESKTOP, PHONE
from tests.browser.staff import another
from tests.browser.windows import Windows
from tests.flows.nodes import Bank

TOLD: Final = "Ce qui n’était pas envoyé n’a pas été gardé"
"""What an adviser reads at the door, after a stay that ended by itself."""


@pytest_asyncio.fixture(loop_scope="session")
async def colleague(bank: Bank) -> Banker:
    """Another supervisor, who may countersign."""
    return await another(bank, "Karim Belaïd")


@pytest_asyncio.fixture(loop_scope="session")
async def desk(windows: Windows, banker: Banker) -> Page:
    """The desk, the banker signed in."""
    page = await windows.open(DESKTOP)
    await banker.come_in(page)
    return page


async def asked_for(banker: Banker, company: Company, kind: str) -> list[ActionId]:
    """The acts of this kind that the banker asked for."""
    wanted = ActionFilter(concerning=banker.user.id, kind=ActionKind(kind))
    page = await company.bank.house.book.reading(lambda ledger: ledger.actions.browse(wanted, None, 10))
    return [action.id for action in page.items]


async def waiting(company: Company, desk: Page) -> None:
    """Anne asks for an adviser, and the desk shows her conversation."""
    await company.ask_adviser(company.anne)
    talk = await company.bank.house.conversations.talk.show(company.anne.user, None, 1)
    assert talk.conversation is not None
    await desk.goto(f"/desk/conversations/{talk.conversation.id}")
    await desk.get_by_role("button", name="Prendre la conversation").wait_for()


async def take(desk: Page) -> None:
    await desk.get_by_role("button", name="Prendre la conversation").click()
    await desk.get_by_label("Votre message").wait_for()


async def written(company: Company) -> list[Message]:
    """What stands in Anne's conversation."""
    return list((await company.bank.house.conversations.talk.show(company.anne.user, None, 50)).messages)


async def at_card_order(desk: Page, company: Company) -> None:
    """The form that orders a card for Anne, open."""
    await desk.goto(f"/desk/companies/{company.client}/{company.anne.user.number}")
    await desk.get_by_role("button", name="Commander une carte").click()
    await desk.get_by_label("Carte", exact=True).select_option("professional")


async def end_stay(page: Page) -> None:
    """End the stay of this window, from somewhere else; the page hears of it by its stream."""
    origin = page.url.partition("/desk")[0]
    headers = {"Contreseing-Client": "desk", "Origin": origin}
    here = await (await page.context.request.get(f"{origin}/v1/sessions/here", headers=headers)).json()
    headers["Contreseing-CSRF"] = here["csrf"]
    ended = await page.context.request.delete(f"{origin}/v1/sessions/{here['login']['id']}", headers=headers)
    assert ended.status == 204


async def sign_in_again(page: Page, banker: Banker) -> None:
    """At the door the page was brought to, by the code of the next step: this one's was spent."""
    await page.locator("input[name=number]").fill(banker.user.number)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.locator("input[name=totp]").fill(banker.code(steps=1))
    await page.get_by_role("button", name="Entrer", exact=True).click()
    await page.locator("input[name=password]").wait_for(state="detached")


# --- two megabytes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "most"), [("number", 255), ("password", 255), ("totp", 12)])
async def test_two_megabytes_at_the_door_are_refused(windows: Windows, name: str, most: int) -> None:
    page = await windows.open(DESKTOP)
    await page.goto("/desk")
    await refuses_two_megabytes(page.locator(f"input[name={name}]"), most)


@pytest.mark.parametrize(
    ("path", "opened_by", "name", "most"),
    [
        ("/desk/companies", None, "text", 70),
        ("/desk/companies", "Accueillir une entreprise", "siren", 9),
        ("/desk/advisers", "Accueillir un collègue", "name", 70),
        ("/desk/audit", None, "code", 255),
        ("/desk/authorities/new", None, "certificate", 32_768),
        ("/desk/authorities/new", None, "policy-0", 200),
    ],
)
async def test_two_megabytes_in_a_field_of_the_desk_are_refused(
    desk: Page, path: str, opened_by: str | None, name: str, most: int
) -> None:
    await desk.goto(path)
    if opened_by is not None:
        await desk.get_by_role("button", name=opened_by).click()
    await refuses_two_megabytes(desk.locator(f"[name={name}]"), most)


async def test_two_megabytes_are_no_certificate_to_be_judged(desk: Page, company: Company) -> None:
    await desk.goto(f"/desk/companies/{company.client}/{company.anne.user.number}")
    await refuses_two_megabytes(desk.get_by_label("Certificat de la personne"), 32_768)


async def test_two_megabytes_in_a_conversation_are_refused_on_either_side(
    windows: Windows, desk: Page, anne: Signer, company: Company
) -> None:
    await waiting(company, desk)
    await take(desk)
    phone = await windows.open(PHONE)
    await anne.come_in(phone)
    await phone.goto("/app/chat")
    before = await written(company)
    for page in (desk, phone):
        box = page.get_by_label("Votre message")
        await refuses_two_megabytes(box, 4000)
        await box.fill("")
        await box.press("Enter")
    await phone.get_by_label("Votre message").fill("Bonjour")
    await phone.get_by_role("button", name="Envoyer").click()
    await expect(desk.get_by_role("log").get_by_text("Bonjour")).to_be_visible()
    assert [message.words.text for message in (await written(company))[len(before) :]] == ["Bonjour"]


# --- two taps ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fee", "colleague")
async def test_two_taps_order_one_card(desk: Page, banker: Banker, company: Company) -> None:
    await at_card_order(desk, company)
    await desk.get_by_role("button", name="Demander", exact=True).dblclick()
    await desk.get_by_role("link", name="Voir la demande").wait_for()
    assert len(await asked_for(banker, company, "card_order")) == 1


@pytest.mark.usefixtures("colleague")
async def test_two_taps_ask_once_for_a_new_code(desk: Page, banker: Banker, company: Company) -> None:
    await desk.goto(f"/desk/companies/{company.client}")
    await desk.get_by_role("button", name="Renouveler le code confidentiel").first.dblclick()
    await desk.locator("ct-act").get_by_text("En attente d’un autre chargé d’affaires").wait_for()
    assert len(await asked_for(banker, company, "code_renewal")) == 1


@pytest.mark.parametrize(
    ("button", "status", "codes"),
    [
        ("Contresigner", "released", ["challenge_satisfied", "action_released"]),
        ("Refuser", "rejected", ["challenge_refused", "action_rejected"]),
    ],
)
async def test_two_taps_answer_a_colleagues_act_once(
    windows: Windows, banker: Banker, colleague: Banker, company: Company, button: str, status: str, codes: list[str]
) -> None:
    first, second = await windows.open(DESKTOP), await windows.open(DESKTOP)
    await banker.come_in(first)
    await first.goto(f"/desk/companies/{company.client}")
    await first.get_by_role("button", name="Renouveler le code confidentiel").first.click()
    await first.locator("ct-act").get_by_text("En attente d’un autre chargé d’affaires").wait_for()
    (act,) = await asked_for(banker, company, "code_renewal")
    await colleague.come_in(second)
    await second.goto(f"/desk/acts/{act}")
    await second.locator("input[name=totp]").fill(colleague.code(steps=1))
    await second.get_by_role("button", name=button, exact=True).dblclick()
    await expect(second.locator("input[name=totp]")).to_have_count(0)
    sheet = await company.bank.house.sheet(act)
    theirs = sheet.challenge_of(colleague.user.id)
    assert theirs is not None
    assert sheet.action.status == status
    entries = await company.bank.house.book.reading(lambda ledger: ledger.audit.of_action(act))
    assert [sum(entry.code == code for entry in entries) for code in codes] == [1, 1]
    async with company.bank.database.transaction() as connection:
        proofs = await connection.fetch("SELECT id FROM proofs WHERE challenge_id = $1", theirs.id)
    assert len(proofs) == int(button == "Contresigner")


async def test_two_taps_take_a_conversation_once_and_write_one_message(desk: Page, company: Company) -> None:
    await waiting(company, desk)
    await desk.get_by_role("button", name="Prendre la conversation").dblclick()
    await desk.get_by_label("Votre message").fill("Bonjour Madame")
    await desk.get_by_role("button", name="Envoyer").dblclick()
    await expect(desk.get_by_label("Votre message")).to_have_value("")
    await expect(desk.get_by_role("log").locator(".bubble.mine")).to_have_count(1)
    told = [(message.words.subject, message.words.text) for message in await written(company)]
    assert told.count((Notice.CLAIMED, "")) == 1
    assert told.count((None, "Bonjour Madame")) == 1
    assert len(told) == 3


# --- a stay that ends ----------------------------------------------------------------------------------------


async def test_a_stay_that_ends_while_a_message_is_typed_says_what_is_lost_and_comes_back(
    desk: Page, banker: Banker, company: Company
) -> None:
    await waiting(company, desk)
    await take(desk)
    before = await written(company)
    await desk.get_by_label("Votre message").press_sequentially("Je regarde")
    await end_stay(desk)
    await expect(desk.get_by_text(TOLD)).to_be_visible()
    await expect(desk.get_by_label("Votre message")).to_have_count(0)
    await sign_in_again(desk, banker)
    await expect(desk.get_by_label("Votre message")).to_have_value("")
    assert await written(company) == before


async def test_what_is_sent_as_the_stay_ends_is_not_done_and_its_loss_is_said(
    desk: Page, banker: Banker, company: Company
) -> None:
    await at_card_order(desk, company)

    async def end_first(route: Route) -> None:
        await end_stay(desk)
        await route.continue_()

    await desk.route("**/v1/actions", end_first, times=1)
    await desk.get_by_role("button", name="Demander", exact=True).click()
    await expect(desk.get_by_text(TOLD)).to_be_visible()
    assert await asked_for(banker, company, "card_order") == []
    await sign_in_again(desk, banker)
    await desk.get_by_role("button", name="Commander une carte").click()
    await expect(desk.get_by_label("Carte", exact=True)).to_have_value("secur_acces")
