"""Push, encrypted by the bank, decrypted here, shown by the app's service worker; and the screen that turns it on."""

import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page, expect

from approvals.model.ids import ActionId
from tests.browser.company import Company
from tests.browser.foreign_words import word
from tests.browser.looking import check
from tests.browser.people import Signer
from tests.browser.sizes import DESKTOP, PHONE, SMALL
from tests.browser.waking import Woken, enrol, give_push_service, woken
from tests.browser.windows import Windows
from tests.push.service import PushService, answer, new_browser, push_service

TURN_ON = re.compile("avertir sur cet appareil")
LISTED = """async (count) => {
  const response = await fetch('/v1/push-subscriptions', { headers: { 'Contreseing-Client': 'app' } });
  return (await response.json()).items.length === count;
}"""
TAP = """async (tag) => {
  const [notification] = await self.registration.getNotifications({ tag });
  self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def service() -> AsyncIterator[PushService]:
    """A push service on this machine."""
    async with push_service() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def phone(windows: Windows, anne: Signer, service: PushService) -> Woken:
    """Anne's phone, enrolled and woken through it."""
    page = await windows.open(PHONE)
    await anne.come_in(page, with_card=True)
    await enrol(page)
    return await woken(page, service)


async def withdraw(company: Company, action: ActionId) -> None:
    await company.bank.post(company.node, f"/v1/actions/{action}/withdrawal", token="ctk_core")  # noqa: S106  # the tests' own


async def test_what_awaits_a_signature_is_shown_in_generic_words(phone: Woken, company: Company) -> None:
    """Whatever the names in it are."""
    action = await company.hold(payload={"change": "add", "name": word("payé"), "iban": "FR1420041010050500013M02606"})
    await phone.deliver()
    (shown,) = await phone.shown(1)
    assert shown == {
        "title": "Contreseing",
        "body": "Une opération attend votre signature.",
        "tag": action,
        "lang": "fr",
    }


async def test_a_message_that_comes_twice_is_shown_once(phone: Woken, company: Company) -> None:
    await company.hold()
    await phone.deliver()
    await phone.deliver_again()
    await company.hold()
    await phone.deliver()
    await phone.shown(2)


async def test_what_is_over_clears_its_notification_and_no_other(phone: Woken, company: Company) -> None:
    first, second = await company.hold(), await company.hold()
    await phone.deliver()
    await phone.deliver()
    await phone.shown(2)
    await withdraw(company, first)
    await phone.deliver()
    (left,) = await phone.shown(1)
    assert left["tag"] == second


async def test_a_tap_opens_the_approval_in_the_page_that_is_there(phone: Woken, company: Company) -> None:
    action = await company.hold()
    await phone.deliver()
    await phone.shown(1)
    (worker,) = phone.page.context.service_workers
    await worker.evaluate(TAP, action)
    await phone.page.wait_for_url(f"**/app/approvals/{action}")
    await phone.shown(0)


async def test_bytes_that_are_no_message_of_ours_show_nothing(phone: Woken, company: Company) -> None:
    for text in ("", "no JSON", "[]", "null", '{"web_push": 1, "notification": {"title": "x"}}'):
        await phone.hand_over(text)
    await company.hold()
    await phone.deliver()
    await phone.shown(1)


async def test_an_address_of_somebody_else_is_not_opened(phone: Woken, company: Company) -> None:
    await company.hold()
    message = await phone.next_message()
    notification = message["notification"]
    assert isinstance(notification, dict)
    await phone.hand_over({**message, "notification": {**notification, "navigate": "https://evil.test/app"}})
    (shown,) = await phone.shown(1)
    (worker,) = phone.page.context.service_workers
    await worker.evaluate(TAP, shown["tag"])
    await phone.shown(0)
    await phone.page.wait_for_url("**/app")


async def open_settings(page: Page) -> None:
    await page.goto("/app/notifications")
    await page.get_by_role("heading", name="Notifications").wait_for()


async def test_the_person_sees_when_a_device_was_last_notified_and_turns_it_off(phone: Woken, company: Company) -> None:
    page = phone.page
    await open_settings(page)
    await page.get_by_text("Pas encore averti.").wait_for()
    await company.hold()
    await phone.deliver()
    await phone.told()
    await open_settings(page)
    await page.get_by_text("Averti la dernière fois le").wait_for()
    await check(page, "notifications-on-phone")
    await page.get_by_role("button", name="Ne plus avertir").click()
    await expect(page.get_by_role("button", name=TURN_ON)).to_be_visible()
    await expect(page.get_by_role("listitem")).to_have_count(0)


async def test_a_tap_turns_it_on_and_the_bank_s_next_word_reaches_the_browser(
    windows: Windows, anne: Signer, company: Company, service: PushService
) -> None:
    page, browser = await windows.open(PHONE, locale="en-GB"), new_browser()
    await give_push_service(page, browser, service)
    await anne.come_in(page, with_card=True)
    await enrol(page)
    await open_settings(page)
    await page.get_by_role("button", name="Notify me on this device").click()
    await page.get_by_text("Not notified yet.").wait_for()
    action = await company.hold()
    (received,) = await service.so_many(1)
    notification = browser.opened(received.body)["notification"]
    assert isinstance(notification, dict)
    assert notification["tag"] == action


async def test_what_the_bank_lost_is_told_again_at_the_next_sign_in_and_what_was_turned_off_is_not(
    windows: Windows, anne: Signer, company: Company
) -> None:
    page = await windows.open(PHONE)
    async with push_service(answer(410), answer(201)) as service:
        await give_push_service(page, new_browser(), service)
        await anne.come_in(page, with_card=True)
        await enrol(page)
        await open_settings(page)
        await page.get_by_role("button", name=TURN_ON).click()
        await page.get_by_text("Pas encore averti.").wait_for()
        await company.hold()
        await service.so_many(1)  # "gone", it says, and the bank forgets the device
        await until_listed(page, 0)
        await open_settings(page)
        await until_listed(page, 1)
        await company.hold()
        await service.so_many(2)
    await open_settings(page)
    await page.get_by_role("button", name="Ne plus avertir").click()
    await page.get_by_role("button", name=TURN_ON).wait_for()
    await open_settings(page)
    await page.get_by_role("button", name=TURN_ON).wait_for()


async def until_listed(page: Page, count: int) -> None:
    """Wait until the bank wakes so many devices of the person's."""
    await page.wait_for_function(LISTED, arg=count)


async def test_a_browser_whose_push_service_is_away_says_so(windows: Windows, anne: Signer) -> None:
    page = await windows.open(SMALL, forgiven=["Push API in incognito mode"])
    await anne.come_in(page, with_card=True)
    await enrol(page)
    await page.context.grant_permissions(["notifications"])
    await open_settings(page)
    await page.get_by_role("button", name=TURN_ON).wait_for()
    await check(page, "notifications-off-small")
    await page.get_by_role("button", name=TURN_ON).click()
    await page.get_by_text("de ce navigateur ne répond pas").wait_for()


async def test_a_person_who_says_no_is_told_how_to_change_it(windows: Windows, anne: Signer) -> None:
    page = await windows.open(PHONE)
    await anne.come_in(page, with_card=True)
    await enrol(page)
    await open_settings(page)
    await page.get_by_role("button", name=TURN_ON).click()
    await page.get_by_text("Les notifications sont refusées pour ce site.").wait_for()
    await check(page, "notifications-denied-phone")


async def test_a_screen_that_is_not_enrolled_is_told_what_to_do_first(windows: Windows, anne: Signer) -> None:
    page = await windows.open(DESKTOP, locale="en-GB")
    await anne.come_in(page)
    await open_settings(page)
    await page.get_by_text("Enrol this device first").wait_for()
    await check(page, "notifications-not-enrolled-desktop-en")
