import base64
from pathlib import Path

import pytest

from approvals.desk.push import PushOffer
from approvals.store.book import SqlBook
from tests.house import House, Person
from tests.joined_desks import PUSH_OFFER, Parts
from tests.push.service import new_browser
from tests.server.http.site import Site, serving
from tests.server.http.test_devices import enrol, written
from tests.server.spec import Api

BROWSER = new_browser().target("")
KEYS = {"p256dh": written(BROWSER.p256dh), "auth": written(BROWSER.auth)}
WEB_PUSH = {"channel": "web_push", "endpoint": "https://updates.push.test/wpush/v2/abc", "keys": KEYS}
FCM = {"channel": "fcm", "token": "dGVzdA:APA91b-registration_of_a_phone"}


@pytest.fixture
async def phone(site: Site, people: tuple[Person, ...]) -> Api:
    """Anne, signed in on her enrolled device."""
    anne = await site.sign_in(people[0], with_card=True)
    assert (await enrol(site, anne, people[0])).status == 201
    return anne


async def test_a_device_is_woken_from_now_on_and_shows_when_it_last_was(phone: Api) -> None:
    subscribed = await phone.post("/v1/push-subscriptions", WEB_PUSH)
    assert subscribed.status == 201
    (listed,) = (await phone.get("/v1/push-subscriptions")).items()
    assert listed == subscribed.body
    assert (listed["channel"], listed["current"]) == ("web_push", True)
    assert (listed["last_sent"], listed["last_outcome"]) == (None, None)


async def test_neither_address_nor_keys_nor_token_are_ever_shown(phone: Api) -> None:
    for form, secret in ((WEB_PUSH, "wpush"), (FCM, "APA91b")):
        subscribed = await phone.post("/v1/push-subscriptions", form)
        listed = await phone.get("/v1/push-subscriptions")
        assert secret not in str(subscribed.body) + str(listed.body)


async def test_a_device_that_subscribes_again_is_woken_the_new_way_alone(phone: Api) -> None:
    await phone.post("/v1/push-subscriptions", WEB_PUSH)
    await phone.post("/v1/push-subscriptions", FCM)
    assert [each["channel"] for each in (await phone.get("/v1/push-subscriptions")).items()] == ["fcm"]


async def test_a_person_takes_a_device_of_theirs_away_and_nobody_else_s(
    site: Site, phone: Api, people: tuple[Person, ...]
) -> None:
    subscription = (await phone.post("/v1/push-subscriptions", WEB_PUSH)).text("id")
    bruno = await site.sign_in(people[1])
    assert (await bruno.delete(f"/v1/push-subscriptions/{subscription}")).code == "not_found"
    assert (await phone.delete(f"/v1/push-subscriptions/{subscription}")).status == 204
    assert (await phone.delete(f"/v1/push-subscriptions/{subscription}")).code == "not_found"
    assert (await phone.get("/v1/push-subscriptions")).items() == []


async def test_a_screen_that_is_not_enrolled_is_not_woken(site: Site, people: tuple[Person, ...]) -> None:
    screen = await site.sign_in(people[0])
    refused = await screen.post("/v1/push-subscriptions", WEB_PUSH)
    assert (refused.status, refused.code) == (403, "device_needed")


async def test_an_address_that_is_no_push_service_is_refused(phone: Api) -> None:
    for endpoint in ("https://core.bank.test/releases", "https://169.254.169.254/", "http://updates.push.test/x"):
        refused = await phone.post("/v1/push-subscriptions", {**WEB_PUSH, "endpoint": endpoint})
        assert (refused.status, refused.code, refused.body["field"]) == (422, "push_target_refused", "endpoint")
    assert (await phone.get("/v1/push-subscriptions")).items() == []


async def test_keys_that_are_none_are_refused(phone: Api) -> None:
    nothing = base64.urlsafe_b64encode(b"\x04" + bytes(64)).decode().rstrip("=")
    refused = await phone.post("/v1/push-subscriptions", {**WEB_PUSH, "keys": {**KEYS, "p256dh": nothing}})
    assert (refused.status, refused.code, refused.body["field"]) == (422, "push_target_refused", "keys.p256dh")


async def test_browsers_get_the_key_they_subscribe_to(site: Site, phone: Api) -> None:
    assert PUSH_OFFER.vapid_key is not None
    assert (await phone.get("/v1/push/key")).text("key") == written(PUSH_OFFER.vapid_key)
    assert (await site.nobody.get("/v1/push/key")).code == "not_authenticated"


async def test_a_house_without_push_says_so(sqlite_book: SqlBook, tmp_path: Path) -> None:
    off = PushOffer(channels=(), hosts=(), vapid_key=None)
    house = House(Parts(book=sqlite_book, folder=tmp_path, push=off))
    anne, _, _ = await house.found()
    async with serving(house) as site:
        caller = await site.sign_in(anne)
        for refused in (await caller.get("/v1/push/key"), await caller.post("/v1/push-subscriptions", FCM)):
            assert (refused.status, refused.code) == (404, "push_not_served")
