"""Challenges handed over to card bridges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.errors import StaleVersion
from approvals.model.handover import Handover, HandoverStatus
from approvals.model.ids import ChallengeId, DeviceId, HandoverId, LoginId, UserId
from approvals.model.proof import Answer
from approvals.store.columns import milliseconds, number, text, text_or_none, time
from approvals.store.database import Connection, Row, fetch_one


class SqlHandovers:
    """Satisfies `ports.doors.Handovers`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _PUT: Final = """
        INSERT INTO handovers (challenge_id, id, user_id, login_id, digits, status, asked_at, expires_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (challenge_id) DO UPDATE SET id = excluded.id, user_id = excluded.user_id,
            login_id = excluded.login_id, digits = excluded.digits, status = excluded.status,
            asked_at = excluded.asked_at, expires_at = excluded.expires_at, version = excluded.version,
            device_id = NULL, answer = NULL
    """

    async def put(self, handover: Handover) -> None:
        """Write one no bridge has taken, in place of the challenge's former one."""
        await self._connection.execute(
            self._PUT,
            handover.challenge_id,
            handover.id,
            handover.user_id,
            handover.login_id,
            handover.digits,
            handover.status,
            milliseconds(handover.asked_at),
            milliseconds(handover.expires_at),
            handover.version,
        )

    _LOAD: Final = "SELECT * FROM handovers WHERE id = $1"

    async def load(self, handover_id: HandoverId) -> Handover | None:
        row = await fetch_one(self._connection, self._LOAD, handover_id)
        return None if row is None else _handover(row)

    _WAITING: Final = """
        SELECT * FROM handovers WHERE user_id = $1 AND status = $2 AND expires_at > $3 ORDER BY asked_at, id
    """

    async def waiting(self, user_id: UserId, now: datetime) -> Sequence[Handover]:
        """Those a bridge of this person may still take, oldest first."""
        rows = await self._connection.fetch(self._WAITING, user_id, HandoverStatus.WAITING, milliseconds(now))
        return [_handover(row) for row in rows]

    _SAVE: Final = """
        UPDATE handovers SET status = $3, expires_at = $4, device_id = $5, answer = $6, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def save(self, handover: Handover) -> None:
        """Write status, end, bridge and answer, version raised. Raises StaleVersion."""
        row = await fetch_one(
            self._connection,
            self._SAVE,
            handover.id,
            handover.version,
            handover.status,
            milliseconds(handover.expires_at),
            handover.device_id,
            handover.answer,
        )
        if row is None:
            raise StaleVersion("the hand-over was saved by somebody else")

    _SWEEP: Final = "DELETE FROM handovers WHERE expires_at < $1"

    async def sweep(self, before: datetime) -> None:
        await self._connection.execute(self._SWEEP, milliseconds(before))


def _handover(row: Row) -> Handover:
    device_id, answer = text_or_none(row, "device_id"), text_or_none(row, "answer")
    return Handover(
        id=HandoverId(text(row, "id")),
        challenge_id=ChallengeId(text(row, "challenge_id")),
        user_id=UserId(text(row, "user_id")),
        login_id=LoginId(text(row, "login_id")),
        digits=text(row, "digits"),
        status=HandoverStatus(text(row, "status")),
        asked_at=time(row, "asked_at"),
        expires_at=time(row, "expires_at"),
        device_id=None if device_id is None else DeviceId(device_id),
        answer=None if answer is None else Answer(answer),
        version=number(row, "version"),
    )
