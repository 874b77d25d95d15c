"""Enrolled devices and how far each has read its person's inbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from approvals.model.device import Device, DeviceKind
from approvals.model.ids import DeviceId, UserId
from approvals.store.columns import blob, milliseconds, milliseconds_or_none, number, text, time, time_or_none
from approvals.store.database import Connection, Row, fetch_one

DEVICE_COLUMNS: Final = (
    "id",
    "user_id",
    "name",
    "public_key",
    "token_digest",
    "created_at",
    "read_up_to",
    "revoked_at",
    "kind",
)


class SqlDevices:
    """Satisfies `ports.doors.Devices`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _PUT: Final = """
        INSERT INTO devices (id, user_id, name, public_key, token_digest, created_at, read_up_to, revoked_at, kind)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, token_digest = excluded.token_digest
        WHERE devices.user_id = excluded.user_id AND devices.public_key = excluded.public_key
        RETURNING id
    """

    async def put(self, device: Device) -> None:
        """Add it, or give a known one its new token and name. Raises ValueError for another's device or key."""
        row = await fetch_one(
            self._connection,
            self._PUT,
            device.id,
            device.user_id,
            device.name,
            device.public_key,
            device.token_digest,
            milliseconds(device.created_at),
            device.cursor,
            milliseconds_or_none(device.revoked_at),
            device.kind,
        )
        if row is None:
            raise ValueError("a device keeps its person and its key")

    _LOAD: Final = "SELECT * FROM devices WHERE id = $1"

    async def load(self, device_id: DeviceId) -> Device | None:
        row = await fetch_one(self._connection, self._LOAD, device_id)
        return None if row is None else read_device(row)

    _WITH_DIGEST: Final = "SELECT * FROM devices WHERE token_digest = $1"

    async def with_token(self, token_digest: bytes) -> Device | None:
        row = await fetch_one(self._connection, self._WITH_DIGEST, token_digest)
        return None if row is None else read_device(row)

    _OF_USER: Final = "SELECT * FROM devices WHERE user_id = $1 ORDER BY created_at, id"

    async def of_user(self, user_id: UserId) -> Sequence[Device]:
        """Revoked ones included, oldest first."""
        rows = await self._connection.fetch(self._OF_USER, user_id)
        return [read_device(row) for row in rows]

    _REVOKE: Final = "UPDATE devices SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL"

    async def revoke(self, device_id: DeviceId, at: datetime) -> None:
        """The first revocation's time stays."""
        await self._connection.execute(self._REVOKE, device_id, milliseconds(at))

    _ACKNOWLEDGE: Final = """
        UPDATE devices SET read_up_to = $2
        WHERE id = $1 AND read_up_to < $2
            AND EXISTS (SELECT 1 FROM inboxes WHERE inboxes.user_id = devices.user_id AND inboxes.head >= $2)
    """

    async def acknowledge(self, cursors: Mapping[DeviceId, int]) -> None:
        """Move each device's cursor forward; never back, and not at all beyond the inbox's head.

        Always in id order: two nodes that write at once never wait for each other crosswise.
        """
        await self._connection.execute_many(self._ACKNOWLEDGE, sorted(cursors.items()))


def read_device(row: Row) -> Device:
    return Device(
        id=DeviceId(text(row, "id")),
        user_id=UserId(text(row, "user_id")),
        name=text(row, "name"),
        public_key=blob(row, "public_key"),
        token_digest=blob(row, "token_digest"),
        created_at=time(row, "created_at"),
        kind=DeviceKind(text(row, "kind")),
        cursor=number(row, "read_up_to"),
        revoked_at=time_or_none(row, "revoked_at"),
    )
