"""Signed-in stays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.model.device import Device, Factor, Login
from approvals.model.ids import DeviceId, LoginId, UserId
from approvals.model.person import User
from approvals.store.columns import (
    Part,
    blob,
    milliseconds,
    milliseconds_or_none,
    text,
    text_or_none,
    time,
    time_or_none,
)
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.devices import DEVICE_COLUMNS, read_device
from approvals.store.people import USER_COLUMNS, read_user
from approvals.store.queries import joined


class SqlLogins:
    """Satisfies `ports.doors.Logins`. A stay that is over stays over: every change leaves ended rows alone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO logins (
            id, user_id, device_id, factors, token_digest, created_at, last_act_at, expires_at, ended_at
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """

    async def add(self, login: Login) -> None:
        await self._connection.execute(
            self._ADD,
            login.id,
            login.user_id,
            login.device_id,
            " ".join(sorted(login.factors)),
            login.token_digest,
            milliseconds(login.created_at),
            milliseconds(login.last_act_at),
            milliseconds(login.expires_at),
            milliseconds_or_none(login.ended_at),
        )

    _LOAD: Final = "SELECT * FROM logins WHERE id = $1"

    async def load(self, login_id: LoginId) -> Login | None:
        row = await fetch_one(self._connection, self._LOAD, login_id)
        return None if row is None else _login(row)

    _PRESENCE: Final = """
        SELECT logins.*, {users}, {devices}
        FROM logins JOIN users ON users.id = logins.user_id LEFT JOIN devices ON devices.id = logins.device_id
        WHERE logins.id = $1
    """
    _PRESENT: Final = _PRESENCE.format(users=joined("users", USER_COLUMNS), devices=joined("devices", DEVICE_COLUMNS))

    async def presence(self, login_id: LoginId) -> tuple[Login, User, Device | None] | None:
        """The login, whose it is, and the device it is bound to, in one look: every signed-in act begins with it."""
        row = await fetch_one(self._connection, self._PRESENT, login_id)
        if row is None:
            return None
        login = _login(row)
        device = None if login.device_id is None else read_device(Part(row, "devices"))
        return login, read_user(Part(row, "users")), device

    _BY_DIGEST: Final = "SELECT * FROM logins WHERE token_digest = $1"

    async def with_token(self, token_digest: bytes) -> Login | None:
        row = await fetch_one(self._connection, self._BY_DIGEST, token_digest)
        return None if row is None else _login(row)

    _TOUCH: Final = """
        UPDATE logins SET last_act_at = $2 WHERE id = $1 AND ended_at IS NULL AND last_act_at < $2
    """

    async def touch(self, login_id: LoginId, at: datetime) -> None:
        """A human act: the five minutes begin again."""
        await self._connection.execute(self._TOUCH, login_id, milliseconds(at))

    _BIND: Final = "UPDATE logins SET device_id = $2 WHERE id = $1 AND ended_at IS NULL"

    async def bind(self, login_id: LoginId, device_id: DeviceId) -> None:
        """The login belongs to this device from now on, and ends with it."""
        await self._connection.execute(self._BIND, login_id, device_id)

    _OF_USER: Final = """
        SELECT * FROM logins WHERE user_id = $1 AND ended_at IS NULL ORDER BY created_at DESC, id DESC
    """

    async def of_user(self, user_id: UserId) -> Sequence[Login]:
        """Those not ended, newest first."""
        rows = await self._connection.fetch(self._OF_USER, user_id)
        return [_login(row) for row in rows]

    _END: Final = "UPDATE logins SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL"

    async def end(self, login_id: LoginId, at: datetime) -> None:
        await self._connection.execute(self._END, login_id, milliseconds(at))

    _END_ALL: Final = "UPDATE logins SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL"

    async def end_all(self, user_id: UserId, at: datetime) -> None:
        await self._connection.execute(self._END_ALL, user_id, milliseconds(at))

    _END_OTHERS: Final = "UPDATE logins SET ended_at = $3 WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL"

    async def end_others(self, user_id: UserId, kept: LoginId, at: datetime) -> None:
        await self._connection.execute(self._END_OTHERS, user_id, kept, milliseconds(at))

    _END_ON_DEVICE: Final = "UPDATE logins SET ended_at = $2 WHERE device_id = $1 AND ended_at IS NULL"

    async def end_on_device(self, device_id: DeviceId, at: datetime) -> None:
        await self._connection.execute(self._END_ON_DEVICE, device_id, milliseconds(at))


def _login(row: Row) -> Login:
    device_id = text_or_none(row, "device_id")
    return Login(
        id=LoginId(text(row, "id")),
        user_id=UserId(text(row, "user_id")),
        device_id=None if device_id is None else DeviceId(device_id),
        factors=frozenset(map(Factor, text(row, "factors").split())),
        token_digest=blob(row, "token_digest"),
        created_at=time(row, "created_at"),
        last_act_at=time(row, "last_act_at"),
        expires_at=time(row, "expires_at"),
        ended_at=time_or_none(row, "ended_at"),
    )
