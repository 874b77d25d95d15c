"""The audit: rows that are only ever added, each with a commitment; values apart, so that they can be erased.

The rows of an action are numbered from 1 without a gap. Their place in the Merkle tree is not given here: the sealer
alone does that, when it first sees them committed (RULES 32).
"""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from approvals.evidence.commitments import SALT_SIZE, commit
from approvals.model.audit import AuditEntry, Retention
from approvals.model.ids import ActionId, AuditId
from approvals.store.columns import milliseconds, text, text_or_none, time
from approvals.store.database import Connection, Row, Value
from approvals.store.documents import read_facts, write


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """An entry with what the store adds to it; `later` lines of its action come after it in the same append."""

    id: AuditId
    later: int
    salt: bytes
    entry: AuditEntry


class SqlAudit:
    """Satisfies `ports.outcome.Audit`. `appended` is what this transaction wrote."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.appended: list[AuditEntry] = []

    async def append(self, entries: Sequence[AuditEntry]) -> Sequence[AuditId]:
        """Return the ids of the rows, in order."""
        counts = _counted(entries)
        for action_id in sorted(counts):
            await self._connection.execute(self._TAKE_NUMBERS, action_id, counts[action_id])
        return await self.append_numbered(entries)

    async def append_numbered(self, entries: Sequence[AuditEntry]) -> Sequence[AuditId]:
        """The same for lines whose numbers their action's `add` or `save` has taken."""
        self.appended += entries
        lines = _lines(entries, _counted(entries))
        await self._add(lines)
        await self._add_values(lines)
        return [line.id for line in lines]

    # Counted on the action's row, which the transaction writes anyway: reading MAX(n) would make transactions of
    # other actions on the same index page look like conflicts.
    _TAKE_NUMBERS: Final = "UPDATE actions SET audit_lines = audit_lines + $2 WHERE id = $1"

    _ADD: Final = """
        INSERT INTO audit (id, action_id, n, code, actor, at, commitment, retention)
        VALUES ($1, $2, (SELECT audit_lines - $3 FROM actions WHERE id = $2), $4, $5, $6, $7, $8)
    """

    async def _add(self, lines: Sequence[_Line]) -> None:
        await self._connection.execute_many(self._ADD, [_row(line) for line in lines])

    _ADD_VALUES: Final = "INSERT INTO audit_values (audit_id, salt, value) VALUES ($1, $2, $3)"

    async def _add_values(self, lines: Sequence[_Line]) -> None:
        rows = [(line.id, line.salt, write(line.entry.value)) for line in lines]
        await self._connection.execute_many(self._ADD_VALUES, rows)

    _OF_ACTION: Final = """
        SELECT audit.code, audit.actor, audit.at, audit.action_id, audit.retention, audit_values.value
        FROM audit LEFT JOIN audit_values ON audit_values.audit_id = audit.id
        WHERE audit.action_id = $1 ORDER BY audit.n
    """

    async def of_action(self, action_id: ActionId) -> Sequence[AuditEntry]:
        """In the order written; an erased value is empty."""
        rows = await self._connection.fetch(self._OF_ACTION, action_id)
        return [read_entry(row) for row in rows]


def _counted(entries: Sequence[AuditEntry]) -> Counter[ActionId]:
    return Counter(entry.action_id for entry in entries if entry.action_id is not None)


def _lines(entries: Sequence[AuditEntry], counts: Mapping[ActionId, int]) -> list[_Line]:
    left = dict(counts)
    lines: list[_Line] = []
    for entry in entries:
        if entry.action_id is not None:
            left[entry.action_id] -= 1
        lines.append(
            _Line(
                id=AuditId(f"aud_{milliseconds(entry.at):012x}{secrets.token_hex(10)}"),
                later=0 if entry.action_id is None else left[entry.action_id],
                salt=secrets.token_bytes(SALT_SIZE),
                entry=entry,
            )
        )
    return lines


def _row(line: _Line) -> Sequence[Value]:
    entry = line.entry
    return (
        line.id,
        entry.action_id,
        line.later,
        entry.code,
        entry.actor,
        milliseconds(entry.at),
        commit(line.salt, entry.value),
        entry.retention,
    )


def read_entry(row: Row) -> AuditEntry:
    """Return the line of a row of `audit` with its value, where that is not erased."""
    action_id = text_or_none(row, "action_id")
    value = text_or_none(row, "value")
    return AuditEntry(
        code=text(row, "code"),
        actor=text(row, "actor"),
        at=time(row, "at"),
        action_id=None if action_id is None else ActionId(action_id),
        value={} if value is None else read_facts(value),
        retention=Retention(text(row, "retention")),
    )
