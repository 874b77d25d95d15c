"""The life of a conversation, step by step."""

from datetime import timedelta

import pytest

from approvals.conversations import talk
from approvals.conversations.refusals import (
    ConversationClosed,
    ConversationNotClaimed,
    ConversationTaken,
    TooManyMessages,
)
from approvals.model.conversation import Author, Conversation, ConversationStatus, MessageKind, Words
from approvals.model.ids import ConversationId, UserId
from tests.builders import NOW, make_user

DENISE, FARID = UserId("usr_denise"), UserId("usr_farid")
HELLO = Words(author=Author.PERSON, kind=MessageKind.TEXT, text="Bonjour")


@pytest.fixture
def begun() -> Conversation:
    return talk.begin(ConversationId("cnv_1"), make_user("usr_anne"), NOW)


def test_messages_are_numbered_from_one(begun: Conversation) -> None:
    written, messages = talk.write(begun, [HELLO, HELLO], NOW)
    assert [message.n for message in messages] == [1, 2]
    assert [message.n for message in talk.write(written, [HELLO], NOW)[1]] == [3]


def test_who_asks_for_an_adviser_twice_keeps_their_place(begun: Conversation) -> None:
    waiting = talk.ask_adviser(begun, NOW)
    assert waiting.status is ConversationStatus.WAITING
    assert talk.ask_adviser(waiting, NOW + timedelta(minutes=9)) == waiting


def test_one_adviser_has_it(begun: Conversation) -> None:
    claimed = talk.claim(talk.ask_adviser(begun, NOW), DENISE)
    assert talk.claim(claimed, DENISE) == claimed
    with pytest.raises(ConversationTaken):
        talk.claim(claimed, FARID)


def test_nobody_claims_what_the_assistant_answers(begun: Conversation) -> None:
    with pytest.raises(ConversationTaken):
        talk.claim(begun, DENISE)


def test_who_has_it_hands_it_on_and_nobody_else(begun: Conversation) -> None:
    claimed = talk.claim(talk.ask_adviser(begun, NOW), DENISE)
    with pytest.raises(ConversationNotClaimed):
        talk.transfer(claimed, FARID, FARID, NOW)
    assert talk.transfer(claimed, DENISE, FARID, NOW).adviser_id == FARID
    queued = talk.transfer(claimed, DENISE, None, NOW)
    assert (queued.status, queued.adviser_id) == (ConversationStatus.WAITING, None)
    assert talk.claim(queued, FARID).adviser_id == FARID


def test_nothing_is_written_in_one_that_is_closed(begun: Conversation) -> None:
    closed = talk.close(begun, NOW)
    assert talk.close(closed, NOW + timedelta(days=1)) == closed
    with pytest.raises(ConversationClosed):
        talk.write(closed, [HELLO], NOW)
    with pytest.raises(ConversationClosed):
        talk.ask_adviser(closed, NOW)


def test_a_read_mark_moves_forward_and_no_further_than_the_last_message(begun: Conversation) -> None:
    written, _ = talk.write(begun, [HELLO] * 3, NOW)
    assert talk.read(written, 99, is_person=True).read_by_person == 3
    assert talk.read(talk.read(written, 2, is_person=False), 1, is_person=False).read_by_adviser == 2


def test_who_writes_more_than_people_do_waits_until_the_first_is_a_minute_old() -> None:
    recent = [NOW + timedelta(seconds=n) for n in range(20)]
    talk.require_pace(recent[1:], NOW + timedelta(seconds=30))
    with pytest.raises(TooManyMessages) as refused:
        talk.require_pace(recent, NOW + timedelta(seconds=30))
    assert refused.value.retry_after == 30
