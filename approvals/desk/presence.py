"""Who is behind a request: the login, its device and its person, read again in every transaction (RULES 22)."""

from dataclasses import dataclass
from datetime import datetime

from approvals.credentials.counters import require_usable_person
from approvals.credentials.login import require_live
from approvals.errors import LoginEnded
from approvals.model.device import Device, Login
from approvals.model.ids import LoginId
from approvals.model.person import User, UserStatus
from approvals.ports.book import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A person who is signed in now."""

    login: Login
    user: User
    device: Device | None


async def require_presence(ledger: Ledger, login_id: LoginId, now: datetime) -> Presence:
    """Raises LoginEnded when login or device is no longer good, PersonLocked when the person is locked."""
    login = await ledger.logins.load(login_id)
    device = await ledger.devices.load(login.device_id) if login and login.device_id else None
    login = require_live(login, device, now)
    user = await ledger.people.user(login.user_id)
    if user is None or user.status is UserStatus.LEFT:
        raise LoginEnded("sign in again")
    require_usable_person(user)
    return Presence(login=login, user=user, device=device)
