"""Payloads as received, in chunks of at most 1 MiB."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.model.ids import UploadId
from approvals.model.opener import Opener
from approvals.model.upload import Upload
from approvals.store.columns import blob, milliseconds, number_or_none, text, text_or_none, time
from approvals.store.database import Connection, Row, fetch_one


class SqlUploads:
    """Satisfies `ports.payloads.Uploads`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _BEGIN: Final = """
        INSERT INTO uploads (id, caller, content_type, created_at, digest, size) VALUES ($1, $2, $3, $4, $5, $6)
    """

    async def begin(self, upload: Upload) -> None:
        await self._connection.execute(
            self._BEGIN,
            upload.id,
            upload.caller,
            upload.content_type,
            milliseconds(upload.created_at),
            upload.digest,
            upload.size,
        )

    _ADD_CHUNK: Final = "INSERT INTO upload_chunks (upload_id, n, content) VALUES ($1, $2, $3)"

    async def add_chunk(self, upload_id: UploadId, n: int, content: bytes) -> None:
        await self._connection.execute(self._ADD_CHUNK, upload_id, n, content)

    _FINISH: Final = "UPDATE uploads SET digest = $2, size = $3 WHERE id = $1"

    async def finish(self, upload: Upload) -> None:
        """Write digest and size."""
        await self._connection.execute(self._FINISH, upload.id, upload.digest, upload.size)

    _LOAD: Final = "SELECT * FROM uploads WHERE id = $1"

    async def load(self, upload_id: UploadId) -> Upload | None:
        row = await fetch_one(self._connection, self._LOAD, upload_id)
        return None if row is None else _upload(row)

    _CHUNK: Final = "SELECT content FROM upload_chunks WHERE upload_id = $1 AND n = $2"

    async def chunk(self, upload_id: UploadId, n: int) -> bytes | None:
        """Chunks count from 0; None past the last."""
        row = await fetch_one(self._connection, self._CHUNK, upload_id, n)
        return None if row is None else blob(row, "content")

    _ORPHANS: Final = """
        SELECT id FROM uploads
        WHERE created_at < $1
            AND NOT EXISTS (SELECT 1 FROM actions WHERE actions.upload_id = uploads.id)
            AND NOT EXISTS (SELECT 1 FROM bundles WHERE bundles.upload_id = uploads.id)
            AND NOT EXISTS (
                SELECT 1 FROM preparations
                WHERE preparations.upload_id = uploads.id AND preparations.status = 'checking'
            )
        ORDER BY created_at LIMIT $2
    """

    async def orphans(self, before: datetime, limit: int) -> Sequence[UploadId]:
        """Uploads begun before then that no action or bundle refers to, and that nobody prepares."""
        rows = await self._connection.fetch(self._ORPHANS, milliseconds(before), limit)
        return [UploadId(text(row, "id")) for row in rows]

    _DROP_PAYEES: Final = """
        DELETE FROM payees WHERE upload_id = $1 AND (group_number, position) IN (
            SELECT group_number, position FROM payees WHERE upload_id = $1 LIMIT $2
        ) RETURNING position
    """
    _DROP_CHUNKS: Final = """
        DELETE FROM upload_chunks WHERE upload_id = $1 AND n IN (
            SELECT n FROM upload_chunks WHERE upload_id = $1 LIMIT $2
        ) RETURNING n
    """
    _LEAVE_PREPARATIONS: Final = "UPDATE preparations SET upload_id = NULL WHERE upload_id = $1"
    _LEAVE_OFFERS: Final = "UPDATE offered_files SET upload_id = NULL, stated = '[]' WHERE upload_id = $1"
    _DROP_UPLOAD: Final = "DELETE FROM uploads WHERE id = $1"

    async def drop(self, upload_id: UploadId, rows: int) -> bool:
        """Delete up to so many rows of it; True once nothing is left. Small bites keep other writers going."""
        for sql in (self._DROP_PAYEES, self._DROP_CHUNKS):
            rows -= len(await self._connection.fetch(sql, upload_id, rows))
            if rows <= 0:
                return False
        for sql in (self._LEAVE_PREPARATIONS, self._LEAVE_OFFERS, self._DROP_UPLOAD):
            await self._connection.execute(sql, upload_id)
        return True


def _upload(row: Row) -> Upload:
    return Upload(
        id=UploadId(text(row, "id")),
        caller=Opener(text(row, "caller")),
        content_type=text(row, "content_type"),
        created_at=time(row, "created_at"),
        digest=text_or_none(row, "digest"),
        size=number_or_none(row, "size"),
    )
