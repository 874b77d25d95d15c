"""A real PostgreSQL for the tests: started here in a temporary directory, thrown away with it.

One server a session; each test gets a database that is empty and migrated, emptied again for the next one. A
PostgreSQL that is missing is a failure, never a skip: half of what is promised would go untested.
"""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg

from approvals.store.database import open_database
from approvals.store.migrate import migrate

_EMPTY = """
DO $$ DECLARE filled TEXT[]; largest BIGINT; each TEXT; BEGIN
    SELECT array_agg(relname), max(pg_relation_size(oid)) INTO filled, largest FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('migrations', 'house')
    AND pg_relation_size(oid) > 0;
    IF largest > 1000000 THEN
        EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' CASCADE';
    ELSIF largest > 0 THEN
        SET LOCAL session_replication_role = replica;
        FOREACH each IN ARRAY filled LOOP EXECUTE 'DELETE FROM ' || each; END LOOP;
    END IF;
    DELETE FROM house WHERE name <> 'epoch';
END $$
"""
"""Deleting a few rows takes a tenth of truncating fifty tables; keys to other tables are not looked at, as all go."""
_MISSING = """
PostgreSQL's programs (initdb, pg_ctl) were not found, and the tests need them.
Debian and Ubuntu: apt-get install postgresql. Elsewhere: put the folder that holds initdb on the PATH.
"""
_SETTINGS = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
track_commit_timestamp = on
max_connections = 200
max_pred_locks_per_transaction = 256
"""


@dataclass(frozen=True, slots=True)
class PostgresqlServer:
    """A server that listens on a socket in `home` only."""

    home: Path
    programs: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    idle: list[str] = field(default_factory=list)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.home}"

    def start(self) -> None:
        self._run("pg_ctl", "--pgdata", self._cluster, "--log", f"{self.home}/log", "--wait", "start")

    def stop(self) -> None:
        """Stop without waiting for clients: their sessions are cut, what they committed is kept."""
        self._run("pg_ctl", "--pgdata", self._cluster, "--mode", "fast", "--wait", "stop")

    def create(self) -> None:
        self._run("initdb", "--pgdata", self._cluster, "--username", "postgres", "--auth", "trust", "--no-sync")
        settings = f"{_SETTINGS}unix_socket_directories = '{self.home}'\n"
        with (self.home / "cluster" / "postgresql.conf").open("a") as file:
            file.write(settings)

    async def borrow_database(self) -> str:
        """Return the URL of a database with every migration applied and no rows; to be given back."""
        if self.idle:
            return self.idle.pop()
        url = await self.make_empty_database()
        database = await open_database(url)
        await migrate(database)
        await database.close()
        return url

    async def give_back(self, url: str) -> None:
        await _execute(url, _EMPTY)
        self.idle.append(url)

    async def make_empty_database(self) -> str:
        """Return the URL of a new database that was never migrated."""
        name = f"test_{next(self.numbers)}"
        await _execute(self.url("postgres"), f"CREATE DATABASE {name}")
        return self.url(name)

    async def drop(self, url: str) -> None:
        name = url.removeprefix("postgresql://postgres@/").partition("?")[0]
        await _execute(self.url("postgres"), f"DROP DATABASE {name} WITH (FORCE)")

    async def command(self, sql: str) -> None:
        """Have the superuser say something about the whole server."""
        await _execute(self.url("postgres"), sql)

    async def configure(self, setting: str, value: str) -> None:
        """Change a setting for every session, those that are open included, and wait until all of them were told.

        The postmaster reads its settings and signals its sessions before it opens another one: a session born with the
        new value says that no older one can read a statement before it knows.
        """
        await self.command(f"ALTER SYSTEM SET {setting} = {value}")
        await self.command("SELECT pg_reload_conf()")
        async with asyncio.timeout(10):
            while await _value(self.url("postgres"), f"SHOW {setting}") != value:
                continue

    @property
    def _cluster(self) -> str:
        return f"{self.home}/cluster"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(  # noqa: S603  # PostgreSQL's own programs, found by _programs
            command,
            user=_user(),
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stderr.decode()}")


@contextmanager
def running_server() -> Iterator[PostgresqlServer]:
    """Start a server and remove every trace of it afterwards."""
    home = Path(tempfile.mkdtemp(prefix="contreseing-pg-"))  # short: a socket's path may have 107 bytes
    server = PostgresqlServer(home, _programs())
    give(home)
    try:
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home)


async def _execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url, command_timeout=30)  # a test that left a lock behind fails, not hangs
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _value(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def give(path: Path) -> None:
    """Make a file or folder PostgreSQL's own."""
    owner = _user()
    if owner is not None:
        shutil.chown(path, owner)


def _user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as the system user its package made."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise RuntimeError(_MISSING) from None


def _programs() -> Path:
    """Return the folder of the newest initdb: Debian keeps one a version, others put it on the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    found = versions[-1] if versions else shutil.which("initdb")
    if found is None:
        raise RuntimeError(_MISSING)
    return Path(found).parent


def _version(initdb: Path) -> float:
    return float(initdb.parent.parent.name)
