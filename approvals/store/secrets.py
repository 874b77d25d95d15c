"""Sealed secrets."""

from collections.abc import Sequence
from typing import Final

from approvals.ports.vault import SealedSecret
from approvals.store.columns import blob, milliseconds, number, text, text_or_none, time
from approvals.store.database import Connection, Row, fetch_one


class SqlSecrets:
    """Satisfies `ports.vault.Secrets`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _PUT: Final = """
        INSERT INTO sealed_secrets (kind, id, version, sealed, public_half, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (kind, id, version) DO UPDATE SET sealed = excluded.sealed, public_half = excluded.public_half
    """

    async def put(self, secret: SealedSecret) -> None:
        """Write it, or seal it anew: the same kind, id and version is the same secret."""
        await self._connection.execute(
            self._PUT,
            secret.kind,
            secret.id,
            secret.version,
            secret.sealed,
            secret.public,
            milliseconds(secret.created_at),
        )

    _LOAD: Final = "SELECT * FROM sealed_secrets WHERE kind = $1 AND id = $2 AND version = $3"

    async def load(self, kind: str, secret_id: str, version: int) -> SealedSecret | None:
        row = await fetch_one(self._connection, self._LOAD, kind, secret_id, version)
        return None if row is None else _secret(row)

    _OF_KIND: Final = "SELECT * FROM sealed_secrets WHERE kind = $1"

    async def of_kind(self, kind: str) -> Sequence[SealedSecret]:
        """By id, then version."""
        rows = await self._connection.fetch(self._OF_KIND, kind)
        return sorted(map(_secret, rows), key=lambda secret: (secret.id, secret.version))

    _ALL: Final = "SELECT * FROM sealed_secrets"

    async def all(self) -> Sequence[SealedSecret]:
        """By kind, id, then version."""
        rows = await self._connection.fetch(self._ALL)
        return sorted(map(_secret, rows), key=lambda secret: (secret.kind, secret.id, secret.version))

    _DROP: Final = "DELETE FROM sealed_secrets WHERE kind = $1 AND id = $2 AND version = $3"

    async def drop(self, secret: SealedSecret) -> None:
        await self._connection.execute(self._DROP, secret.kind, secret.id, secret.version)


def _secret(row: Row) -> SealedSecret:
    return SealedSecret(
        kind=text(row, "kind"),
        id=text(row, "id"),
        version=number(row, "version"),
        sealed=blob(row, "sealed"),
        public=text_or_none(row, "public_half"),
        created_at=time(row, "created_at"),
    )
