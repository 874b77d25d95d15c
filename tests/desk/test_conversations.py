"""Conversations on both databases: written once, told to both sides, handed over, kept as long as they are to be."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from approvals.conversations.refusals import (
    CodeInMessage,
    ConversationClosed,
    ConversationNotClaimed,
    ConversationTaken,
    TooManyMessages,
)
from approvals.delivery import Delivered, Patience
from approvals.desk.actions import OpeningRequest
from approvals.desk.conversations.talking import Saying
from approvals.desk.deliveries import DeliveryDesk
from approvals.desk.opening import Asked
from approvals.errors import Forbidden, NotFound
from approvals.model.adviser import Adviser, Role
from approvals.model.change import AdviserAssigned
from approvals.model.conversation import (
    Author,
    ConversationStatus,
    MessageKind,
    Notice,
)
from approvals.model.ids import ActionId, ActionKind, ConversationId, UserId
from approvals.model.inbox import EventKind
from tests.chat import Chat, open_chat
from tests.house import BENEFICIARY, House, Person, mine, release_of

STRANGER = Adviser(user_id=UserId("usr_stranger"), role=Role.ADVISER)
PATIENCE = Patience(first_pause=timedelta(seconds=10), longest_pause=timedelta(minutes=1), most_attempts=3)
ALIVE = (ConversationStatus.WAITING, ConversationStatus.CLAIMED)


@pytest.fixture
async def people(house: House) -> tuple[Person, Person, Person]:
    return await house.found()


@pytest.fixture
async def chat(house: House, people: tuple[Person, Person, Person]) -> Chat:
    return await open_chat(house, people[0])


# --- the assistant -------------------------------------------------------------------------------------------


async def test_the_assistant_answers_in_the_conversation_and_every_device_is_told(chat: Chat) -> None:
    said = await chat.say("Mon code PIN est bloqué après trois essais")
    talk = await chat.talk()
    assert [message.words.author for message in talk.messages] == [Author.PERSON, Author.ASSISTANT]
    assert talk.messages[0] == said
    assert talk.messages[1].words.subject == "pin_blocked"
    deliveries = await chat.house.inbox.read_with_content(chat.user.id, 0, 50)
    assert [delivery.message for delivery in deliveries if delivery.message] == list(talk.messages)


async def test_an_unsure_assistant_suggests(chat: Chat) -> None:
    await chat.say("zzz")
    words = (await chat.talk()).messages[1].words
    assert (words.kind, len(words.choices)) == (MessageKind.SUGGESTIONS, 3)


async def test_the_same_message_twice_is_written_once(chat: Chat) -> None:
    first, second = await chat.say("Bonjour"), await chat.say("Bonjour")
    assert first == second
    assert len((await chat.talk()).messages) == 2


async def test_two_devices_that_write_at_once_share_one_conversation(chat: Chat) -> None:
    await asyncio.gather(*[chat.say("Bonjour", f"r{n}") for n in range(4)])
    talk = await chat.talk()
    assert [message.n for message in talk.messages] == list(range(1, 9))


@pytest.mark.parametrize("text", ["12345678", "mon code : 1234 5678", "123-456"])
async def test_nothing_is_kept_of_a_message_with_a_code(chat: Chat, text: str) -> None:
    with pytest.raises(CodeInMessage):
        await chat.say(text)
    assert (await chat.talk()).conversation is None


async def test_who_writes_too_much_waits(chat: Chat) -> None:
    for n in range(20):
        await chat.say("Bonjour", f"r{n}")
    with pytest.raises(TooManyMessages):
        await chat.say("Bonjour", "r20")
    chat.house.clock.advance(seconds=61)
    assert (await chat.say("Bonjour", "r20")).n == 41


async def test_a_message_keeps_the_person_signed_in(chat: Chat) -> None:
    for n in range(3):
        chat.house.clock.advance(minutes=3)
        await chat.say("Bonjour", f"r{n}")


# --- the adviser ---------------------------------------------------------------------------------------------


async def test_a_conversation_is_handed_over_and_both_sides_are_told(chat: Chat) -> None:
    await chat.say("Bonjour")
    claimed = await chat.claimed()
    await chat.say("Vous êtes là ?", "r2")
    answered = await chat.answer(claimed, "Oui, bonjour.")
    words = [(message.words.author, message.words.subject) for message in (await chat.talk()).messages[2:]]
    assert words == [
        (Author.HOUSE, Notice.WAITING),
        (Author.HOUSE, Notice.CLAIMED),
        (Author.PERSON, None),
        (Author.ADVISER, None),
    ]
    assert (await chat.told(chat.user.id))[-1] is EventKind.MESSAGE_RECEIVED
    assert EventKind.CONVERSATION_WRITTEN in await chat.told(chat.denise.user_id)
    assert answered.words.author_id == chat.denise.user_id


async def test_the_assistant_is_silent_once_an_adviser_was_asked_for(chat: Chat) -> None:
    await chat.ask()
    await chat.say("Mon code PIN est bloqué")
    assert Author.ASSISTANT not in {message.words.author for message in (await chat.talk()).messages}


async def test_who_looks_after_the_company_is_told_that_somebody_waits(
    chat: Chat, people: tuple[Person, Person, Person]
) -> None:
    given = AdviserAssigned(company_id=people[0].user.subscription_id, adviser_id=chat.denise.user_id)
    now = chat.house.clock.now()
    await chat.house.book.transaction(lambda ledger: ledger.changes.apply(given, now))
    await chat.ask()
    assert EventKind.CONVERSATION_WAITING in await chat.told(chat.denise.user_id)
    assert EventKind.CONVERSATION_WAITING not in await chat.told(people[1].user.id)


async def test_of_two_advisers_who_claim_at_once_one_has_it(chat: Chat) -> None:
    waiting = await chat.ask()
    queue = chat.house.conversations.queue
    claims = await asyncio.gather(
        *[queue.claim(adviser, waiting.id) for adviser in (chat.denise, chat.farid)], return_exceptions=True
    )
    assert [type(each) for each in claims if isinstance(each, Exception)] == [ConversationTaken]


async def test_nobody_outside_the_portfolio_sees_or_claims_it(chat: Chat) -> None:
    waiting, queue = await chat.ask(), chat.house.conversations.queue
    assert (await queue.browse(STRANGER, ALIVE, None, 50)).items == []
    with pytest.raises(NotFound):
        await queue.show(STRANGER, waiting.id, None, 50)
    with pytest.raises(NotFound):
        await queue.claim(STRANGER, waiting.id)


async def test_an_adviser_writes_in_what_they_have_claimed_and_nowhere_else(chat: Chat) -> None:
    claimed = await chat.claimed()
    with pytest.raises(ConversationNotClaimed):
        await chat.answer(claimed, "Bonjour", by=1)
    with pytest.raises(Forbidden):
        await chat.house.conversations.talk.say(chat.login(0), Saying(req="x", text="À qui ?"))


async def test_a_customer_writes_in_nobody_elses(chat: Chat, people: tuple[Person, Person, Person]) -> None:
    claimed = await chat.claimed()
    bruno = await chat.house.sign_in(people[1])
    saying = Saying(req="x", text="Bonjour", conversation_id=claimed.id)
    with pytest.raises(NotFound):
        await chat.house.conversations.talk.say(bruno.login.id, saying)


async def test_a_transfer_takes_the_word_from_one_and_gives_it_to_the_other(chat: Chat) -> None:
    claimed, queue = await chat.claimed(), chat.house.conversations.queue
    await queue.transfer(chat.denise, claimed.id, chat.bankers[1].number)
    with pytest.raises(ConversationNotClaimed):
        await chat.answer(claimed, "Encore moi")
    assert (await chat.answer(claimed, "Je prends la suite.", by=1)).words.author is Author.ADVISER
    with pytest.raises(NotFound):
        await queue.transfer(chat.farid, claimed.id, "999")


async def test_what_is_closed_takes_no_word_and_the_next_opens_another(chat: Chat) -> None:
    claimed = await chat.claimed()
    await chat.house.conversations.queue.close(chat.denise, claimed.id)
    await chat.house.conversations.queue.close(chat.denise, claimed.id)
    with pytest.raises(ConversationClosed):
        await chat.answer(claimed, "Un mot encore")
    assert [message.words.subject for message in (await chat.talk()).messages][-1] == Notice.CLOSED
    assert (await chat.say("Bonjour à nouveau")).conversation_id != claimed.id


async def test_a_person_ends_their_own(chat: Chat) -> None:
    await chat.say("Bonjour")
    closed = await chat.house.conversations.talk.close(chat.anne.login.id)
    assert closed.status is ConversationStatus.CLOSED
    assert (await chat.house.conversations.talk.close(chat.anne.login.id)).last == closed.last


async def test_a_read_mark_is_told_once(chat: Chat) -> None:
    claimed, talk = await chat.claimed(), chat.house.conversations.talk
    for n in (2, 2, 1):
        await talk.mark_read(chat.anne.login.id, None, n)
    assert (await talk.mark_read(chat.login(0), claimed.id, 1)).read_by_person == 2
    assert (await chat.told(chat.denise.user_id)).count(EventKind.CHAT_MOVED) == 2


async def test_who_types_is_shown_to_the_other_side_alone(chat: Chat) -> None:
    talk = chat.house.conversations.talk
    await chat.say("Bonjour")
    assert (await talk.other_side(chat.anne.login.id, None))[1] is None
    claimed = await chat.claimed()
    assert await talk.other_side(chat.anne.login.id, None) == (claimed.id, chat.denise.user_id)
    assert await talk.other_side(chat.login(0), claimed.id) == (claimed.id, chat.user.id)
    with pytest.raises(ConversationNotClaimed):
        await talk.other_side(chat.login(1), claimed.id)


async def test_outside_the_hours_the_person_is_told_when_the_desk_opens(
    chat: Chat, people: tuple[Person, Person, Person]
) -> None:
    chat.house.clock.move_to(datetime(2026, 12, 25, 12, tzinfo=UTC))
    here = await chat.house.sign_in(people[0])
    await chat.house.conversations.talk.ask_adviser(here.login.id)
    talk = await chat.talk()
    assert talk.messages[-1].words.subject == Notice.AWAY
    assert talk.opens_at == datetime(2026, 12, 25, 23, tzinfo=UTC)


# --- cards ---------------------------------------------------------------------------------------------------


async def test_the_card_of_an_action_stands_once_in_the_conversation_of_who_started_it(
    chat: Chat, people: tuple[Person, Person, Person]
) -> None:
    sheet, talk = await chat.house.hold(initiator=people[0].user.number), chat.house.conversations.talk
    cards = [await talk.show_action(chat.anne.login.id, sheet.id) for _ in range(2)]
    assert cards[0] == cards[1]
    assert cards[0].words.action_id == sheet.id
    bruno = await chat.house.sign_in(people[1])
    for action_id in (sheet.id, ActionId("act_none")):
        with pytest.raises(NotFound):
            await talk.show_action(bruno.login.id, action_id)


async def test_the_adviser_who_has_the_conversation_hears_that_a_card_in_it_has_moved(
    chat: Chat, people: tuple[Person, Person, Person]
) -> None:
    house, bruno = chat.house, people[1]
    request = OpeningRequest(
        asked=Asked(client_identifier=None, initiator=None), kind=ActionKind("beneficiary"), payload=BENEFICIARY
    )
    presence = await house.access.presence(chat.anne.token)
    sheet = (await house.actions.open(presence, request)).sheets[0]
    shown = await house.conversations.talk.show_action(chat.anne.login.id, sheet.id)
    claimed, challenge = await chat.claimed(), mine(sheet, bruno)
    heard = len(await chat.told(chat.denise.user_id))
    here = await house.sign_in(bruno)
    await house.answers.answer(here.login.id, challenge.id, bruno.answer(challenge.reader_input))
    release = await release_of(house, sheet)
    deliveries = DeliveryDesk(book=house.book, clock=house.clock, announcer=house.announcements, patience=PATIENCE)
    assert release is not None
    await deliveries.record(release, Delivered(), 0.5)
    told = (await house.inbox.read(chat.denise.user_id, 0, 50))[heard:]
    assert [(each.news.kind, each.news.message) for each in told] == [(EventKind.CHAT_MOVED, shown.n)] * 2
    assert {each.news.conversation_id for each in told} == {claimed.id}
    assert await chat.told(chat.farid.user_id) == []


# --- keeping -------------------------------------------------------------------------------------------------


async def test_what_is_past_its_time_goes_with_all_that_was_written(chat: Chat) -> None:
    said, book = await chat.say("Bonjour"), chat.house.book
    later = chat.house.clock.now() + timedelta(days=1)
    assert await book.transaction(lambda ledger: ledger.conversations.sweep(chat.house.clock.now(), 10)) == 0
    assert await book.transaction(lambda ledger: ledger.conversations.sweep(later, 10)) == 1
    assert (await chat.talk()).conversation is None
    deliveries = await chat.house.inbox.read_with_content(chat.user.id, 0, 50)
    assert deliveries[0].event.news.message == said.n
    assert deliveries[0].message is None


async def test_the_list_is_walked_page_by_page(chat: Chat, people: tuple[Person, Person, Person]) -> None:
    await chat.ask()
    chat.house.clock.advance(seconds=1)
    bruno = await chat.house.sign_in(people[1])
    await chat.house.conversations.talk.ask_adviser(bruno.login.id)
    queue = chat.house.conversations.queue
    first = await queue.browse(chat.denise, ALIVE, None, 1)
    second = await queue.browse(chat.denise, ALIVE, first.next, 1)
    assert [page.items[0].user.name for page in (first, second)] == ["Bruno Keller", "Anne Morvan"]
    assert second.next is None
    assert (await queue.show(chat.denise, ConversationId(second.items[0].conversation.id), None, 5)).messages
