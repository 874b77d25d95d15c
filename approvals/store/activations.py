"""Letters of activation, one a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.errors import StaleVersion
from approvals.model.activation import Activation, LetterStatus
from approvals.model.ids import UserId
from approvals.store.columns import (
    blob_or_none,
    milliseconds,
    milliseconds_or_none,
    number,
    text,
    time,
    time_or_none,
)
from approvals.store.database import Connection, Row, fetch_one


class SqlActivations:
    """Satisfies `ports.doors.Activations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ORDER: Final = """
        INSERT INTO activations (user_id, status, ordered_at, version) VALUES ($1, $2, $3, 0)
        ON CONFLICT (user_id) DO UPDATE SET
            status = excluded.status, ordered_at = excluded.ordered_at, printed_at = NULL, secret_digest = NULL,
            expires_at = NULL, used_at = NULL, version = activations.version + 1
    """

    async def order(self, user_id: UserId, at: datetime) -> None:
        """A letter is due; whatever an earlier one held is void."""
        await self._connection.execute(self._ORDER, user_id, LetterStatus.DUE, milliseconds(at))

    _LOAD: Final = "SELECT * FROM activations WHERE user_id = $1"

    async def load(self, user_id: UserId) -> Activation | None:
        row = await fetch_one(self._connection, self._LOAD, user_id)
        return None if row is None else _activation(row)

    _SAVE: Final = """
        UPDATE activations
        SET status = $3, printed_at = $4, secret_digest = $5, expires_at = $6, used_at = $7, version = version + 1
        WHERE user_id = $1 AND version = $2 RETURNING version
    """

    async def save(self, activation: Activation) -> None:
        """Write everything but the order, version raised. Raises StaleVersion."""
        row = await fetch_one(
            self._connection,
            self._SAVE,
            activation.user_id,
            activation.version,
            activation.status,
            milliseconds_or_none(activation.printed_at),
            activation.secret_digest,
            milliseconds_or_none(activation.expires_at),
            milliseconds_or_none(activation.used_at),
        )
        if row is None:
            raise StaleVersion("the activation was saved by somebody else")

    _BROWSE: Final = """
        SELECT * FROM activations WHERE status = $1 AND user_id > $2 ORDER BY user_id LIMIT $3
    """

    async def browse(self, status: LetterStatus, after: str, limit: int) -> Sequence[Activation]:
        """Letters of one status after this person's, by person."""
        rows = await self._connection.fetch(self._BROWSE, status, after, limit)
        return [_activation(row) for row in rows]


def _activation(row: Row) -> Activation:
    return Activation(
        user_id=UserId(text(row, "user_id")),
        status=LetterStatus(text(row, "status")),
        ordered_at=time(row, "ordered_at"),
        printed_at=time_or_none(row, "printed_at"),
        secret_digest=blob_or_none(row, "secret_digest"),
        expires_at=time_or_none(row, "expires_at"),
        used_at=time_or_none(row, "used_at"),
        version=number(row, "version"),
    )
