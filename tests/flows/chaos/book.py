"""What the database holds when everything is quiet: the rows judging needs, read by SQL of its own."""

from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec

from approvals.store.database import Connection, Database, Row

Wanted = TypeVar("Wanted", bound=msgspec.Struct)


class ActionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One action; times in milliseconds."""

    id: str
    reference: str | None
    subscription_id: str
    status: str
    reason: str | None
    created_at: int
    expires_at: int
    ended_at: int | None
    audit_lines: int


class ChallengeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One challenge."""

    id: str
    action_id: str
    user_id: str
    group_name: str
    status: str
    attempts_left: int
    checking: int
    ended_at: int | None


class ProofRow(msgspec.Struct, frozen=True, kw_only=True):
    """One proof; `verdict` is JSON, `committed_at` when its last change was, by the database's own clock."""

    id: str
    committed_at: int
    challenge_id: str | None
    card_id: str
    status: str
    answer: str | None
    verdict: str | None


class ReleaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """One release."""

    id: str
    action_id: str
    status: str
    created_at: int


class CardRow(msgspec.Struct, frozen=True, kw_only=True):
    """One card."""

    id: str
    user_id: str
    status: str
    last_atc: int
    attempts_left: int


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """One event of an inbox."""

    user_id: str
    s: int
    kind: str
    action_id: str | None


class InboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """How far an inbox is."""

    user_id: str
    head: int


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the audit."""

    action_id: str | None
    n: int | None
    code: str
    actor: str


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """Everything, in no order."""

    actions: Sequence[ActionRow]
    challenges: Sequence[ChallengeRow]
    proofs: Sequence[ProofRow]
    releases: Sequence[ReleaseRow]
    cards: Sequence[CardRow]
    events: Sequence[EventRow]
    inboxes: Sequence[InboxRow]
    audit: Sequence[AuditRow]


_COMMITTED: Final = "CAST(EXTRACT(EPOCH FROM pg_xact_commit_timestamp(xmin)) * 1000 AS BIGINT) AS committed_at"
_UNDER_WAY: Final = """
    SELECT (SELECT COUNT(*) FROM actions WHERE status IN ('pending', 'approved'))
        + (SELECT COUNT(*) FROM proofs WHERE status = 'checking') AS under_way
"""


async def under_way(database: Database) -> int:
    """Return how many actions and checks have not come to their end."""
    async with database.reading() as connection:
        (row,) = await connection.fetch(_UNDER_WAY)
    return int(str(row["under_way"]))


async def heads(database: Database) -> dict[str, int]:
    async with database.reading() as connection:
        return {row.user_id: row.head for row in await _all(connection, "inboxes", InboxRow)}


async def read_book(database: Database) -> Book:
    async with database.reading() as connection:
        return Book(
            actions=await _all(connection, "actions", ActionRow),
            challenges=await _all(connection, "challenges", ChallengeRow),
            proofs=await _all(connection, "proofs", ProofRow),
            releases=await _all(connection, "releases", ReleaseRow),
            cards=await _all(connection, "cards", CardRow),
            events=await _all(connection, "events", EventRow),
            inboxes=await _all(connection, "inboxes", InboxRow),
            audit=await _all(connection, "audit", AuditRow),
        )


async def _all(connection: Connection, table: str, kind: type[Wanted]) -> Sequence[Wanted]:
    columns = ", ".join(_COMMITTED if name == "committed_at" else name for name in kind.__struct_fields__)
    rows = await connection.fetch(f"SELECT {columns} FROM {table}")  # noqa: S608  # names of this module's own
    return [_made(row, kind) for row in rows]


def _made(row: Row, kind: type[Wanted]) -> Wanted:
    return msgspec.convert({name: row[name] for name in kind.__struct_fields__}, kind)
