"""An adviser's payment file on both databases: who confirms its summary starts it, and nobody else (RULES 5)."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from approvals.conversations.refusals import (
    ConversationClosed,
    ConversationNotClaimed,
    FileOffered,
    FileOfferOver,
    TooManyMessages,
)
from approvals.credentials.refusals import NotEntitled
from approvals.desk.actions import OpeningResult
from approvals.desk.opening import Asked
from approvals.desk.remittances import ReceiptRequest
from approvals.errors import DuplicateRemittance, NotFound, RemittanceError, UnknownDebtorAccount
from approvals.model.account import Account
from approvals.model.conversation import Author, Conversation, MessageKind, Notice
from approvals.model.ids import AccountId, LoginId, OfferId, SubscriptionId
from approvals.model.inbox import EventKind
from approvals.model.offered_file import OfferedFile, OfferStatus
from approvals.model.opener import opened_by_person
from approvals.model.person import Subscription
from approvals.model.policy import Means
from approvals.ports.actions import ActionFilter
from approvals.ports.book import Ledger
from deploy.demo.make_remittance import Batch, made_payee
from tests.chat import Chat, open_chat
from tests.house import CLIENT, CORE, House, Person
from tests.remittance.files import make_file


@pytest.fixture
async def people(house: House) -> tuple[Person, Person, Person]:
    return await house.found()


@pytest.fixture
async def chat(house: House, people: tuple[Person, Person, Person]) -> Chat:
    return await open_chat(house, people[0])


async def stream(file: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(file), size):
        yield file[start : start + size]


async def offer(chat: Chat, claimed: Conversation, file: bytes | None = None, *, by: int = 0) -> OfferedFile:
    adviser = (chat.denise, chat.farid)[by]
    body = stream(make_file() if file is None else file)
    return await chat.house.conversations.files.offer(adviser, claimed.id, "application/xml", body)


async def confirm(chat: Chat, file: OfferedFile, login: LoginId | None = None) -> OpeningResult:
    return await chat.house.conversations.files.confirm(login or chat.anne.login.id, file.id)


async def opened(chat: Chat) -> int:
    """How many actions there are."""
    return len((await chat.house.actions.browse(ActionFilter(), None, 50)).items)


async def test_a_file_is_summed_up_in_the_conversation_and_both_sides_are_told(chat: Chat) -> None:
    file = await offer(chat, await chat.claimed())
    message = (await chat.talk()).messages[-1]
    assert (message.words.author, message.words.kind, message.words.subject) == (
        Author.ADVISER,
        MessageKind.FILE,
        file.id,
    )
    assert (file.digest, file.size) == (hashlib.sha256(make_file()).hexdigest(), len(make_file()))
    shown = await chat.house.conversations.files.show(chat.anne.login.id, file.id)
    assert shown.status is OfferStatus.OFFERED
    assert shown.stated[0].facts["total"] == {"amount": "303.03", "currency": "EUR"}
    assert (await chat.told(chat.user.id))[-1] is EventKind.MESSAGE_RECEIVED
    assert await opened(chat) == 0


async def test_who_confirms_it_is_its_initiator(chat: Chat) -> None:
    file = await offer(chat, await chat.claimed())
    (sheet,) = (await confirm(chat, file)).sheets
    action = sheet.action
    assert (action.initiator, action.opened_by) == (chat.user.id, opened_by_person(chat.user.id))
    assert (action.payload_digest, action.login_id) == (file.digest, chat.anne.login.id)
    assert (await chat.talk()).messages[-1].words.subject == Notice.FILE_CONFIRMED


async def test_confirmed_twice_it_is_one_action(chat: Chat) -> None:
    file = await offer(chat, await chat.claimed())
    both = await asyncio.gather(confirm(chat, file), confirm(chat, file))
    third = await confirm(chat, file)
    assert len({sheet.id for result in (*both, third) for sheet in result.sheets}) == 1
    assert third.replayed
    assert await opened(chat) == 1


async def test_an_old_confirmation_is_not_a_new_one(chat: Chat) -> None:
    file = await offer(chat, await chat.claimed())
    await confirm(chat, file)
    now = chat.house.clock.now()
    await chat.house.book.transaction(lambda ledger: ledger.requests.sweep(now + timedelta(seconds=1)))
    with pytest.raises(FileOfferOver):
        await confirm(chat, file)


async def test_declined_it_opens_nothing(chat: Chat) -> None:
    file, files = await offer(chat, await chat.claimed()), chat.house.conversations.files
    for _ in range(2):
        await files.decline(chat.anne.login.id, file.id)
    with pytest.raises(FileOfferOver):
        await confirm(chat, file)
    subjects = [message.words.subject for message in (await chat.talk()).messages]
    assert subjects.count(Notice.FILE_DECLINED) == 1
    assert await opened(chat) == 0


async def test_confirmed_it_can_be_declined_no_more(chat: Chat) -> None:
    file = await offer(chat, await chat.claimed())
    await confirm(chat, file)
    with pytest.raises(FileOfferOver):
        await chat.house.conversations.files.decline(chat.anne.login.id, file.id)


async def test_nobody_else_sees_confirms_or_declines_it(chat: Chat, people: tuple[Person, Person, Person]) -> None:
    file, files = await offer(chat, await chat.claimed()), chat.house.conversations.files
    bruno = (await chat.house.sign_in(people[1])).login.id
    for login in (bruno, chat.login(0), chat.login(1)):
        for attempt in (files.show, files.confirm, files.decline):
            with pytest.raises(NotFound):
                await attempt(login, file.id)
    with pytest.raises(NotFound):
        await files.confirm(chat.anne.login.id, OfferId("off_none"))
    assert await opened(chat) == 0


async def test_it_is_offered_by_who_has_the_conversation_and_nobody_else(chat: Chat) -> None:
    waiting = await chat.ask()
    with pytest.raises(ConversationNotClaimed):
        await offer(chat, waiting)
    claimed = await chat.claimed()
    with pytest.raises(ConversationNotClaimed):
        await offer(chat, claimed, by=1)
    await chat.house.conversations.queue.close(chat.denise, claimed.id)
    with pytest.raises(ConversationClosed):
        await offer(chat, claimed)


async def test_once_the_conversation_has_ended_it_is_over(chat: Chat) -> None:
    claimed = await chat.claimed()
    file = await offer(chat, claimed)
    await chat.house.conversations.queue.close(chat.denise, claimed.id)
    with pytest.raises(FileOfferOver):
        await confirm(chat, file)
    assert (await chat.house.conversations.files.show(chat.anne.login.id, file.id)).status is OfferStatus.OVER


async def test_handed_on_it_is_over_and_makes_way_for_the_colleagues(chat: Chat) -> None:
    claimed = await chat.claimed()
    file = await offer(chat, claimed)
    await chat.house.conversations.queue.transfer(chat.denise, claimed.id, chat.bankers[1].number)
    with pytest.raises(FileOfferOver):
        await confirm(chat, file)
    other = await offer(chat, claimed, by=1)
    await chat.house.conversations.queue.transfer(chat.farid, claimed.id, chat.bankers[0].number)
    for each in (file, other):
        with pytest.raises(FileOfferOver):
            await confirm(chat, each)


async def test_one_at_a_time_waits(chat: Chat) -> None:
    claimed, files = await chat.claimed(), chat.house.conversations.files
    file = await offer(chat, claimed)
    with pytest.raises(FileOffered):
        await offer(chat, claimed)
    with pytest.raises(FileOfferOver):
        await files.take_back(chat.farid, claimed.id, file.id)
    for _ in range(2):
        await files.take_back(chat.denise, claimed.id, file.id)
    with pytest.raises(FileOfferOver):
        await confirm(chat, file)
    assert (await offer(chat, claimed)).id != file.id


async def test_of_two_offered_at_once_one_waits(chat: Chat) -> None:
    claimed = await chat.claimed()
    offers = await asyncio.gather(offer(chat, claimed), offer(chat, claimed), return_exceptions=True)
    assert [type(each) for each in offers if isinstance(each, Exception)] == [FileOffered]


async def test_after_a_day_it_is_over_and_swept_with_what_it_said(chat: Chat, people: tuple[Person, ...]) -> None:
    claimed = await chat.claimed()
    file = await offer(chat, claimed)
    chat.house.clock.advance(days=1, seconds=1)
    here = (await chat.house.sign_in(people[0])).login.id
    with pytest.raises(FileOfferOver):
        await confirm(chat, file, here)
    await chat.house.sweeping.sweep()
    shown = await chat.house.conversations.files.show(here, file.id)
    assert (shown.status, shown.upload_id, list(shown.stated)) == (OfferStatus.OVER, None, [])
    assert file.upload_id is not None
    assert [chunk async for chunk in chat.house.remittances.chunks(file.upload_id)] == []
    with pytest.raises(FileOfferOver):
        await confirm(chat, file, here)


async def test_of_a_file_that_is_there_in_part_nothing_is_opened(chat: Chat) -> None:
    """The sweeper takes small bites: whatever is read meanwhile is not what was summed up."""
    file = await offer(chat, await chat.claimed(), make_file(Batch(id="B1", orders=1500)))
    upload_id = file.upload_id
    assert upload_id is not None
    await chat.house.book.transaction(lambda ledger: ledger.uploads.drop(upload_id, 1501))
    with pytest.raises((FileOfferOver, RemittanceError)):
        await confirm(chat, file)
    assert await opened(chat) == 0


async def test_what_the_person_could_not_open_is_refused_before_it_reaches_them(chat: Chat) -> None:
    claimed = await chat.claimed()
    with pytest.raises(RemittanceError):
        await offer(chat, claimed, b"<cat/>")
    with pytest.raises(UnknownDebtorAccount):
        await offer(chat, claimed, make_file(Batch(id="B1", orders=1, debtor_iban=made_payee(90_001)[1])))
    request = ReceiptRequest(asked=Asked(client_identifier=CLIENT, initiator="003"), content_type="application/xml")
    await chat.house.remittances.receive(CORE, request, stream(make_file()))
    with pytest.raises(DuplicateRemittance):
        await offer(chat, claimed)
    assert (await chat.talk()).messages[-1].words.kind is MessageKind.NOTICE


async def test_a_file_that_debits_another_company_is_refused(chat: Chat) -> None:
    """The account is the bank's, and known: only not theirs."""
    iban = made_payee(90_002)[1]
    other = SubscriptionId("sub_other")

    async def work(ledger: Ledger) -> None:
        await ledger.people.add_subscription(
            Subscription(
                id=other, client_identifier="40090000", name="Toits", siren="552100554", means=frozenset(Means)
            )
        )
        await ledger.accounts.add(
            Account(id=AccountId("acc_other"), subscription_id=other, iban=iban, currency="EUR", label="Courant")
        )

    await chat.house.book.transaction(work)
    with pytest.raises(UnknownDebtorAccount):
        await offer(chat, await chat.claimed(), make_file(Batch(id="B1", orders=1, debtor_iban=iban)))
    assert await opened(chat) == 0


async def test_who_may_not_start_it_is_offered_none(house: House, people: tuple[Person, Person, Person]) -> None:
    chat = await open_chat(house, people[2])
    with pytest.raises(NotEntitled):
        await offer(chat, await chat.claimed())


async def test_files_count_among_the_messages_of_a_minute(chat: Chat) -> None:
    claimed = await chat.claimed()
    for _ in range(20):
        file = await offer(chat, claimed)
        await chat.house.conversations.files.take_back(chat.denise, claimed.id, file.id)
    with pytest.raises(TooManyMessages):
        await offer(chat, claimed)
