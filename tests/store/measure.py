"""A day's figures among a million operations: `nice .venv/bin/python -m tests.store.measure`.

Prints the milliseconds (median, slowest of 20) of both counts, on PostgreSQL and SQLite, for a supervisor (2,000
companies, 10,000 operations that day) and for an adviser with 25 of them.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from typing import Final

from approvals.model.figures import Period
from approvals.model.ids import SubscriptionId, UserId
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import Database, open_database
from approvals.store.migrate import migrate
from tests.builders import COMPANY, NOW, add_company, add_pending, make_action, make_subscription
from tests.postgresql import running_server

_OPERATIONS: Final = 1_000_000
_BATCH: Final = 25_000
_COMPANIES: Final = 2_000
_DAYS: Final = 100
_ROUNDS: Final = 20
_SIGNER: Final = "usr_anna"
_ADVISER: Final = UserId("usr_denise")
_NUMBERS: Final = """
    WITH RECURSIVE numbers (i) AS (
        SELECT CAST({first} AS BIGINT) UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < {stop}
    )
"""
_ACTIONS: Final = """
    INSERT INTO actions (
        id, subscription_id, kind, status, initiator, opened_by, facts, statement_digest, payload_digest, policy,
        created_at, expires_at, ended_at, version, audit_lines)
    SELECT CAST(i * 7919 % 1000003 AS TEXT) || '_' || CAST(i AS TEXT), 'sub_' || CAST(i % {companies} AS TEXT), kind,
        CASE WHEN i % 50 = 0 THEN 'rejected' ELSE 'released' END, initiator, opened_by, facts, statement_digest,
        payload_digest, policy, created_at - i * 8640, expires_at, created_at, version, audit_lines
    FROM numbers, actions WHERE actions.id = 'act_model'
"""
_CHALLENGES: Final = """
    INSERT INTO challenges (
        id, action_id, user_id, group_name, status, expires_at, attempts_left, checking, ended_at, version)
    SELECT CAST(i * 7919 % 1000003 AS TEXT) || '_' || CAST(i AS TEXT) || '_' || CAST(signer AS TEXT),
        CAST(i * 7919 % 1000003 AS TEXT) || '_' || CAST(i AS TEXT), user_id, group_name,
        CASE WHEN signer = 1 THEN 'satisfied' ELSE 'closed' END, expires_at, attempts_left, checking,
        {now} - i * 8640 + i % 7200000, version
    FROM numbers, challenges, (SELECT 1 AS signer UNION ALL SELECT 2) AS two WHERE challenges.action_id = 'act_model'
"""


async def fill(book: SqlBook, database: Database) -> None:
    async def found(ledger: Ledger) -> None:
        await add_company(ledger, [_SIGNER])
        await add_pending(ledger, replace(make_action("act_model"), subscription_id=COMPANY), [_SIGNER])
        for n in range(_COMPANIES):
            company = replace(make_subscription(), id=SubscriptionId(f"sub_{n}"), client_identifier=f"c{n}")
            await ledger.people.add_subscription(replace(company, adviser_id=_ADVISER if n % 80 == 0 else None))

    await book.transaction(found)
    now = int(NOW.timestamp() * 1000)
    for first in range(1, _OPERATIONS + 1, _BATCH):
        async with database.transaction() as connection:
            for copy in (_ACTIONS, _CHALLENGES):
                numbers = _NUMBERS.format(first=first, stop=first + _BATCH)
                await connection.execute(f"{numbers} {copy.format(companies=_COMPANIES, now=now)}")
    async with database.transaction() as connection:
        await connection.execute("ANALYZE")


async def measure(name: str, url: str) -> None:
    database = await open_database(url)
    await migrate(database)
    book = SqlBook(database)
    await fill(book, database)
    middle = NOW - timedelta(days=_DAYS // 2)
    for who, portfolio_of in (("supervisor", None), ("adviser", _ADVISER)):
        took = [
            await _round(
                book, Period(since=middle - timedelta(days=n), until=middle - timedelta(days=n - 1)), portfolio_of
            )
            for n in range(_ROUNDS)
        ]
        sys.stdout.write(f"{name}, {who}: {statistics.median(took):.1f} ms, slowest {max(took):.1f} ms\n")
    await database.close()


async def _round(book: SqlBook, day: Period, portfolio_of: UserId | None) -> float:
    begun = time.perf_counter()
    counted = await book.reading(lambda ledger: ledger.figures.by_status(day, portfolio_of, NOW))
    await book.reading(lambda ledger: ledger.figures.signed_within(day, portfolio_of))
    took = (time.perf_counter() - begun) * 1000
    assert sum(counted.values()) >= (10_000 if portfolio_of is None else 100)
    return took


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        await measure("SQLite", f"sqlite:///{folder}/figures.sqlite3")
    with running_server() as server:
        await measure("PostgreSQL", await server.borrow_database())


if __name__ == "__main__":
    asyncio.run(main())
