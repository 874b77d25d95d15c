"""What becomes of a live connection when its person is locked, leaves, or is asked from another screen."""

import pytest

from approvals.desk.knocking import Visitor
from approvals.errors import SignInRefused
from approvals.model.ids import UserId
from approvals.model.inbox import EventKind, News
from approvals.model.person import UserStatus
from approvals.ports.book import Ledger
from tests.channels.stream import Enrolled, Served
from tests.company import put_status
from tests.house import CLIENT, request_of


async def guess(served: Served, enrolled: Enrolled) -> None:
    """Somebody with the phone in hand types a wrong confidential code."""
    claim = await served.house.claim(enrolled.person, enrolled.device_id)
    with pytest.raises(SignInRefused):
        await served.house.access.sign_in(request_of(enrolled.person, code="000000", device=claim))


async def test_a_lock_drops_every_live_connection_at_once(served: Served, anne: Enrolled) -> None:
    sheet = await served.house.hold()
    async with served.phone(anne) as phone:
        await phone.greet_signed_in()
        for _ in range(4):
            await guess(served, anne)
        warned = (await phone.receive_until("event"))[-1]
        assert warned["kind"] == "access_last_attempt"
        await guess(served, anne)
        frames = await phone.receive_until("event")
        assert [frame["type"] for frame in frames] == ["level", "event"]
        assert (frames[0]["level"], frames[1]["kind"]) == ("device_bound", "access_locked")
        await served.house.withdraw(sheet)
        ended = (await phone.receive_until("event"))[-1]
        assert (ended["kind"], ended["action"]) == ("action_ended", None)


async def test_who_left_reads_nothing_more(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet_signed_in()
        await put_status(served.house, anne.person, UserStatus.LEFT)
        news = [News(user_id=UserId(anne.person.user.id), kind=EventKind.CODE_RENEWED)]

        async def work(ledger: Ledger) -> dict[UserId, int]:
            return dict(await ledger.inboxes.append(news, served.house.clock.now()))

        await served.hub.announce(await served.house.book.transaction(work))
        assert (await phone.receive_until("level"))[-1]["level"] == "device_bound"


async def test_a_screen_that_asks_is_told_to_the_phone_without_its_digits(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet_signed_in()
        visitor = Visitor(client_identifier=CLIENT, user_number=anne.person.user.number, address="203.0.113.9")
        await served.house.ways_in.confirmations.ask(visitor)
        told = (await phone.receive_until("event"))[-1]
        assert (told["kind"], told["id"], told["action"]) == ("sign_in_requested", None, None)
