"""The whole way on a real house: events come in, the pusher tells a push service here, rows say what came of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from aiohttp import ClientSession

from approvals.credentials.push_target import write_target
from approvals.model.ids import DeviceId, LoginId
from approvals.model.person import UserStatus
from approvals.model.push import PUSH_TARGET, PushChannel, PushSubscription
from approvals.ports.book import Book
from channels.push.outcomes import Outcome, Parcel, Shut
from channels.push.web_push import VapidTokens, WebPushSender, open_push_session
from server.clock import SystemClock
from server.jobs.pusher import Lane, Pusher, Wakes
from tests.fakes import Announcements
from tests.house import House, Person, mine
from tests.joined_desks import Parts
from tests.push.service import PushService, answer, new_browser, push_service
from tests.push.test_web_push import CONTACT, KEY
from tests.server.outside.receiver import speaking

BROWSER = new_browser()


@pytest.fixture
def house(book: Book, tmp_path: Path) -> House:
    return House(Parts(book=book, folder=tmp_path))


@pytest.fixture
async def anne(house: House) -> Person:
    """Signs alone."""
    found, _, _ = await house.found()
    return found


@asynccontextmanager
async def pushing(
    house: House, *, wakes: Wakes | None = None, lane: Lane | None = None, reread_every: float = 0.05
) -> AsyncIterator[Pusher]:
    """Run a pusher meanwhile; without a lane of a test's own, over Web Push."""
    async with open_push_session() as session, asyncio.TaskGroup() as tasks:
        pusher = Pusher(
            desk=house.waking,
            lanes=[lane or Lane(PushChannel.WEB_PUSH, web_push(house, session))],
            clock=house.clock,
            wakes=wakes or Wakes(Announcements()),
            draw_jitter=lambda: 0.0,
            reread_every=reread_every,
        )
        running = tasks.create_task(pusher.run())
        yield pusher
        running.cancel()


def web_push(house: House, session: ClientSession) -> WebPushSender:
    tokens = VapidTokens(KEY, CONTACT, SystemClock())
    limit = timedelta(seconds=20)
    return WebPushSender(session=session, tokens=tokens, origin="https://bank.test", clock=house.clock, limit=limit)


async def subscribe(house: House, person: Person, endpoint: str) -> tuple[LoginId, DeviceId]:
    """Enrol a device of this person and have it woken."""
    signed_in, device_id = await house.enrol(person)
    await house.push.subscribe(signed_in.login.id, BROWSER.target(endpoint))
    return signed_in.login.id, device_id


async def subscriptions(house: House, person: Person) -> Sequence[PushSubscription]:
    return await house.push.mine(person.user.id)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.01)


async def until_forgotten(house: House) -> None:
    async with asyncio.timeout(30):
        while True:
            if not await house.book.reading(lambda ledger: ledger.push_subscriptions.browse(None, 10)):
                return
            await asyncio.sleep(0.01)


def has_come(service: PushService, count: int) -> bool:
    return len(service.received) >= count


async def until_row(house: House, person: Person, is_so: Callable[[PushSubscription], bool]) -> PushSubscription:
    async with asyncio.timeout(30):
        while True:
            (found,) = await subscriptions(house, person)
            if is_so(found):
                return found
            await asyncio.sleep(0.01)


async def test_an_approval_wakes_the_signer_s_device_and_its_end_clears_it(house: House, anne: Person) -> None:
    async with push_service() as service, pushing(house):
        login_id, _ = await subscribe(house, anne, service.endpoint)
        sheet = await house.hold()
        await until(lambda: len(service.received) == 1)
        challenge = mine(sheet, anne)
        await house.answers.answer(login_id, challenge.id, anne.answer(challenge.reader_input))
        await until(lambda: len(service.received) == 2)
        row = await until_row(house, anne, lambda each: each.last_outcome == "sent")
    shown = [BROWSER.opened(each.body)["notification"] for each in service.received]
    assert [notification["tag"] for notification in shown if isinstance(notification, dict)] == [sheet.id, sheet.id]
    assert [notification["silent"] for notification in shown if isinstance(notification, dict)] == [False, True]
    assert row.last_sent_at == house.clock.now()


async def test_only_an_opaque_id_and_generic_words_leave(house: House, anne: Person) -> None:
    async with push_service() as service, pushing(house):
        await subscribe(house, anne, service.endpoint)
        sheet = await house.hold()
        await until(lambda: len(service.received) == 1)
    told = str(BROWSER.opened(service.received[0].body))
    assert sheet.id in told
    told = told.replace(sheet.id, "")  # an id may hold any three digits
    for secret in ("Menuiserie", "FR14", "Anne", "Martin", anne.user.number, mine(sheet, anne).id):
        assert secret not in told
        assert secret not in str(service.received[0].headers)


async def test_two_nodes_tell_a_device_once(house: House, anne: Person) -> None:
    async with push_service() as service, pushing(house), pushing(house), pushing(house):
        await subscribe(house, anne, service.endpoint)
        for _ in range(5):
            count = len(service.received) + 1
            await house.hold()
            await until(partial(has_come, service, count))
        row = await until_row(house, anne, lambda each: each.told_up_to == 6)
    assert len(service.received) == 5
    assert row.attempts == 0


async def test_a_hint_is_told_at_once_without_waiting_for_the_clock(house: House, anne: Person) -> None:
    wakes = Wakes(house.announcements)
    async with push_service() as service, pushing(house, wakes=wakes, reread_every=600):
        await subscribe(house, anne, service.endpoint)
        await wakes.announce({})  # nobody's inbox grew
        await asyncio.sleep(0.05)
        await house.hold()
        await wakes.announce({anne.user.id: 2})
        await until(lambda: len(service.received) == 1)


async def test_a_device_the_push_service_forgot_is_dropped(house: House, anne: Person) -> None:
    async with push_service(answer(410)) as service, pushing(house):
        await subscribe(house, anne, service.endpoint)
        await house.hold()
        await until_forgotten(house)
    assert len(service.received) == 1


async def test_a_busy_push_service_is_asked_again_when_it_said(house: House, anne: Person) -> None:
    async with push_service(answer(429, Retry_After="120"), answer(201)) as service, pushing(house):
        await subscribe(house, anne, service.endpoint)
        await house.hold()
        row = await until_row(house, anne, lambda each: each.last_outcome == "http_429")
        assert row.next_at == house.clock.now() + timedelta(minutes=2)
        assert (row.attempts, row.last_sent_at, row.told_up_to) == (1, None, 1)
        house.clock.advance(seconds=119)
        await asyncio.sleep(0.2)
        assert len(service.received) == 1
        house.clock.advance(seconds=1)
        row = await until_row(house, anne, lambda each: each.last_outcome == "sent")
    assert (row.attempts, len(service.received)) == (0, 2)


async def test_a_message_that_is_never_taken_does_not_hold_up_the_next(house: House, anne: Person) -> None:
    async with push_service(answer(413), answer(201)) as service, pushing(house):
        await subscribe(house, anne, service.endpoint)
        await house.hold()
        await until_row(house, anne, lambda each: each.last_outcome == "http_413")
        await house.hold()
        await until_row(house, anne, lambda each: each.last_outcome == "sent")


async def test_a_revoked_device_is_told_nothing_and_forgotten(house: House, anne: Person) -> None:
    async with push_service() as service:
        _, device_id = await subscribe(house, anne, service.endpoint)
        await house.hold()
        other = await house.sign_in(anne)
        await house.devices.revoke(other.login.id, device_id)
        async with pushing(house):
            await until_forgotten(house)
    assert service.received == []


async def test_a_locked_person_is_not_asked_to_sign(house: House, anne: Person) -> None:
    async with push_service() as service:
        await subscribe(house, anne, service.endpoint)
        await house.hold()
        user = await house.user(anne)
        await house.book.transaction(lambda ledger: ledger.people.save_user(replace(user, status=UserStatus.LOCKED)))
        async with pushing(house):
            await until_row(house, anne, lambda each: each.told_up_to == 2)
    assert service.received == []


async def test_what_can_no_longer_be_opened_is_forgotten(house: House, anne: Person) -> None:
    async with push_service() as service:
        await subscribe(house, anne, service.endpoint)
        (row,) = await subscriptions(house, anne)
        foreign = house.keyring.seal(PUSH_TARGET, "psh_other", 1, write_target(BROWSER.target(service.endpoint)))
        await house.book.transaction(lambda ledger: ledger.push_subscriptions.reseal(row.id, foreign))
        await house.hold()
        async with pushing(house):
            await until_forgotten(house)
    assert service.received == []


class ShutSender:
    """A channel whose service keeps us out."""

    at_once = 1

    def __init__(self) -> None:
        self.asked = 0

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        self.asked += 1
        return [Shut("token_refused") for _ in parcels]


async def test_a_channel_that_is_shut_rests_and_says_so(
    house: House, anne: Person, caplog: pytest.LogCaptureFixture
) -> None:
    sender = ShutSender()
    async with pushing(house, lane=Lane(PushChannel.WEB_PUSH, sender)):
        await subscribe(house, anne, "http://127.0.0.1:1/push")
        await house.hold()
        await until_row(house, anne, lambda each: each.last_outcome == "token_refused")
        await house.hold()
        await asyncio.sleep(0.2)
        assert sender.asked == 1
        house.clock.advance(minutes=5)
        await until(lambda: sender.asked == 2)
    assert "push channel is shut" in caplog.messages


async def test_approvals_do_not_wait_for_a_push_service_that_hangs(house: House, anne: Person) -> None:
    asked = asyncio.Event()

    async def hang(_writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.sleep(20)

    async with speaking(hang) as url, pushing(house):
        login_id, _ = await subscribe(house, anne, url)
        first = await house.hold()
        await asyncio.wait_for(asked.wait(), 30)
        began = asyncio.get_running_loop().time()
        challenge = mine(first, anne)
        answered = await house.answers.answer(login_id, challenge.id, anne.answer(challenge.reader_input))
        assert answered.answer == "accepted"
        assert asyncio.get_running_loop().time() - began < 10  # half of what the push service takes
        assert (await subscriptions(house, anne))[0].last_outcome is None


async def test_an_approval_lives_without_any_push_service(house: House, anne: Person) -> None:
    async with push_service() as service:
        endpoint = service.endpoint
    async with pushing(house):
        login_id, _ = await subscribe(house, anne, endpoint)
        sheet = await house.hold()
        await until_row(house, anne, lambda each: each.last_outcome == "unreachable")
        challenge = mine(sheet, anne)
        answered = await house.answers.answer(login_id, challenge.id, anne.answer(challenge.reader_input))
    assert answered.answer == "accepted"
