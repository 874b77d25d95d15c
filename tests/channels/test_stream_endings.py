"""How a stream ends: devices that may not stay, and a house in which something goes wrong."""

from collections.abc import Sequence
from dataclasses import replace

from typing_extensions import override

from approvals.desk.inbox import Delivery, InboxDesk, InboxState
from approvals.errors import StoreUnavailable
from approvals.model.ids import UserId
from approvals.model.inbox import Event
from channels.frames.closing import CloseCode
from tests.channels.stream import Enrolled, Served, StreamingHouse, Ways, serving

# --- who may not stay --------------------------------------------------------------------------------------


async def test_a_wrong_signature_is_closed_with_4001(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.receive()
        await phone.hello("another nonce")
        assert await phone.close_code() == CloseCode.NOT_AUTHENTICATED


async def test_a_wrong_token_is_closed_with_4001(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.hello(str((await phone.receive())["nonce"]), token=anne.login_token)
        assert await phone.close_code() == CloseCode.NOT_AUTHENTICATED


async def test_a_hello_heard_on_one_socket_is_worth_nothing_on_another(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as one, served.phone(anne) as two:
        nonce = str((await one.receive())["nonce"])
        await two.receive()
        await two.hello(nonce)
        assert await two.close_code() == CloseCode.NOT_AUTHENTICATED


async def test_a_revoked_device_is_closed_with_4002_and_not_let_in_again(served: Served, anne: Enrolled) -> None:
    presence = await served.house.access.presence(anne.login_token)
    async with served.phone(anne) as phone:
        await phone.greet()
        await served.house.devices.revoke(presence.login.id, anne.device_id)
        assert await phone.close_code() == CloseCode.REVOKED
    async with served.phone(anne) as phone:
        await phone.hello(str((await phone.receive())["nonce"]))
        assert await phone.close_code() == CloseCode.NOT_AUTHENTICATED


async def test_a_newer_socket_of_the_same_tab_closes_the_old_one(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as old:
        await old.greet()
        async with served.phone(anne) as new:
            await new.greet()
            assert await old.close_code() == CloseCode.REPLACED
            await served.house.hold()
            assert (await new.receive())["type"] == "event"


async def test_a_phone_that_says_goodbye_is_forgotten(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        await phone.send({"type": "bye"})
        assert await phone.close_code() == CloseCode.GOODBYE
    assert served.hub.count == 0


# --- when something goes wrong in the house ----------------------------------------------------------------


class LongInbox(InboxDesk):
    """Every action it reads holds more than a frame does."""

    @override
    async def read_with_content(self, user_id: UserId, after: int, limit: int) -> Sequence[Delivery]:
        return [_lengthened(found) for found in await super().read_with_content(user_id, after, limit)]


def _lengthened(delivery: Delivery) -> Delivery:
    if delivery.sheet is None:
        return delivery
    action = replace(delivery.sheet.action, reference="R" * 70_000)
    return replace(delivery, sheet=replace(delivery.sheet, action=action))


async def test_content_too_long_for_a_frame_is_left_to_http(house: StreamingHouse, anne: Enrolled) -> None:
    house.inbox = LongInbox(house.book)
    sheet = await house.hold()
    async with serving(house, Ways()) as served, served.phone(anne) as phone:
        frames = await phone.greet_signed_in()
    opened = next(frame for frame in frames if frame.get("kind") == "challenge_opened")
    assert (opened["id"], opened["action"]) == (sheet.id, None)


class BrokenInbox(InboxDesk):
    """Fails as nobody foresaw, for one person."""

    @override
    async def read(self, user_id: UserId, after: int, limit: int) -> Sequence[Event]:
        if user_id == UserId("usr_1"):
            raise ZeroDivisionError
        return await super().read(user_id, after, limit)


async def test_a_fault_of_ours_ends_one_connection_with_4100_and_no_other(
    house: StreamingHouse, anne: Enrolled, bruno: Enrolled
) -> None:
    house.inbox = BrokenInbox(house.book)
    async with serving(house, Ways()) as served, served.phone(anne) as unlucky, served.phone(bruno) as lucky:
        await lucky.greet()
        await unlucky.hello(str((await unlucky.receive())["nonce"]))
        await unlucky.receive_until("welcome")
        assert await unlucky.close_code() == CloseCode.INTERNAL
        await house.hold()
        assert (await lucky.receive())["type"] == "event"


async def test_a_store_that_is_away_makes_a_phone_back_off(house: StreamingHouse, anne: Enrolled) -> None:
    house.inbox = AbsentInbox(house.book)
    async with serving(house, Ways()) as served, served.phone(anne) as phone:
        await phone.hello(str((await phone.receive())["nonce"]))
        assert await phone.close_code() == CloseCode.OVERLOADED


class AbsentInbox(InboxDesk):
    """Its store is not there."""

    @override
    async def state(self, user_id: UserId) -> InboxState:
        raise StoreUnavailable("the database is away")
