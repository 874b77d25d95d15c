"""What the audit is told: who did what to which action, and the values that may be erased later."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import ActionId
from approvals.model.json import Facts


class Retention(StrEnum):
    """How long a value is kept (RULES 31); the row and its commitment stay."""

    EVIDENCE = "evidence"
    AUDIT = "audit"
    CHAT = "chat"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the audit. `actor` is a typed reference such as `user:usr_…`, `api_key:key_…` or `system`."""

    code: str
    actor: str
    at: datetime
    action_id: ActionId | None = None
    value: Facts = field(default_factory=dict)
    retention: Retention = Retention.AUDIT
