"""Further devices on their way in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.errors import StaleVersion
from approvals.model.device import Device, DeviceKind
from approvals.model.enrolment import Enrolment, EnrolmentStatus
from approvals.model.ids import DeviceId, EnrolmentId, LoginId, UserId
from approvals.store.columns import blob, milliseconds, number, text, text_or_none, time
from approvals.store.database import Connection, Row, Value, fetch_one


class SqlEnrolments:
    """Satisfies `ports.doors.Enrolments`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO enrolments (id, user_id, login_id, ticket_digest, status, expires_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
    """

    async def add(self, enrolment: Enrolment) -> None:
        """Write one that nothing has scanned yet."""
        await self._connection.execute(
            self._ADD,
            enrolment.id,
            enrolment.user_id,
            enrolment.login_id,
            enrolment.ticket_digest,
            enrolment.status,
            milliseconds(enrolment.expires_at),
            enrolment.version,
        )

    _LOAD: Final = "SELECT * FROM enrolments WHERE id = $1"

    async def load(self, enrolment_id: EnrolmentId) -> Enrolment | None:
        row = await fetch_one(self._connection, self._LOAD, enrolment_id)
        return None if row is None else _enrolment(row)

    _BY_TICKET: Final = "SELECT * FROM enrolments WHERE ticket_digest = $1"

    async def with_ticket(self, ticket_digest: bytes) -> Enrolment | None:
        row = await fetch_one(self._connection, self._BY_TICKET, ticket_digest)
        return None if row is None else _enrolment(row)

    _SAVE: Final = """
        UPDATE enrolments SET status = $3, expires_at = $4, digits = $5, ticket_digest = $6, device_id = $7,
            device_name = $8, public_key = $9, token_digest = $10, scanned_at = $11, device_kind = $12,
            version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def save(self, enrolment: Enrolment) -> None:
        """Write status, end, digits, ticket and device, version raised. Raises StaleVersion."""
        row = await fetch_one(
            self._connection,
            self._SAVE,
            enrolment.id,
            enrolment.version,
            enrolment.status,
            milliseconds(enrolment.expires_at),
            enrolment.digits,
            enrolment.ticket_digest,
            *_written(enrolment.device),
        )
        if row is None:
            raise StaleVersion("the enrolment was saved by somebody else")

    _SWEEP: Final = "DELETE FROM enrolments WHERE expires_at < $1"

    async def sweep(self, before: datetime) -> None:
        await self._connection.execute(self._SWEEP, milliseconds(before))


def _written(device: Device | None) -> Sequence[Value]:
    if device is None:
        return (None,) * 6
    created_at = milliseconds(device.created_at)
    return device.id, device.name, device.public_key, device.token_digest, created_at, device.kind


def _enrolment(row: Row) -> Enrolment:
    return Enrolment(
        id=EnrolmentId(text(row, "id")),
        user_id=UserId(text(row, "user_id")),
        login_id=LoginId(text(row, "login_id")),
        ticket_digest=blob(row, "ticket_digest"),
        status=EnrolmentStatus(text(row, "status")),
        expires_at=time(row, "expires_at"),
        digits=text_or_none(row, "digits"),
        device=_device(row),
        version=number(row, "version"),
    )


def _device(row: Row) -> Device | None:
    device_id = text_or_none(row, "device_id")
    if device_id is None:
        return None
    return Device(
        id=DeviceId(device_id),
        user_id=UserId(text(row, "user_id")),
        name=text(row, "device_name"),
        public_key=blob(row, "public_key"),
        token_digest=blob(row, "token_digest"),
        created_at=time(row, "scanned_at"),
        kind=DeviceKind(text(row, "device_kind")),
    )
