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
    found = await ledger.logins.presence(login_id)
    if found is None:
        raise LoginEnded("sign in again")
    login, user, device = found
    require_live(login, device, now)
    if user.status is UserStatus.LEFT:
        raise LoginEnded("sign in again")
    require_usable_person(user)
    return Presence(login=login, user=user, device=device)
