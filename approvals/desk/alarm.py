"""Somebody says "this was not me": the adviser is alerted, and what it was started from is stopped.

All in the caller's transaction; refusing the challenge or the sign-in is the caller's own.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from approvals.model.alert import Alert
from approvals.model.audit import AuditEntry
from approvals.model.device import Login
from approvals.model.inbox import EventKind, News
from approvals.ports.book import Ledger


async def raise_alarm(ledger: Ledger, alert: Alert, now: datetime) -> Sequence[News]:
    """Write the alert, stop its login and that login's device; return whom to tell. A subject's second alarm is none.

    A login is stopped whoever signed in with it: of the two who disagree, the careful one is heard (RULES, first line).
    """
    login = await ledger.logins.load(alert.login_id) if alert.login_id else None
    alert = replace(alert, device_id=login.device_id if login else None)
    if not await ledger.alerts.add(alert):
        return ()
    await ledger.audit.append([_entry(alert)])
    company = await ledger.people.subscription(alert.subscription_id)
    adviser = company.adviser_id if company else None
    news = [News(user_id=adviser, kind=EventKind.ALERT_RAISED)] if adviser else []
    return [*news, *(await _stop(ledger, login, now) if login else ())]


async def _stop(ledger: Ledger, login: Login, now: datetime) -> Sequence[News]:
    """End the login; where it was a device's, revoke the device and end whatever else it is signed in to."""
    await ledger.logins.end(login.id, now)
    told = News(user_id=login.user_id, kind=EventKind.ACCESS_STOPPED)
    device = await ledger.devices.load(login.device_id) if login.device_id else None
    if device is None or device.revoked_at is not None:
        return [told]
    await ledger.devices.revoke(device.id, now)
    await ledger.logins.end_on_device(device.id, now)
    return [told, News(user_id=device.user_id, kind=EventKind.DEVICE_REVOKED, device_id=device.id)]


def _entry(alert: Alert) -> AuditEntry:
    value = {"alert": alert.id, "subject": alert.subject, "found": alert.found}
    return AuditEntry(
        code=alert.kind.value,
        actor=f"user:{alert.user_id}",
        at=alert.raised_at,
        action_id=alert.action_id,
        value={**value, "login": alert.login_id, "device": alert.device_id},
    )
