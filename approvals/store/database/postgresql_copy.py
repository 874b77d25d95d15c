"""Copies of a PostgreSQL database, by its own programs: pg_dump's custom format out, pg_restore and psql back in.

The programs come with Debian's postgresql-client, of the server's version or a later one.
"""

import asyncio
import os
import re
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from approvals.errors import BackupFailed, InvalidRequest
from approvals.store.database.connection import fetch_one
from approvals.store.database.postgresql import open_postgresql

_BITE: Final = 1 << 16
_PORTABLE: Final = ("--no-owner", "--no-privileges")


async def dump(url: str, file: Path) -> None:
    """Write the file anew. Raises BackupFailed.

    The snapshot is one no SERIALIZABLE transaction contradicts (`--serializable-deferrable`), waited for a moment.
    """
    options = ("--format=custom", "--serializable-deferrable", *_PORTABLE, f"--file={file}")
    program = await _start("pg_dump", *options, url=url)
    await _end("pg_dump", program)


async def load(url: str, file: Path, marks: Sequence[str]) -> None:
    """Fill an empty database: copy and marks are one transaction. Raises InvalidRequest, BackupFailed."""
    await _require_empty(url)
    reader = await _start("pg_restore", *_PORTABLE, "--file=-", str(file), takes_text=False)
    writer = await _start("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", url=url)
    try:
        await _say(writer, b"BEGIN;\n")
        await _pour(reader, writer)
        await _end("pg_restore", reader)
        # Only a copy that was read to its end is marked and committed; else psql ends, and nothing was done.
        # pg_restore leaves no search_path behind.
        closing = ("SET LOCAL search_path = public", *marks, "COMMIT")
        await _say(writer, "".join(f"{statement};\n" for statement in closing).encode())
        await _end("psql", writer)
    finally:
        for program in (reader, writer):
            if program.returncode is None:
                program.kill()
                await program.wait()


_IS_FILLED: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' LIMIT 1"


async def _require_empty(url: str) -> None:
    """A backup never takes the place of a database: the old one may be all that is left to look things up in."""
    database = await open_postgresql(url)
    try:
        async with database.reading() as connection:
            if await fetch_one(connection, _IS_FILLED) is not None:
                raise InvalidRequest("the database holds something: make an empty one and name it in database.url")
    finally:
        await database.close()


async def _start(program: str, *options: str, url: str | None = None, takes_text: bool = True) -> Process:
    target, password = _without_password(url) if url else (None, None)
    secret = {"PGPASSWORD": password} if password else {}
    try:
        return await asyncio.create_subprocess_exec(
            program,
            *options,
            *([f"--dbname={target}"] if target else []),
            stdin=PIPE if takes_text else DEVNULL,
            stdout=DEVNULL if takes_text else PIPE,
            stderr=PIPE,
            env={**os.environ, **secret, "PGAPPNAME": "contreseing", "LC_ALL": "C.UTF-8"},
        )
    except FileNotFoundError:
        raise BackupFailed(f"{program} is not installed: it comes with postgresql-client") from None


def _without_password(url: str) -> tuple[str, str | None]:
    """Take the password out: every process of the machine reads command lines, no other person's its environment."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    netloc = f"{name}@{host}" if user else host
    return urlunsplit(parts._replace(netloc=netloc)), unquote(password) or None


async def _pour(reader: Process, writer: Process) -> None:
    if reader.stdout is not None:
        while text := await reader.stdout.read(_BITE):
            await _say(writer, text)


async def _say(writer: Process, text: bytes) -> None:
    if writer.stdin is None:
        return
    writer.stdin.write(text)
    try:
        await writer.stdin.drain()
    except ConnectionError:
        await _end("psql", writer)  # it says why


async def _end(name: str, program: Process) -> None:
    """Wait for it. Raises BackupFailed with what kind of thing it complained of, never with a value."""
    if program.stdin is not None:
        program.stdin.close()
    _, complaint = await program.communicate()
    if program.returncode != 0:
        raise BackupFailed(f"{name} failed: {_first_error(complaint.decode(errors='replace'))}")


def _first_error(complaint: str) -> str:
    """Return its first error without what it quotes: PostgreSQL quotes rows in DETAIL, and names and values alike."""
    found = re.search(r"(?:error|ERROR|FATAL): +(.+)", complaint)
    return re.sub(r'"[^"]*"', "…", found[1]) if found else f"{len(complaint)} characters on its error output"
