"""Writing in a conversation: its messages, its new state, and the events everybody concerned is told, in one go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from approvals.model.conversation import Author, Conversation, ConversationStatus, Message, MessageKind, Notice, Words
from approvals.model.ids import UserId
from approvals.model.inbox import EventKind, News
from approvals.ports.book import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A conversation as it is now, what was just written in it, and the inboxes that have grown."""

    conversation: Conversation
    messages: Sequence[Message]
    heads: Mapping[UserId, int]


async def record(
    ledger: Ledger, before: Conversation | None, after: Conversation, messages: Sequence[Message], now: datetime
) -> Recorded:
    """Keep the conversation as it is now, with what was written in it; `before` is what was read, None for a new one.

    Raises StaleVersion when somebody else wrote first.
    """
    if before is None:
        await ledger.conversations.add(after)
    else:
        await ledger.conversations.save(after)
    await ledger.conversations.write(messages)
    heads = await ledger.inboxes.append(await _news(ledger, before, after, messages), now)
    return Recorded(conversation=after, messages=messages, heads=heads)


def unchanged(conversation: Conversation, *messages: Message) -> Recorded:
    """What is done a second time changes nothing, and nobody is told."""
    return Recorded(conversation=conversation, messages=messages, heads={})


async def _news(
    ledger: Ledger, before: Conversation | None, after: Conversation, messages: Sequence[Message]
) -> list[News]:
    """Each side is told every message; without one, that the conversation moved. Who watches the queue is told that."""
    sides = [after.user_id, *([after.adviser_id] if after.adviser_id is not None else [])]
    told = [news for user_id in sides for news in _told(user_id, after, messages)]
    if before is not None and (before.status, before.adviser_id) == (after.status, after.adviser_id):
        return told
    company = await ledger.people.subscription(after.subscription_id)
    watching = {company.adviser_id if company else None, before.adviser_id if before else None} - {None, *sides}
    is_waiting = after.status is ConversationStatus.WAITING
    kind = EventKind.CONVERSATION_WAITING if is_waiting else EventKind.CHAT_MOVED
    watchers = sorted(user_id for user_id in watching if user_id is not None)
    return [*told, *(News(user_id=user_id, kind=kind, conversation_id=after.id) for user_id in watchers)]


def _told(user_id: UserId, after: Conversation, messages: Sequence[Message]) -> Iterator[News]:
    kind_of = _kind_for_person if user_id == after.user_id else _kind_for_adviser
    if not messages:
        yield News(user_id=user_id, kind=EventKind.CHAT_MOVED, conversation_id=after.id)
    for message in messages:
        yield News(
            user_id=user_id,
            kind=kind_of(message.words),
            action_id=message.words.action_id,
            conversation_id=after.id,
            message=message.n,
        )


_BY_THE_BANK = {Notice.CLAIMED, Notice.TRANSFERRED}


def _kind_for_person(words: Words) -> EventKind:
    is_bank = words.author is Author.ADVISER or (words.kind is MessageKind.NOTICE and words.subject in _BY_THE_BANK)
    return EventKind.MESSAGE_RECEIVED if is_bank else EventKind.CHAT_MOVED


def _kind_for_adviser(words: Words) -> EventKind:
    return EventKind.CONVERSATION_WRITTEN if words.author is Author.PERSON else EventKind.CHAT_MOVED
