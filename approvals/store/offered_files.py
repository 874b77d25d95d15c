"""Payment files offered in conversations; their bytes are an upload's."""

from typing import Final

import msgspec

from approvals.errors import StaleVersion
from approvals.model.ids import ConversationId, OfferId, UploadId, UserId
from approvals.model.offered_file import OfferedFile, OfferStatus, Stated
from approvals.store.columns import milliseconds, number, text, text_or_none, time
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.documents import write


class SqlOfferedFiles:
    """Satisfies `ports.conversations.OfferedFiles`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO offered_files (
            id, conversation_id, adviser_id, upload_id, content_type, digest, size, stated, expires_at, status
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT DO NOTHING RETURNING id
    """

    async def add(self, file: OfferedFile) -> None:
        """Raises StaleVersion when another waits there."""
        row = await fetch_one(
            self._connection,
            self._ADD,
            file.id,
            file.conversation_id,
            file.adviser_id,
            file.upload_id,
            file.content_type,
            file.digest,
            file.size,
            write(file.stated),
            milliseconds(file.expires_at),
            file.status,
        )
        if row is None:
            raise StaleVersion("another file was offered first")

    _LOAD: Final = "SELECT * FROM offered_files WHERE id = $1"

    async def load(self, offer_id: OfferId) -> OfferedFile | None:
        row = await fetch_one(self._connection, self._LOAD, offer_id)
        return None if row is None else _offered_file(row)

    _WAITING: Final = "SELECT * FROM offered_files WHERE conversation_id = $1 AND status = 'offered'"

    async def waiting_in(self, conversation_id: ConversationId) -> OfferedFile | None:
        """The one nobody has answered, which may be over by now."""
        row = await fetch_one(self._connection, self._WAITING, conversation_id)
        return None if row is None else _offered_file(row)

    _SETTLE: Final = "UPDATE offered_files SET status = $2 WHERE id = $1 AND status = 'offered' RETURNING id"

    async def settle(self, offer_id: OfferId, status: OfferStatus) -> None:
        """Say what became of one that waits. Raises StaleVersion where it was said already."""
        if await fetch_one(self._connection, self._SETTLE, offer_id, status) is None:
            raise StaleVersion("the file was answered meanwhile")


def _offered_file(row: Row) -> OfferedFile:
    upload_id = text_or_none(row, "upload_id")
    return OfferedFile(
        id=OfferId(text(row, "id")),
        conversation_id=ConversationId(text(row, "conversation_id")),
        adviser_id=UserId(text(row, "adviser_id")),
        upload_id=None if upload_id is None else UploadId(upload_id),
        content_type=text(row, "content_type"),
        digest=text(row, "digest"),
        size=number(row, "size"),
        stated=[Stated(**each) for each in msgspec.json.decode(text(row, "stated"))],
        expires_at=time(row, "expires_at"),
        status=OfferStatus(text(row, "status")),
    )
