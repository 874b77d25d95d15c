"""Keys of the bank's own systems."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.model.api_key import ApiKey, Scope
from approvals.model.ids import ApiKeyId
from approvals.store.columns import blob, milliseconds, milliseconds_or_none, text, time, time_or_none
from approvals.store.database import Connection, Row, fetch_one


class SqlApiKeys:
    """Satisfies `ports.doors.ApiKeys`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO api_keys (id, name, scopes, token_digest, created_at, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6)
    """

    async def add(self, key: ApiKey) -> None:
        await self._connection.execute(
            self._ADD,
            key.id,
            key.name,
            " ".join(sorted(key.scopes)),
            key.token_digest,
            milliseconds(key.created_at),
            milliseconds_or_none(key.revoked_at),
        )

    _BY_DIGEST: Final = "SELECT * FROM api_keys WHERE token_digest = $1"

    async def with_token(self, token_digest: bytes) -> ApiKey | None:
        row = await fetch_one(self._connection, self._BY_DIGEST, token_digest)
        return None if row is None else _api_key(row)

    _ALL: Final = "SELECT * FROM api_keys ORDER BY created_at, id"

    async def all(self) -> Sequence[ApiKey]:
        """Revoked ones included, oldest first."""
        rows = await self._connection.fetch(self._ALL)
        return [_api_key(row) for row in rows]

    _REVOKE: Final = "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id"

    async def revoke(self, key_id: ApiKeyId, at: datetime) -> bool:
        """Say whether this ended it: False when there is no such key or it was revoked before."""
        return await fetch_one(self._connection, self._REVOKE, key_id, milliseconds(at)) is not None


def _api_key(row: Row) -> ApiKey:
    return ApiKey(
        id=ApiKeyId(text(row, "id")),
        name=text(row, "name"),
        scopes=frozenset(map(Scope, text(row, "scopes").split())),
        token_digest=blob(row, "token_digest"),
        created_at=time(row, "created_at"),
        revoked_at=time_or_none(row, "revoked_at"),
    )
