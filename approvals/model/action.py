"""The sensitive action: what is held until the right people have countersigned it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import (
    AccountId,
    ActionId,
    ActionKind,
    BundleId,
    LoginId,
    SubscriptionId,
    UploadId,
    UserId,
)
from approvals.model.json import Facts
from approvals.model.opener import Opener
from approvals.model.policy import Policy


class ActionStatus(StrEnum):
    """`approved` is the point of no return: the release row is written (RULES 2)."""

    PENDING = "pending"
    APPROVED = "approved"
    RELEASED = "released"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Nothing will ever change it again."""
        return self not in {ActionStatus.PENDING, ActionStatus.APPROVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One sensitive action. Facts and payload are frozen at opening; digests are lower-case hex of SHA-256.

    `account_id` is the company's own account concerned. `reference` is the opener's own word for it. `bundle_id` ties
    the actions of one file. `login_id` is the stay a person opened it in, where known. `reason` is the stable code of
    why it ended. `version` rises with every transaction that touches it (RULES 1).
    """

    id: ActionId
    subscription_id: SubscriptionId
    kind: ActionKind
    status: ActionStatus
    initiator: UserId
    opened_by: Opener
    facts: Facts
    statement_digest: str
    payload_digest: str
    policy: Policy
    created_at: datetime
    expires_at: datetime
    account_id: AccountId | None = None
    reference: str | None = None
    bundle_id: BundleId | None = None
    upload_id: UploadId | None = None
    login_id: LoginId | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The actions one remittance file opened; the same message twice while one is alive is a duplicate (RULES 19)."""

    id: BundleId
    subscription_id: SubscriptionId
    upload_id: UploadId
    initiating_party: str
    message_id: str
    created_at: datetime
