"""Conversations, as either side is shown them: both know each other by name."""

from collections.abc import Mapping

from approvals.model.conversation import Conversation, Message
from approvals.model.ids import UserId
from approvals.model.person import User
from channels.frames.conversation import ChoiceContent, ConversationContent, MessageContent
from channels.views.people import colleague
from channels.views.times import milliseconds


def message_content(message: Message, author: User | None) -> MessageContent:
    words = message.words
    return MessageContent(
        conversation=message.conversation_id,
        n=message.n,
        at=milliseconds(message.at),
        author=words.author,
        name=author.name if author is not None else None,
        kind=words.kind,
        text=words.text,
        subject=words.subject,
        choices=[ChoiceContent(entry=choice.entry, question=choice.question) for choice in words.choices],
        starts=words.starts,
        action=words.action_id,
    )


def conversation_content(conversation: Conversation, people: Mapping[UserId, User]) -> ConversationContent:
    waiting = conversation.waiting_since
    adviser_id = conversation.adviser_id
    return ConversationContent(
        id=conversation.id,
        status=conversation.status,
        opened=milliseconds(conversation.opened_at),
        last_at=milliseconds(conversation.last_at),
        last=conversation.last,
        read_by_person=conversation.read_by_person,
        read_by_adviser=conversation.read_by_adviser,
        waiting_since=None if waiting is None else milliseconds(waiting),
        adviser=None if adviser_id is None else colleague(adviser_id, people),
    )
