"""Copies of a whole database, out into a file and back in, on whichever database the URL names."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from approvals.errors import BackupFailed, InvalidRequest
from approvals.store.database import SQLITE
from approvals.store.database.postgresql_copy import dump, load
from approvals.store.database.sqlite_copy import read_out, write_in


async def copy_out(url: str, file: Path) -> None:
    """Write a new file of mode 0600, whole or not at all. Raises InvalidRequest when it is there, BackupFailed."""
    with _whole(file) as partial:
        if url.startswith(SQLITE):
            await asyncio.to_thread(read_out, Path(url.removeprefix(SQLITE)), partial)
        else:
            await dump(url, partial)


async def copy_in(url: str, file: Path, marks: Sequence[str]) -> None:
    """Fill an empty database from a file and run the marks, all in one step.

    Raises InvalidRequest when the database is not empty, BackupFailed when the copy cannot be taken.
    """
    if url.startswith(SQLITE):
        path = Path(url.removeprefix(SQLITE))
        await asyncio.to_thread(write_in, file, path, marks)
    else:
        await load(url, file, marks)


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """Yield a file to fill; it gets its name once it is whole and on the disk."""
    if file.exists():
        raise InvalidRequest(f"{file.name} is there already: name another file")
    partial = file.with_name(f"{file.name}.partial")
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise BackupFailed(f"{partial.name} cannot be written: {error.strerror}") from error
    try:
        yield partial
        _to_disk(partial)
        partial.rename(file)
        _to_disk(file.parent)
    finally:
        partial.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
