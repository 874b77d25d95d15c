"""Numbers used once."""

from datetime import datetime
from typing import Final

from approvals.store.columns import milliseconds
from approvals.store.database import Connection, fetch_one


class SqlNonces:
    """Satisfies `ports.doors.Nonces`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = "INSERT INTO nonces (nonce, expires_at) VALUES ($1, $2)"

    async def add(self, nonce: str, expires_at: datetime) -> None:
        await self._connection.execute(self._ADD, nonce, milliseconds(expires_at))

    _TAKE: Final = "DELETE FROM nonces WHERE nonce = $1 AND expires_at > $2 RETURNING nonce"

    async def take(self, nonce: str, now: datetime) -> bool:
        """Use it up; False when it is unknown, used or too old."""
        return await fetch_one(self._connection, self._TAKE, nonce, milliseconds(now)) is not None

    _SWEEP: Final = "DELETE FROM nonces WHERE expires_at <= $1"

    async def sweep(self, now: datetime) -> None:
        await self._connection.execute(self._SWEEP, milliseconds(now))
