"""Sign-ins that wait for a phone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.errors import StaleVersion
from approvals.model.confirmation import Confirmation, ConfirmationStatus
from approvals.model.ids import ConfirmationId, DeviceId, UserId
from approvals.store.columns import blob, milliseconds, number, text, text_or_none, time
from approvals.store.database import Connection, Row, fetch_one


class SqlConfirmations:
    """Satisfies `ports.doors.Confirmations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO confirmations (
            id, user_id, secret_digest, digits, status, asked_at, expires_at, device_id, version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """

    async def add(self, confirmation: Confirmation) -> None:
        await self._connection.execute(
            self._ADD,
            confirmation.id,
            confirmation.user_id,
            confirmation.secret_digest,
            confirmation.digits,
            confirmation.status,
            milliseconds(confirmation.asked_at),
            milliseconds(confirmation.expires_at),
            confirmation.device_id,
            confirmation.version,
        )

    _LOAD: Final = "SELECT * FROM confirmations WHERE id = $1"

    async def load(self, confirmation_id: ConfirmationId) -> Confirmation | None:
        row = await fetch_one(self._connection, self._LOAD, confirmation_id)
        return None if row is None else _confirmation(row)

    _WITH_DIGEST: Final = "SELECT * FROM confirmations WHERE secret_digest = $1"

    async def with_secret(self, secret_digest: bytes) -> Confirmation | None:
        row = await fetch_one(self._connection, self._WITH_DIGEST, secret_digest)
        return None if row is None else _confirmation(row)

    _WAITING: Final = """
        SELECT * FROM confirmations WHERE user_id = $1 AND status = $2 AND expires_at > $3 ORDER BY asked_at, id
    """

    async def waiting(self, user_id: UserId, now: datetime) -> Sequence[Confirmation]:
        """Those this person may still answer, oldest first."""
        rows = await self._connection.fetch(self._WAITING, user_id, ConfirmationStatus.WAITING, milliseconds(now))
        return [_confirmation(row) for row in rows]

    _SAVE: Final = """
        UPDATE confirmations SET status = $3, device_id = $4, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def save(self, confirmation: Confirmation) -> None:
        """Write status and phone, version raised. Raises StaleVersion."""
        row = await fetch_one(
            self._connection,
            self._SAVE,
            confirmation.id,
            confirmation.version,
            confirmation.status,
            confirmation.device_id,
        )
        if row is None:
            raise StaleVersion("the confirmation was saved by somebody else")

    _SWEEP: Final = "DELETE FROM confirmations WHERE expires_at < $1"

    async def sweep(self, before: datetime) -> None:
        await self._connection.execute(self._SWEEP, milliseconds(before))


def _confirmation(row: Row) -> Confirmation:
    user_id, device_id = text_or_none(row, "user_id"), text_or_none(row, "device_id")
    return Confirmation(
        id=ConfirmationId(text(row, "id")),
        user_id=None if user_id is None else UserId(user_id),
        secret_digest=blob(row, "secret_digest"),
        digits=text(row, "digits"),
        status=ConfirmationStatus(text(row, "status")),
        asked_at=time(row, "asked_at"),
        expires_at=time(row, "expires_at"),
        device_id=None if device_id is None else DeviceId(device_id),
        version=number(row, "version"),
    )
