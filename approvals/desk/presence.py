"""Who is behind a request: the login, its device and its person, read again in every transaction (RULES 22)."""

from dataclasses import dataclass
from datetime import datetime

from approvals.credentials.counters import require_usable_person
from approvals.credentials.login import is_in_widget, require_live
from approvals.credentials.refusals import WidgetMayNot
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
    """Read who acts. Raises what `require_stay` does, and WidgetMayNot for a stay that may only see and start."""
    presence = await require_stay(ledger, login_id, now)
    require_outside_widget(presence)
    return presence


def require_outside_widget(presence: Presence) -> None:
    """Raise WidgetMayNot for a stay in the widget (RULES 25)."""
    if is_in_widget(presence.login):
        raise WidgetMayNot("do this in the app or on the phone")


async def require_stay(ledger: Ledger, login_id: LoginId, now: datetime) -> Presence:
    """Read who is here, the widget's guests included: for what shows and starts.

    Raises LoginEnded when login or device is no longer good, PersonLocked when the person is locked.
    """
    found = await ledger.logins.presence(login_id)
    if found is None:
        raise LoginEnded("sign in again")
    login, user, device = found
    require_live(login, device, now)
    if user.status is UserStatus.LEFT:
        raise LoginEnded("sign in again")
    require_usable_person(user)
    return Presence(login=login, user=user, device=device)
