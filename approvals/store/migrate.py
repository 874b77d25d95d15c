"""Brings a database to the schema this version knows: forward only, each migration in a transaction of its own.

The same text runs on both databases. What is applied is recorded by name and SHA-256, so that an edited migration
and a schema of a newer version are noticed.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from importlib import resources
from typing import Final

from approvals.errors import DemoStampMismatch, SchemaUnknown
from approvals.store.columns import text
from approvals.store.database import Connection, Database, fetch_one
from approvals.store.house import DEMO, EPOCH, SqlHouse


class SchemaState(Enum):
    """How the database's schema stands to this version's."""

    OK = auto()
    BEHIND = auto()  # `migrate` brings it up
    UNKNOWN = auto()  # newer than this version, or a migration was edited after it ran


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step; `script` is SQL whose statements end with a semicolon at the end of a line."""

    name: str
    script: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.script.encode()).hexdigest()

    @property
    def statements(self) -> Sequence[str]:
        return [statement for statement in self.script.split(";\n") if _says_something(statement)]


def _says_something(statement: str) -> bool:
    """A comment after the last statement is none, and a driver may choke on it."""
    return any(line.strip() and not line.strip().startswith("--") for line in statement.splitlines())


def known_migrations() -> tuple[Migration, ...]:
    """Return this version's migrations, in order."""
    folder = resources.files("approvals.store").joinpath("migrations")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return tuple(Migration(name=file.name, script=file.read_text("utf-8")) for file in files)


async def schema_state(database: Database) -> SchemaState:
    """Compare what is recorded with what is known."""
    return _compare(await _applied(database), known_migrations())


async def require_schema(database: Database) -> None:
    """Raise SchemaUnknown unless the database has exactly the schema this version knows."""
    state = await schema_state(database)
    if state is not SchemaState.OK:
        raise SchemaUnknown(f"the schema is {state.name.lower()}: run `contreseing migrate` of this version")


async def migrate(database: Database, *, demo: bool = False, migrations: Sequence[Migration] | None = None) -> None:
    """Apply what is missing; with `demo`, stamp an empty database as demo for ever (RULES 29).

    Empty means never migrated. Raises SchemaUnknown for a schema of a newer version or an edited migration, SchemaBusy
    when others keep a table or are migrating, and DemoStampMismatch for `demo` on a database that was made without it.
    """
    known = known_migrations() if migrations is None else tuple(migrations)
    async with database.migrating():
        await _record_migrations(database)
        if _compare(await _applied(database), known) is SchemaState.UNKNOWN:
            raise SchemaUnknown("the database has a schema this version does not know")
        for migration in known:
            await _apply(database, migration, demo=demo)
        await _check_stamp(database, demo=demo)


def _compare(applied: Sequence[tuple[str, str]], known: Sequence[Migration]) -> SchemaState:
    ours = [(migration.name, migration.digest) for migration in known]
    if list(applied) != ours[: len(applied)]:
        return SchemaState.UNKNOWN
    return SchemaState.OK if len(applied) == len(ours) else SchemaState.BEHIND


_RECORD_MIGRATIONS: Final = """
    CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, digest TEXT NOT NULL)
"""


async def _record_migrations(database: Database) -> None:
    async with database.migration() as connection:
        await connection.execute(_RECORD_MIGRATIONS)


_APPLIED: Final = "SELECT name, digest FROM migrations"


async def _applied(database: Database) -> Sequence[tuple[str, str]]:
    """Names and digests, by name; none where the database was never migrated."""
    try:
        async with database.reading() as connection:
            rows = await connection.fetch(_APPLIED)
    except SchemaUnknown:
        return []
    return sorted((text(row, "name"), text(row, "digest")) for row in rows)


_IS_APPLIED: Final = "SELECT name FROM migrations WHERE name = $1"
_IS_FIRST: Final = "SELECT COUNT(*) FROM migrations HAVING COUNT(*) = 0"
_RECORD: Final = "INSERT INTO migrations (name, digest) VALUES ($1, $2)"


async def _apply(database: Database, migration: Migration, *, demo: bool) -> None:
    async with database.migration() as connection:
        if await fetch_one(connection, _IS_APPLIED, migration.name) is not None:
            return  # here before, or by another process while this one waited
        is_first = await fetch_one(connection, _IS_FIRST) is not None
        for statement in migration.statements:
            await connection.execute(statement)
        if is_first:
            await _found(connection, demo=demo)
        await connection.execute(_RECORD, migration.name, migration.digest)


_ADD_FACT: Final = "INSERT INTO house (name, value) VALUES ($1, $2)"


async def _found(connection: Connection, *, demo: bool) -> None:
    """Write what a database is born with: its epoch, and the stamp of a demo."""
    await connection.execute(_ADD_FACT, EPOCH, secrets.token_hex(8))
    if demo:
        await connection.execute(_ADD_FACT, DEMO, "for ever")


async def _check_stamp(database: Database, *, demo: bool) -> None:
    async with database.reading() as connection:
        if demo and not await SqlHouse(connection).is_demo():
            raise DemoStampMismatch("this database was made without --demo: begin with an empty one")
