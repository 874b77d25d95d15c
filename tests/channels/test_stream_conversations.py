"""Conversations over the stream: said, answered, read and typed, as a device meets it."""

from collections.abc import AsyncIterator

import pytest

from approvals.desk.conversations.talking import Saying
from approvals.model.adviser import Adviser, Role
from approvals.model.conversation import Conversation, ConversationStatus
from approvals.model.ids import LoginId
from approvals.model.json import Json
from tests.channels.stream import Enrolled, Frame, Phone, Served
from tests.staff import Banker, Staff

HELLO: Frame = {"type": "say", "req": "m1", "text": "Mon code PIN est bloqué"}


@pytest.fixture
async def phone(served: Served, anne: Enrolled) -> AsyncIterator[Phone]:
    async with served.phone(anne) as connected:
        await connected.greet_signed_in()
        yield connected


async def frames(phone: Phone, count: int) -> list[Frame]:
    return [await phone.receive() for _ in range(count)]


async def until(phone: Phone, words: str) -> Frame:
    """Return the first event whose message holds these words."""
    while words not in str((event := (await phone.receive_until("event"))[-1])["message"]):
        pass
    return event


def said(received: list[Frame]) -> list[Json]:
    return [frame["message"] for frame in received if frame["type"] == "event"]


class Counter:
    """Denise, with the conversation she claimed."""

    def __init__(self, served: Served, banker: Banker, login_id: LoginId) -> None:
        self.desks = served.house.conversations
        self.adviser = Adviser(user_id=banker.user.id, role=Role.SUPERVISOR)
        self.login_id = login_id

    async def claim(self) -> Conversation:
        (waiting,) = (await self.desks.queue.browse(self.adviser, [ConversationStatus.WAITING], None, 5)).items
        return await self.desks.queue.claim(self.adviser, waiting.conversation.id)


@pytest.fixture
async def denise(served: Served) -> Counter:
    staff = Staff(served.house)
    banker, _ = await staff.found()
    return Counter(served, banker, (await staff.enter(banker)).login.id)


async def test_a_message_has_its_result_and_comes_back_with_the_answer_as_events(phone: Phone) -> None:
    await phone.send(HELLO)
    received = await frames(phone, 3)
    (result,) = [frame for frame in received if frame["type"] == "result"]
    assert "'n': 1" in str(result["said"])
    question, answer = said(received)
    assert "Mon code PIN est bloqué" in str(question)
    assert "'subject': 'pin_blocked'" in str(answer)


async def test_the_same_message_again_has_the_same_result_and_no_event(phone: Phone) -> None:
    await phone.send(HELLO)
    first = next(frame for frame in await frames(phone, 3) if frame["type"] == "result")
    await phone.send(HELLO)
    assert (await phone.receive_until("result"))[-1]["said"] == first["said"]


async def test_a_code_is_refused_before_anything_is_kept(served: Served, phone: Phone, anne: Enrolled) -> None:
    await phone.send({**HELLO, "text": "1234 5678"})
    (refused,) = await phone.receive_until("result")
    assert "code_in_message" in str(refused["error"])
    assert (await served.house.conversations.talk.show(anne.person.user, None, 5)).messages == ()


async def test_a_device_nobody_is_signed_in_on_learns_that_something_came_and_no_more(
    served: Served, anne: Enrolled
) -> None:
    here = await served.house.sign_in(anne.person)
    async with served.phone(anne) as locked:
        await locked.greet()
        await served.house.conversations.talk.say(here.login.id, Saying(req="r1", text="Ceci est privé"))
        event = await locked.receive()
        assert (event["kind"], event["message"]) == ("chat_moved", None)
        assert "privé" not in str(event)
        await locked.send(HELLO)
        assert (await locked.receive_until("error"))[-1]["code"] == "not_authenticated"


async def test_an_advisers_word_and_their_typing_reach_the_phone(
    phone: Phone, served: Served, anne: Enrolled, denise: Counter
) -> None:
    await phone.send(HELLO)
    await frames(phone, 3)
    here = await served.house.sign_in(anne.person)
    await served.house.conversations.talk.ask_adviser(here.login.id)
    claimed = await denise.claim()
    place, other = await denise.desks.talk.other_side(denise.login_id, claimed.id)
    assert other is not None
    served.hub.tell_typing(other, place)
    assert (await phone.receive_until("peer_typing"))[-1] == {"type": "peer_typing", "conversation": claimed.id}
    saying = Saying(req="d1", text="Bonjour, je regarde.", conversation_id=claimed.id)
    await denise.desks.talk.say(denise.login_id, saying)
    event = await until(phone, "Bonjour, je regarde.")
    assert (event["kind"], event["id"]) == ("message_received", claimed.id)
    await phone.send({"type": "typing"})
    await phone.send({"type": "read", "n": 99})
    assert (await phone.receive_until("event"))[-1]["kind"] == "chat_moved"
    talk = await denise.desks.talk.show(anne.person.user, None, 1)
    assert talk.conversation is not None
    assert talk.conversation.read_by_person == talk.conversation.last
