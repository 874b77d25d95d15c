"""Backups: the whole database in one file, and what holds from the moment one is brought back (RULES 30).

How each database is copied is `database.sqlite_copy`'s and `database.postgresql_copy`'s; how a restore ends is
`desk.restoring`'s.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from approvals.store.columns import milliseconds
from approvals.store.database import Database, open_database
from approvals.store.database.copies import copy_in, copy_out
from approvals.store.migrate import require_schema

# The values are ours, so they stand in the text: PostgreSQL's own client runs it behind the copy, as one transaction.
_MARKS: Final = (
    """
    INSERT INTO house (name, value) VALUES ('restoring', '{at}')
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
    """,
    "UPDATE house SET value = '{epoch}' WHERE name = 'epoch'",
    "UPDATE logins SET ended_at = {at} WHERE ended_at IS NULL",
    "UPDATE cards SET resync_due = 1, version = version + 1",
    # A letter on its way then may have let its person in since: it serves no second time, another one is printed.
    "UPDATE activations SET status = 'due', secret_digest = NULL, version = version + 1 WHERE status = 'printed'",
    "DELETE FROM enrolments",
    "DELETE FROM confirmations",
    "DELETE FROM handovers",
)


async def back_up(url: str, file: Path) -> None:
    """Copy the database into a new file, as of one moment, while it goes on being used.

    Raises InvalidRequest when the file is there already, SchemaUnknown, BackupFailed.
    """
    database = await open_database(url)
    try:
        await require_schema(database)
    finally:
        await database.close()
    await copy_out(url, file)


async def restore(url: str, file: Path, now: datetime) -> None:
    """Bring a backup into a database that holds nothing yet; nobody ever sees it without its marks.

    Raises InvalidRequest when the database holds something, BackupFailed when the file is no backup of this version.
    """
    await copy_in(url, file, _marks(now))


async def mark_restored(database: Database, now: datetime) -> None:
    """Do the same to a database brought back by other means, such as PostgreSQL's point-in-time recovery."""
    async with database.transaction() as connection:
        for statement in _marks(now):
            await connection.execute(statement)


def _marks(now: datetime) -> Sequence[str]:
    """After the backup counters moved, people left, releases went out: none of it is in there (RULES 30)."""
    return [mark.format(at=milliseconds(now), epoch=secrets.token_hex(8)) for mark in _MARKS]
