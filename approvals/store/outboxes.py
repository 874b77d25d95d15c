"""The outboxes of the two makers of cards, a table each; the same statements run on either."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.model.card_order import CardMessage, Maker
from approvals.model.ids import CardId, MessageId
from approvals.model.release import DeliveryStatus
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
from approvals.store.database import Connection, Row, fetch_one

_TABLES: Final = {Maker.MANUFACTURER: "outbox_manufacturer", Maker.PIN_PRINTER: "outbox_pin_printer"}


class SqlOutboxes:
    """Satisfies `ports.cards.Outboxes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO {outbox} (
            id, card_id, body, status, created_at, next_at, attempts, last_error, settled_at, version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT DO NOTHING
    """

    async def add(self, maker: Maker, message: CardMessage) -> None:
        """The same message twice is one."""
        await self._connection.execute(
            _on(maker, self._ADD),
            message.id,
            message.card_id,
            message.body,
            message.status,
            milliseconds(message.created_at),
            milliseconds(message.next_at),
            message.attempts,
            message.last_error,
            milliseconds_or_none(message.settled_at),
            message.version,
        )

    _LOAD: Final = "SELECT * FROM {outbox} WHERE id = $1"

    async def load(self, maker: Maker, message_id: MessageId) -> CardMessage | None:
        row = await fetch_one(self._connection, _on(maker, self._LOAD), message_id)
        return None if row is None else _message(row)

    _CLAIM: Final = """
        UPDATE {outbox} SET next_at = $3, version = version + 1
        WHERE id IN (SELECT id FROM {outbox} WHERE status = $1 AND next_at <= $2 ORDER BY next_at LIMIT 1)
            AND status = $1 AND next_at <= $2
            AND NOT EXISTS (SELECT 1 FROM house WHERE name = 'restoring')
        RETURNING *
    """

    async def claim(self, maker: Maker, now: datetime, until: datetime) -> CardMessage | None:
        """Take one that is due for oneself until then; none while a restore is unfinished (RULES 30)."""
        values = (DeliveryStatus.DUE, milliseconds(now), milliseconds(until))
        row = await fetch_one(self._connection, _on(maker, self._CLAIM), *values)
        return None if row is None else _message(row)

    _SAVE: Final = """
        UPDATE {outbox}
        SET status = $3, next_at = $4, attempts = $5, last_error = $6, settled_at = $7, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def save(self, maker: Maker, message: CardMessage) -> bool:
        """Write the delivery's state; False when the version is not the one read."""
        row = await fetch_one(
            self._connection,
            _on(maker, self._SAVE),
            message.id,
            message.version,
            message.status,
            milliseconds(message.next_at),
            message.attempts,
            message.last_error,
            milliseconds_or_none(message.settled_at),
        )
        return row is not None

    _LISTED: Final = "SELECT * FROM {outbox} WHERE status = $1 ORDER BY created_at, id LIMIT $2"

    async def listed(self, maker: Maker, status: DeliveryStatus, limit: int) -> Sequence[CardMessage]:
        """Oldest first."""
        rows = await self._connection.fetch(_on(maker, self._LISTED), status, limit)
        return [_message(row) for row in rows]


def _on(maker: Maker, statement: str) -> str:
    return statement.format(outbox=_TABLES[maker])


def _message(row: Row) -> CardMessage:
    return CardMessage(
        id=MessageId(text(row, "id")),
        card_id=CardId(text(row, "card_id")),
        body=blob(row, "body"),
        status=DeliveryStatus(text(row, "status")),
        created_at=time(row, "created_at"),
        next_at=time(row, "next_at"),
        attempts=number(row, "attempts"),
        last_error=text_or_none(row, "last_error"),
        settled_at=time_or_none(row, "settled_at"),
        version=number(row, "version"),
    )
