"""When a value of the audit is past its time (RULES 31), and what may be erased at a person's request before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from approvals.model.audit import AuditRow, Retention


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long each class is kept: from the row's own time, and for the audit from the end of the relation."""

    periods: Mapping[Retention, timedelta]

    def is_past(self, row: AuditRow, relation_ended_at: datetime | None, now: datetime, *, of_company: bool) -> bool:
        """Say whether the value must go. What concerns no company counts from its own time."""
        since = row.at
        if row.retention is Retention.AUDIT and of_company:
            if relation_ended_at is None:
                return False
            since = max(row.at, relation_ended_at)
        return since + self.periods[row.retention] <= now


def is_held_by_law(row: AuditRow) -> bool:
    """Evidence and audit stay until their time even when the person asks (GDPR art. 17(3)(b) and (e))."""
    return row.retention in {Retention.EVIDENCE, Retention.AUDIT}
