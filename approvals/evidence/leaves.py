"""From a row of the audit to the leaf that is sealed: every column, in canonical form (RFC 8785, RFC 6962)."""

from datetime import UTC, datetime, timedelta
from typing import Final

from approvals.evidence.tree import leaf_hash
from approvals.model.audit import AuditRow
from approvals.model.json import Facts
from approvals.statement import canonical

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def milliseconds(at: datetime) -> int:
    """Return whole milliseconds since 1970 UTC, rounded down."""
    return (at - _EPOCH) // _MILLISECOND


def from_milliseconds(value: int) -> datetime:
    return _EPOCH + value * _MILLISECOND


def row_facts(row: AuditRow) -> Facts:
    """Return the row as evidence, export and leaf hold it; `at` in milliseconds since 1970."""
    return {
        "id": row.id,
        "action": row.action_id,
        "n": row.n,
        "code": row.code,
        "actor": row.actor,
        "at": milliseconds(row.at),
        "commitment": row.commitment.hex(),
        "retention": row.retention.value,
    }


def hash_of(row: AuditRow) -> bytes:
    """Return the hash of the row's leaf: 32 bytes."""
    return leaf_hash(canonical(row_facts(row)))
