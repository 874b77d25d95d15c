"""A past: an approval that really took place, copied with all it left until the book holds as many as wanted.

One text for both databases; run on the driver itself, for it is no work of the product's.
"""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Final

import asyncpg

from tests.bench.databases import Place

_BATCH: Final = 25_000

# The model is the oldest released action. The past is of the last 28 hours: older events would be swept meanwhile.
_NUMBERS: Final = """
    WITH RECURSIVE numbers (i) AS (
        SELECT {first} UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < {stop}
    ),
    model AS (SELECT MIN(id) AS id FROM actions WHERE status = 'released' AND id LIKE 'act!_0%' ESCAPE '!')
"""
_COPIES: Final = (
    """INSERT INTO actions (
            id, subscription_id, kind, status, initiator, opened_by, facts, statement_digest, payload_digest, policy,
            created_at, expires_at, account_id, reference, bundle_id, upload_id, ended_at, reason, version, audit_lines)
        SELECT 'act_-' || CAST(10000000 + i AS TEXT), 'sub_' || CAST(i % {companies} AS TEXT), kind, status,
            'usr_' || CAST(i % {companies} AS TEXT) || '_2', opened_by, facts, statement_digest, payload_digest,
            policy, created_at - 10 * CAST(10000000 - i AS BIGINT), expires_at, account_id, reference, bundle_id,
            upload_id, ended_at, reason, version, audit_lines
        FROM numbers, actions WHERE actions.id = (SELECT id FROM model)""",
    """INSERT INTO challenges (
            id, action_id, user_id, group_name, status, card_id, reader_input, expires_at, attempts_left, checking,
            ended_at, refusal, in_place_of, version)
        SELECT 'chl_-' || CAST(10000000 + i AS TEXT), 'act_-' || CAST(10000000 + i AS TEXT),
            'usr_' || CAST(i % {companies} AS TEXT) || '_1', group_name, status,
            'crd_' || CAST(i % {companies} AS TEXT), reader_input, expires_at, attempts_left, checking, ended_at,
            refusal, in_place_of, version
        FROM numbers, challenges WHERE challenges.action_id = (SELECT id FROM model)""",
    """INSERT INTO proofs (
            id, challenge_id, user_id, card_id, purpose, login_id, device_id, status, offered_at, deadline, judged_at,
            answer, attempts_left, verdict)
        SELECT 'prf_-' || CAST(10000000 + i AS TEXT), 'chl_-' || CAST(10000000 + i AS TEXT),
            'usr_' || CAST(i % {companies} AS TEXT) || '_1', 'crd_' || CAST(i % {companies} AS TEXT), purpose, login_id,
            device_id, status, offered_at, deadline, judged_at, answer, attempts_left, verdict
        FROM numbers, proofs
        WHERE proofs.challenge_id IN (SELECT id FROM challenges WHERE action_id = (SELECT id FROM model))""",
    """INSERT INTO releases (
            id, action_id, body, status, created_at, next_at, attempts, last_error, settled_at, version)
        SELECT 'rel_-' || CAST(10000000 + i AS TEXT), 'act_-' || CAST(10000000 + i AS TEXT), body, status,
            created_at - 10 * CAST(10000000 - i AS BIGINT), next_at, attempts, last_error, settled_at, version
        FROM numbers, releases WHERE releases.action_id = (SELECT id FROM model)""",
    """INSERT INTO audit (id, action_id, n, code, actor, at, commitment, retention)
        SELECT 'aud_-' || CAST(10000000 + i AS TEXT) || '_' || CAST(n AS TEXT),
            'act_-' || CAST(10000000 + i AS TEXT), n, code, actor, at, commitment, retention
        FROM numbers, audit WHERE audit.action_id = (SELECT id FROM model)""",
    """INSERT INTO audit_values (audit_id, salt, value, erased_by)
        SELECT 'aud_-' || CAST(10000000 + i AS TEXT) || '_' || CAST(n AS TEXT), salt, value, erased_by
        FROM numbers, audit JOIN audit_values ON audit_values.audit_id = audit.id
        WHERE audit.action_id = (SELECT id FROM model)""",
    """INSERT INTO inboxes (user_id, head, pruned)
        SELECT id, 0, 0 FROM users WHERE true ON CONFLICT (user_id) DO NOTHING""",
    """INSERT INTO events (user_id, s, at, kind, action_id, challenge_id, device_id)
        SELECT inboxes.user_id, inboxes.head + 10 * (1 + i / {companies}) + 1 + events.s
            - (SELECT MIN(s) FROM events AS own WHERE own.action_id = (SELECT id FROM model)),
            at - 10 * CAST(10000000 - i AS BIGINT), kind, 'act_-' || CAST(10000000 + i AS TEXT),
            'chl_-' || CAST(10000000 + i AS TEXT), device_id
        FROM numbers JOIN inboxes ON inboxes.user_id = 'usr_' || CAST(i % {companies} AS TEXT) || '_1', events
        WHERE events.action_id = (SELECT id FROM model)""",
    """UPDATE inboxes SET head = COALESCE((SELECT MAX(s) FROM events WHERE events.user_id = inboxes.user_id), head)""",
    """INSERT INTO requests (caller, request_key, request_digest, result, at)
        SELECT caller, 'past-' || CAST(i AS TEXT), request_digest, result, at
        FROM numbers, (SELECT * FROM requests ORDER BY at LIMIT 2) AS two WHERE true
        ON CONFLICT (caller, request_key) DO NOTHING""",
)
_LAST: Final = "ANALYZE"

Told = Callable[[int], None]


async def fill(place: Place, numbers: range, *, companies: int, tell: Told) -> None:
    """Add copies of these numbers, over so many companies; `tell` hears how far it is.

    One approval must have been released before.
    """
    if place.postmaster is None:
        with closing(sqlite3.connect(place.url.removeprefix("sqlite:///"), isolation_level=None)) as file:

            async def run(sql: str) -> None:
                file.execute(sql)

            await _copy(run, numbers, companies, tell)
        return
    connection = await asyncpg.connect(place.url)
    try:
        await connection.execute("SET session_replication_role = replica")  # no foreign key is looked up
        await connection.execute("SET synchronous_commit = off")  # of this session alone

        async def execute(sql: str) -> None:
            await connection.execute(sql)

        await _copy(execute, numbers, companies, tell)
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def _copy(run: Callable[[str], Awaitable[None]], numbers: range, companies: int, tell: Told) -> None:
    for first in range(numbers.start, numbers.stop, _BATCH):
        stop = min(first + _BATCH, numbers.stop)
        await run("BEGIN")
        for copy in _COPIES:
            await run(_statement(copy, first, stop, companies))
        await run("COMMIT")
        tell(stop)
    await run(_LAST)


def _statement(copy: str, first: int, stop: int, companies: int) -> str:
    """Return one statement with its numbers; PostgreSQL and SQLite both take WITH before INSERT."""
    own = copy.format(companies=companies)
    return f"{_NUMBERS.format(first=first, stop=stop)} {own}" if "numbers" in own else own
