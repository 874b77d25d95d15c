"""One numbered list of events a person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from approvals.model.ids import ActionId, ChallengeId, ConversationId, DeviceId, UserId
from approvals.model.inbox import Event, EventKind, Inbox, News
from approvals.store.columns import milliseconds, number, number_or_none, text, text_or_none, time
from approvals.store.database import Connection, Row, Value, fetch_one
from approvals.store.queries import placeholders, tuples


class SqlInboxes:
    """Satisfies `ports.outcome.Inboxes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def append(self, news: Sequence[News], at: datetime) -> Mapping[UserId, int]:
        """Number and write the news; return the new heads. Inboxes are touched in id order."""
        if not news:
            return {}
        heads = await self._raise_heads(Counter(item.user_id for item in news))
        await self._write(_numbered(news, heads), at)
        return heads

    _RAISE_HEADS: Final = """
        INSERT INTO inboxes (user_id, head, pruned) VALUES {rows}
        ON CONFLICT (user_id) DO UPDATE SET head = inboxes.head + excluded.head
        RETURNING user_id, head
    """

    async def _raise_heads(self, counts: Mapping[UserId, int]) -> dict[UserId, int]:
        values: list[Value] = []
        for user_id in sorted(counts):  # always in this order: two writers never wait for each other crosswise
            values += [user_id, counts[user_id], 0]
        rows = await self._connection.fetch(self._RAISE_HEADS.format(rows=", ".join(tuples(len(counts), 3))), *values)
        return _heads(rows)

    _WRITE: Final = """
        INSERT INTO events (user_id, s, at, kind, action_id, challenge_id, device_id, conversation_id, message)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """

    async def _write(self, numbered: Sequence[tuple[int, News]], at: datetime) -> None:
        rows = [
            (
                news.user_id,
                s,
                milliseconds(at),
                news.kind,
                news.action_id,
                news.challenge_id,
                news.device_id,
                news.conversation_id,
                news.message,
            )
            for s, news in numbered
        ]
        await self._connection.execute_many(self._WRITE, rows)

    _READ: Final = "SELECT * FROM events WHERE user_id = $1 AND s > $2 ORDER BY s LIMIT $3"

    async def read(self, user_id: UserId, after: int, limit: int) -> Sequence[Event]:
        """Events with `s > after`, in order."""
        rows = await self._connection.fetch(self._READ, user_id, after, limit)
        return [_event(row) for row in rows]

    _STATE: Final = "SELECT head, pruned FROM inboxes WHERE user_id = $1"

    async def state(self, user_id: UserId) -> Inbox:
        """An inbox nothing was ever written to is empty."""
        row = await fetch_one(self._connection, self._STATE, user_id)
        if row is None:
            return Inbox(user_id=user_id, head=0, pruned=0)
        return Inbox(user_id=user_id, head=number(row, "head"), pruned=number(row, "pruned"))

    _HEADS: Final = "SELECT user_id, head FROM inboxes WHERE user_id IN ({users})"

    async def heads(self, user_ids: Sequence[UserId]) -> Mapping[UserId, int]:
        """The head of each; 0 where nothing was ever written."""
        if not user_ids:
            return {}
        rows = await self._connection.fetch(self._HEADS.format(users=placeholders(len(user_ids))), *user_ids)
        return dict.fromkeys(user_ids, 0) | _heads(rows)

    _OLD: Final = """
        SELECT user_id, MAX(s) AS last
        FROM (SELECT user_id, s FROM events WHERE at < $1 ORDER BY at LIMIT 5000) AS old
        GROUP BY user_id
    """
    _PRUNE: Final = "UPDATE inboxes SET pruned = $2 WHERE user_id = $1 AND pruned < $2"
    _DELETE: Final = "DELETE FROM events WHERE user_id = $1 AND s <= $2"

    async def prune(self, before: datetime) -> None:
        """Drop what is older, with all that stands before it in its inbox: what is left has no gaps.

        Some thousands a call, so that other writers get their turn.
        """
        old = await self._connection.fetch(self._OLD, milliseconds(before))
        rows = sorted((text(row, "user_id"), number(row, "last")) for row in old)
        await self._connection.execute_many(self._PRUNE, rows)
        await self._connection.execute_many(self._DELETE, rows)


def _numbered(news: Sequence[News], heads: Mapping[UserId, int]) -> list[tuple[int, News]]:
    """Give each its number, counting back from its inbox's new head; the order told is the order kept."""
    left = dict(heads)
    numbered: list[tuple[int, News]] = []
    for item in reversed(news):
        numbered.append((left[item.user_id], item))
        left[item.user_id] -= 1
    return numbered


def _heads(rows: Sequence[Row]) -> dict[UserId, int]:
    return {UserId(text(row, "user_id")): number(row, "head") for row in rows}


def _event(row: Row) -> Event:
    action_id = text_or_none(row, "action_id")
    challenge_id = text_or_none(row, "challenge_id")
    device_id, conversation_id = text_or_none(row, "device_id"), text_or_none(row, "conversation_id")
    news = News(
        user_id=UserId(text(row, "user_id")),
        kind=EventKind(text(row, "kind")),
        action_id=None if action_id is None else ActionId(action_id),
        challenge_id=None if challenge_id is None else ChallengeId(challenge_id),
        device_id=None if device_id is None else DeviceId(device_id),
        conversation_id=None if conversation_id is None else ConversationId(conversation_id),
        message=number_or_none(row, "message"),
    )
    return Event(s=number(row, "s"), at=time(row, "at"), news=news)
