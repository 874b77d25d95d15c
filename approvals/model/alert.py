"""What an adviser must look at: somebody says that what was asked in their name was not them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import ActionId, AlertId, DeviceId, LoginId, SubscriptionId, UserId


class AlertKind(StrEnum):
    """What the person does not know of."""

    ACTION = "action_disavowed"
    SIGN_IN = "sign_in_disavowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One disavowal, told once: `subject` is the id of the challenge or confirmation it is about.

    `found` is how far that subject was when the person spoke: `open` was stopped in time, `satisfied` was not.
    `login_id` and `device_id` are what it was started from and what was stopped, where known. `taken_by` is the
    adviser who looks into it.
    """

    id: AlertId
    kind: AlertKind
    subscription_id: SubscriptionId
    user_id: UserId
    subject: str
    found: str
    raised_at: datetime
    action_id: ActionId | None = None
    login_id: LoginId | None = None
    device_id: DeviceId | None = None
    taken_by: UserId | None = None
    taken_at: datetime | None = None
