"""Copies of an SQLite database, by its own online backup: one snapshot, writers go on meanwhile.

Blocking: to be run in a thread.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from approvals.errors import BackupFailed, InvalidRequest


def read_out(path: Path, file: Path) -> None:
    """Copy the database into a file that is there and empty. Raises BackupFailed."""
    with _translated(), closing(_open(path, "rw")) as source, closing(_open(file, "rw")) as target:
        # In one step: a copy in several begins again whenever somebody writes, and might never end.
        source.backup(target)
        _seal(target)


def write_in(file: Path, path: Path, marks: Sequence[str]) -> None:
    """Make the database from a copy, marks included. Raises InvalidRequest when it is there, BackupFailed."""
    if path.exists():
        raise InvalidRequest(f"{path.name} is there already: move it and its -wal and -shm files away first")
    staged = path.with_name(f"{path.name}.restoring")
    staged.unlink(missing_ok=True)
    try:
        with _translated(), closing(_open(file, "ro")) as source, closing(_open(staged, "rwc")) as target:
            source.backup(target)
            for mark in marks:
                target.execute(mark)
            _seal(target)
        staged.rename(path)
    except OSError as error:
        raise BackupFailed(f"{path.name} cannot be written: {error.strerror}") from error
    finally:
        staged.unlink(missing_ok=True)


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)


def _seal(copy: sqlite3.Connection) -> None:
    """Leave one file without a log beside it, once it is seen to be sound."""
    copy.execute("PRAGMA journal_mode = DELETE").fetchall()
    ((found,),) = copy.execute("PRAGMA quick_check(1)").fetchall()
    if found != "ok":
        raise BackupFailed("the copy is damaged: the disk, or the database it was taken from")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise BackupFailed("the file is no backup of this version, or cannot be read or written") from error
