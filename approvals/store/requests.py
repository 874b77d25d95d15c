"""Results kept for requests that may come twice."""

from datetime import datetime
from typing import Final

from approvals.model.idempotency import KeptResult, RequestKey
from approvals.store.columns import milliseconds, text
from approvals.store.database import Connection, fetch_one


class SqlRequests:
    """Satisfies `ports.outcome.Requests`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _FIND: Final = "SELECT request_digest, result FROM requests WHERE caller = $1 AND request_key = $2"

    async def find(self, request: RequestKey) -> KeptResult | None:
        """What was kept under this caller's key, whatever the body was: telling another body is the desk's."""
        row = await fetch_one(self._connection, self._FIND, request.caller, request.key)
        if row is None:
            return None
        return KeptResult(request_digest=text(row, "request_digest"), result=text(row, "result"))

    _KEEP: Final = """
        INSERT INTO requests (caller, request_key, request_digest, result, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (caller, request_key) DO NOTHING RETURNING caller
    """

    async def keep(self, request: RequestKey, result: str, at: datetime) -> None:
        """Raises StaleVersion when another transaction kept one for this key meanwhile."""
        await self._connection.change(
            self._KEEP,
            request.caller,
            request.key,
            request.request_digest,
            result,
            milliseconds(at),
            stale="a result is kept for this key already",
        )

    _SWEEP: Final = "DELETE FROM requests WHERE at < $1"

    async def sweep(self, before: datetime) -> None:
        await self._connection.execute(self._SWEEP, milliseconds(before))
