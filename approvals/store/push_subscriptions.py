"""Devices that are woken by push, and how far each has been told."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from approvals.model.ids import DeviceId, PushSubscriptionId, UserId
from approvals.model.push import PushBacklog, PushChannel, PushSubscription
from approvals.store.columns import (
    blob,
    milliseconds,
    milliseconds_or_none,
    number,
    text,
    text_or_none,
    time,
    time_or_none,
)
from approvals.store.database import Connection, Row, Value, fetch_one
from approvals.store.queries import placeholders


class SqlPushSubscriptions:
    """Satisfies `ports.push.PushSubscriptions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _MAKE_ROOM: Final = "DELETE FROM push_subscriptions WHERE device_id = $1 OR target_digest = $2"
    _ADD: Final = """
        INSERT INTO push_subscriptions (
            id, user_id, device_id, channel, target_sealed, target_digest, created_at, told_up_to, next_at, attempts,
            last_sent_at, last_outcome, version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    """

    async def put(self, subscription: PushSubscription) -> None:
        """Write it in place of whatever its device or its target had."""
        await self._connection.execute(self._MAKE_ROOM, subscription.device_id, subscription.target_digest)
        await self._connection.execute(
            self._ADD,
            subscription.id,
            subscription.user_id,
            subscription.device_id,
            subscription.channel,
            subscription.target_sealed,
            subscription.target_digest,
            milliseconds(subscription.created_at),
            subscription.told_up_to,
            milliseconds(subscription.next_at),
            subscription.attempts,
            milliseconds_or_none(subscription.last_sent_at),
            subscription.last_outcome,
            subscription.version,
        )

    _OF_USER: Final = """
        SELECT push_subscriptions.* FROM push_subscriptions JOIN devices ON devices.id = push_subscriptions.device_id
        WHERE push_subscriptions.user_id = $1 AND devices.revoked_at IS NULL
        ORDER BY push_subscriptions.created_at, push_subscriptions.id
    """

    async def of_user(self, user_id: UserId) -> Sequence[PushSubscription]:
        """Those of devices that are not revoked, oldest first."""
        rows = await self._connection.fetch(self._OF_USER, user_id)
        return [_subscription(row) for row in rows]

    _BEHIND: Final = """
        SELECT push_subscriptions.id
        FROM push_subscriptions JOIN inboxes ON inboxes.user_id = push_subscriptions.user_id
        WHERE inboxes.head > push_subscriptions.told_up_to AND push_subscriptions.next_at <= $1
            AND push_subscriptions.channel IN ({channels}) {whose}
        ORDER BY push_subscriptions.next_at LIMIT $2
    """

    async def behind(
        self, channels: Collection[PushChannel], users: Collection[UserId], now: datetime, limit: int
    ) -> Sequence[PushSubscriptionId]:
        """Those due whose inbox holds more than they were told, of these people; of everybody where none is named."""
        first_user = 3 + len(channels)
        whose = f"AND push_subscriptions.user_id IN ({placeholders(len(users), first=first_user)})" if users else ""
        sql = self._BEHIND.format(channels=placeholders(len(channels), first=3), whose=whose)
        values: list[Value] = [milliseconds(now), limit, *channels, *users]
        return [PushSubscriptionId(text(row, "id")) for row in await self._connection.fetch(sql, *values)]

    _CLAIM: Final = """
        UPDATE push_subscriptions SET next_at = $2, version = version + 1
        WHERE id IN ({ids}) AND next_at <= $1 AND NOT EXISTS (SELECT 1 FROM house WHERE name = 'restoring')
        RETURNING *
    """

    async def claim(
        self, ids: Sequence[PushSubscriptionId], now: datetime, until: datetime
    ) -> Sequence[PushSubscription]:
        """Take for oneself until then those of them that nobody else took; none while a restore is unfinished."""
        sql = self._CLAIM.format(ids=placeholders(len(ids), first=3))
        rows = await self._connection.fetch(sql, milliseconds(now), milliseconds(until), *ids)
        return [_subscription(row) for row in rows]

    _SAVE: Final = """
        UPDATE push_subscriptions
        SET told_up_to = $3, next_at = $4, attempts = $5, last_sent_at = $6, last_outcome = $7, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def save(self, subscription: PushSubscription) -> bool:
        """Write how far it was told and what came of it; False when the version is not the one read."""
        row = await fetch_one(
            self._connection,
            self._SAVE,
            subscription.id,
            subscription.version,
            subscription.told_up_to,
            milliseconds(subscription.next_at),
            subscription.attempts,
            milliseconds_or_none(subscription.last_sent_at),
            subscription.last_outcome,
        )
        return row is not None

    _DROP: Final = "DELETE FROM push_subscriptions WHERE id = $1 RETURNING id"

    async def drop(self, subscription_id: PushSubscriptionId) -> bool:
        """Forget it, target and all; False where it was not there."""
        return await fetch_one(self._connection, self._DROP, subscription_id) is not None

    _BACKLOG: Final = """
        SELECT COUNT(*) AS behind, MIN(events.at) AS oldest
        FROM push_subscriptions JOIN inboxes ON inboxes.user_id = push_subscriptions.user_id
        LEFT JOIN events ON events.user_id = inboxes.user_id AND events.s = push_subscriptions.told_up_to + 1
        WHERE inboxes.head > push_subscriptions.told_up_to
    """

    async def backlog(self) -> PushBacklog:
        row = await fetch_one(self._connection, self._BACKLOG)
        if row is None:
            return PushBacklog(behind=0, oldest=None)
        return PushBacklog(behind=number(row, "behind"), oldest=time_or_none(row, "oldest"))

    _BROWSE: Final = "SELECT * FROM push_subscriptions WHERE id > $1 ORDER BY id LIMIT $2"

    async def browse(self, after: PushSubscriptionId | None, limit: int) -> Sequence[PushSubscription]:
        """By id."""
        rows = await self._connection.fetch(self._BROWSE, after or "", limit)
        return [_subscription(row) for row in rows]

    _RESEAL: Final = "UPDATE push_subscriptions SET target_sealed = $2 WHERE id = $1"

    async def reseal(self, subscription_id: PushSubscriptionId, target_sealed: bytes) -> None:
        await self._connection.execute(self._RESEAL, subscription_id, target_sealed)


def _subscription(row: Row) -> PushSubscription:
    return PushSubscription(
        id=PushSubscriptionId(text(row, "id")),
        user_id=UserId(text(row, "user_id")),
        device_id=DeviceId(text(row, "device_id")),
        channel=PushChannel(text(row, "channel")),
        target_sealed=blob(row, "target_sealed"),
        target_digest=blob(row, "target_digest"),
        created_at=time(row, "created_at"),
        told_up_to=number(row, "told_up_to"),
        next_at=time(row, "next_at"),
        attempts=number(row, "attempts"),
        last_sent_at=time_or_none(row, "last_sent_at"),
        last_outcome=text_or_none(row, "last_outcome"),
        version=number(row, "version"),
    )
