"""Signed heads of the audit, added to a file that nobody of the house can change: a line each, on the disk at once.

That nothing can be taken back there is the disk's to see to (docs/audit.md); here a line is only ever added.
"""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

from approvals.evidence.heads import read_lines, write_line
from approvals.evidence.refusals import AnchorsUnreadable
from approvals.model.seal import SignedHead


class HeadsFile:
    """Satisfies `ports.sealing.HeadFile`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def append(self, signed: SignedHead) -> None:
        """Raises OSError; the head is then brought again."""
        await asyncio.to_thread(_append, self._path, write_line(signed))


def read_heads(path: Path) -> Iterator[SignedHead]:
    """Yield the heads of a file. Raises AnchorsUnreadable."""
    try:
        with path.open("rb") as file:
            yield from read_lines(file)
    except OSError as error:
        raise AnchorsUnreadable(f"{path.name} cannot be read: {error.strerror}") from error


def _append(path: Path, line: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # In one write, so that two nodes with one file never mix their lines.
        whole = line if _ends_well(descriptor) else b"\n" + line
        if os.write(descriptor, whole) != len(whole):
            raise OSError("the disk is full")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ends_well(descriptor: int) -> bool:
    """Whether the last line is whole: a node may have died while it wrote."""
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"
