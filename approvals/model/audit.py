"""The audit: who did what to which action, and the values that may be erased later."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import ActionId, AuditId
from approvals.model.json import Facts


class Retention(StrEnum):
    """How long a value is kept (RULES 31); the row and its commitment stay."""

    EVIDENCE = "evidence"
    AUDIT = "audit"
    CHAT = "chat"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What the audit is told. `actor` is a typed reference such as `user:usr_…`, `api_key:key_…` or `system`."""

    code: str
    actor: str
    at: datetime
    action_id: ActionId | None = None
    value: Facts = field(default_factory=dict)
    retention: Retention = Retention.AUDIT


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """What is kept of an entry for ever, and sealed as one leaf: every column counts.

    `n` numbers the rows of one action from 1; it is None where no action is concerned. `commitment` is 32 bytes.
    """

    id: AuditId
    action_id: ActionId | None
    n: int | None
    code: str
    actor: str
    at: datetime
    commitment: bytes
    retention: Retention


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What opens a row's commitment; once erased, `erased_by` names the row that says why, and the rest is None."""

    salt: bytes | None
    value: Facts | None
    erased_by: AuditId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """A row with its place in the tree, from 0 (None until it is sealed), and what opens it (None: it is gone)."""

    row: AuditRow
    leaf: int | None
    disclosure: Disclosure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedLine:
    """A sealed row, and the hash that the tree's tiles keep for its leaf; None where they keep none."""

    line: AuditLine
    hash: bytes | None
