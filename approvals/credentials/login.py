"""A signed-in stay: how long it lasts, and what ends it (RTS 2018/389 art. 4(3)(d), RULES 22 and 23)."""

from datetime import datetime, timedelta
from typing import Final

from approvals.errors import LoginEnded
from approvals.model.device import Device, Factor, Login

IDLE: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(hours=12)
FRESH: Final = timedelta(minutes=5)
"""How old a strong sign-in may be and still enrol a device."""


def ends_at(login: Login) -> datetime:
    """Return when the login ends unless the person acts before."""
    return min(login.last_act_at + IDLE, login.expires_at)


def is_in_widget(login: Login) -> bool:
    """Whether the stay may only see and start: nothing but its host's word stands behind it (RULES 25)."""
    return Factor.HOST in login.factors


def require_live(login: Login | None, device: Device | None, now: datetime) -> Login:
    """Return the login if it is still good. Raises LoginEnded when it, or the device it is bound to, is not."""
    if login is None or login.ended_at is not None or now >= ends_at(login):
        raise LoginEnded("sign in again")
    if login.device_id is not None and (device is None or device.revoked_at is not None):
        raise LoginEnded("this device was revoked: sign in again")
    return login
