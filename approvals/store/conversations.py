"""Conversations and their messages."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from approvals.errors import InvalidRequest, StaleVersion
from approvals.model.conversation import (
    Author,
    Conversation,
    ConversationStatus,
    Message,
    MessageKind,
    Words,
)
from approvals.model.ids import ActionId, ConversationId, SubscriptionId, UserId
from approvals.model.page import Page
from approvals.store.columns import milliseconds, milliseconds_or_none, number, text, text_or_none, time, time_or_none
from approvals.store.database import Connection, Row, Value, fetch_one
from approvals.store.documents import read_choices, write
from approvals.store.queries import placeholders, read_cursor, write_cursor


class SqlConversations:
    """Satisfies `ports.conversations.Conversations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO conversations (
            id, user_id, subscription_id, status, opened_at, last_at, last, read_by_person, read_by_adviser,
            waiting_since, adviser_id, closed_at, version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)
        ON CONFLICT DO NOTHING RETURNING id
    """

    async def add(self, conversation: Conversation) -> None:
        """Raises StaleVersion when the person has an open one already: another device was first."""
        row = await fetch_one(
            self._connection,
            self._ADD,
            conversation.id,
            conversation.user_id,
            conversation.subscription_id,
            conversation.status,
            milliseconds(conversation.opened_at),
            *_changing(conversation),
        )
        if row is None:
            raise StaleVersion("another device opened a conversation first")

    _SAVE: Final = """
        UPDATE conversations SET
            status = $3, last_at = $4, last = $5, read_by_person = $6, read_by_adviser = $7, waiting_since = $8,
            adviser_id = $9, closed_at = $10, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING id
    """

    async def save(self, conversation: Conversation) -> None:
        """Raises StaleVersion when it is not the one read."""
        row = await fetch_one(
            self._connection,
            self._SAVE,
            conversation.id,
            conversation.version,
            conversation.status,
            *_changing(conversation),
        )
        if row is None:
            raise StaleVersion("somebody wrote in the conversation meanwhile")

    _LOAD: Final = "SELECT * FROM conversations WHERE id = $1"

    async def load(self, conversation_id: ConversationId) -> Conversation | None:
        row = await fetch_one(self._connection, self._LOAD, conversation_id)
        return None if row is None else _conversation(row)

    _LAST: Final = """
        SELECT * FROM conversations WHERE user_id = $1
        ORDER BY CASE WHEN status = 'closed' THEN 1 ELSE 0 END, opened_at DESC, id DESC LIMIT 1
    """

    async def last_of(self, user_id: UserId) -> Conversation | None:
        """The open one, or the one opened last."""
        row = await fetch_one(self._connection, self._LAST, user_id)
        return None if row is None else _conversation(row)

    _WRITE: Final = """
        INSERT INTO messages (
            conversation_id, n, at, author, author_id, kind, text, subject, choices, starts, action_id, req
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    """

    async def write(self, messages: Sequence[Message]) -> None:
        await self._connection.execute_many(self._WRITE, [_columns(message) for message in messages])

    _MESSAGES: Final = """
        SELECT * FROM messages WHERE conversation_id = $1 AND n < $2 ORDER BY n DESC LIMIT $3
    """
    _PAST_ALL: Final = 2**53

    async def messages(self, conversation_id: ConversationId, before: int | None, limit: int) -> Sequence[Message]:
        """The last ones before number `before`, in order."""
        rows = await self._connection.fetch(self._MESSAGES, conversation_id, before or self._PAST_ALL, limit)
        return [_message(row) for row in reversed(rows)]

    _PICK: Final = "SELECT * FROM messages WHERE {places}"
    _PLACE: Final = "(conversation_id = ${conversation} AND n = ${n})"  # rows of VALUES have no types on PostgreSQL

    async def pick(self, wanted: Collection[tuple[ConversationId, int]]) -> Sequence[Message]:
        """These, in no order; what was swept is missing."""
        if not wanted:
            return []
        values = [value for pair in sorted(wanted) for value in pair]
        places = [self._PLACE.format(conversation=2 * i + 1, n=2 * i + 2) for i in range(len(wanted))]
        rows = await self._connection.fetch(self._PICK.format(places=" OR ".join(places)), *values)
        return [_message(row) for row in rows]

    _SENT: Final = "SELECT * FROM messages WHERE conversation_id = $1 AND author_id = $2 AND req = $3"

    async def sent(self, conversation_id: ConversationId, author_id: UserId, req: str) -> Message | None:
        """What its sender named so."""
        row = await fetch_one(self._connection, self._SENT, conversation_id, author_id, req)
        return None if row is None else _message(row)

    _SHOWS: Final = "SELECT n FROM messages WHERE conversation_id = $1 AND action_id = $2 LIMIT 1"

    async def shows(self, conversation_id: ConversationId, action_id: ActionId) -> bool:
        """Whether the action's card stands in it."""
        return await fetch_one(self._connection, self._SHOWS, conversation_id, action_id) is not None

    _BESIDE: Final = """
        SELECT conversations.adviser_id, conversations.id, messages.n
        FROM messages JOIN conversations ON conversations.id = messages.conversation_id
        WHERE messages.action_id = $1 AND conversations.status = 'claimed' AND conversations.adviser_id IS NOT NULL
        ORDER BY conversations.id, messages.n
    """

    async def beside(self, action_id: ActionId) -> Sequence[tuple[UserId, ConversationId, int]]:
        """Which advisers have a conversation with the action's card in it: adviser, conversation, the card's n."""
        rows = await self._connection.fetch(self._BESIDE, action_id)
        return [(UserId(text(row, "adviser_id")), ConversationId(text(row, "id")), number(row, "n")) for row in rows]

    _WRITTEN: Final = "SELECT at FROM messages WHERE conversation_id = $1 AND author_id = $2 AND at > $3 ORDER BY n"

    async def written(self, conversation_id: ConversationId, author_id: UserId, since: datetime) -> Sequence[datetime]:
        """When this author wrote since then, oldest first."""
        rows = await self._connection.fetch(self._WRITTEN, conversation_id, author_id, milliseconds(since))
        return [time(row, "at") for row in rows]

    _BROWSE: Final = "SELECT * FROM conversations WHERE {conditions} ORDER BY last_at DESC, id DESC LIMIT {limit}"

    async def browse(
        self, portfolio_of: UserId | None, statuses: Collection[ConversationStatus], after: str | None, limit: int
    ) -> Page[Conversation]:
        """Newest message first, of the companies this adviser looks after or that they have claimed (None: of all).

        Raises InvalidRequest for a cursor that is none of ours.
        """
        conditions, values = _narrow(portfolio_of, statuses, after)
        sql = self._BROWSE.format(conditions=conditions, limit=f"${len(values) + 1}")
        rows = await self._connection.fetch(sql, *values, limit + 1)
        found = [_conversation(row) for row in rows[:limit]]
        last = found[-1] if len(rows) > limit else None
        return Page(items=found, next=None if last is None else write_cursor(milliseconds(last.last_at), last.id))

    _OLD: Final = "SELECT id FROM conversations WHERE last_at < $1 ORDER BY last_at LIMIT $2"
    _DROP_FILES: Final = "DELETE FROM offered_files WHERE conversation_id = $1"
    _DROP_MESSAGES: Final = "DELETE FROM messages WHERE conversation_id = $1"
    _DROP: Final = "DELETE FROM conversations WHERE id = $1"

    async def sweep(self, before: datetime, limit: int) -> int:
        """Delete conversations whose last message is older, with all in them; return how many."""
        rows = await self._connection.fetch(self._OLD, milliseconds(before), limit)
        old = [(text(row, "id"),) for row in rows]
        for sql in (self._DROP_FILES, self._DROP_MESSAGES, self._DROP):
            await self._connection.execute_many(sql, old)
        return len(old)


_PORTFOLIO: Final = "(adviser_id = $1 OR subscription_id IN (SELECT id FROM subscriptions WHERE adviser_id = $1))"


def _narrow(
    portfolio_of: UserId | None, statuses: Collection[ConversationStatus], after: str | None
) -> tuple[str, list[Value]]:
    conditions, values = list[str](), list[Value]()
    if portfolio_of is not None:
        conditions.append(_PORTFOLIO)
        values.append(portfolio_of)
    conditions.append(f"status IN ({placeholders(len(statuses), first=len(values) + 1)})")
    values += sorted(statuses)
    if after is not None:
        last_at, conversation_id = read_cursor(after, 2)
        if not last_at.isdecimal():
            raise InvalidRequest("not a cursor of this list", field="after")
        conditions.append(f"(last_at, id) < (${len(values) + 1}, ${len(values) + 2})")
        values += [int(last_at), conversation_id]
    return " AND ".join(conditions), values


def _changing(conversation: Conversation) -> list[Value]:
    """Return what a conversation's life changes, in the order the statements name it."""
    return [
        milliseconds(conversation.last_at),
        conversation.last,
        conversation.read_by_person,
        conversation.read_by_adviser,
        milliseconds_or_none(conversation.waiting_since),
        conversation.adviser_id,
        milliseconds_or_none(conversation.closed_at),
    ]


def _conversation(row: Row) -> Conversation:
    adviser_id = text_or_none(row, "adviser_id")
    return Conversation(
        id=ConversationId(text(row, "id")),
        user_id=UserId(text(row, "user_id")),
        subscription_id=SubscriptionId(text(row, "subscription_id")),
        status=ConversationStatus(text(row, "status")),
        opened_at=time(row, "opened_at"),
        last_at=time(row, "last_at"),
        last=number(row, "last"),
        read_by_person=number(row, "read_by_person"),
        read_by_adviser=number(row, "read_by_adviser"),
        waiting_since=time_or_none(row, "waiting_since"),
        adviser_id=None if adviser_id is None else UserId(adviser_id),
        closed_at=time_or_none(row, "closed_at"),
        version=number(row, "version"),
    )


def _columns(message: Message) -> tuple[Value, ...]:
    words = message.words
    return (
        message.conversation_id,
        message.n,
        milliseconds(message.at),
        words.author,
        words.author_id,
        words.kind,
        words.text,
        words.subject,
        write(words.choices) if words.choices else None,
        words.starts,
        words.action_id,
        words.req,
    )


def _message(row: Row) -> Message:
    author_id, action_id = text_or_none(row, "author_id"), text_or_none(row, "action_id")
    choices = text_or_none(row, "choices")
    words = Words(
        author=Author(text(row, "author")),
        author_id=None if author_id is None else UserId(author_id),
        kind=MessageKind(text(row, "kind")),
        text=text(row, "text"),
        subject=text_or_none(row, "subject"),
        choices=read_choices(choices) if choices else (),
        starts=text_or_none(row, "starts"),
        action_id=None if action_id is None else ActionId(action_id),
        req=text_or_none(row, "req"),
    )
    return Message(
        conversation_id=ConversationId(text(row, "conversation_id")),
        n=number(row, "n"),
        at=time(row, "at"),
        words=words,
    )
