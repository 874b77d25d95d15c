"""Exhibits: the bytes that proofs rest on, each kept once by its SHA-256."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from approvals.store.columns import blob, text
from approvals.store.database import Connection
from approvals.store.queries import placeholders


class SqlExhibits:
    """Satisfies `ports.certificates.Exhibits`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _KEEP: Final = "INSERT INTO exhibits (digest, content) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING"

    async def keep(self, contents: Sequence[bytes]) -> None:
        """Write those that are not there yet, in one order whoever writes them."""
        rows = {hashlib.sha256(content).hexdigest(): content for content in contents}
        await self._connection.execute_many(self._KEEP, sorted(rows.items()))

    _LOAD: Final = "SELECT digest, content FROM exhibits WHERE digest IN ({digests})"

    async def load(self, digests: Collection[str]) -> Mapping[str, bytes]:
        """By digest; what is not kept is left out."""
        if not digests:
            return {}
        rows = await self._connection.fetch(self._LOAD.format(digests=placeholders(len(digests))), *sorted(digests))
        return {text(row, "digest"): blob(row, "content") for row in rows}
