"""A disk of its own that is soon full: a tmpfs, mounted as long as a test needs it.

Only root may mount. A machine where that is refused fails the test, and says so: nothing else gives a real ENOSPC.
"""

import errno
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final

from tests.postgresql import give

_BITES: Final = (1024 * 1024, 4096, 1)
_REFUSED: Final = """
A small file system could not be mounted, and the tests of full disks need one.
Run them as root; in a container, with the capability SYS_ADMIN (docker run --cap-add SYS_ADMIN).
"""


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A mounted file system that PostgreSQL's user owns."""

    folder: Path

    def fill(self) -> None:
        """Leave not a byte."""
        with self._ballast.open("wb", buffering=0) as file:
            for size in _BITES:
                _write_until_full(file, size)

    def free(self) -> None:
        self._ballast.unlink()

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


@contextmanager
def small_disk(mebibytes: int) -> Iterator[SmallDisk]:
    """Mount one; whatever uses it is stopped before it goes."""
    folder = Path(tempfile.mkdtemp(prefix="contreseing-disk-"))
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700", "tmpfs", str(folder))
        try:
            give(folder)
            yield SmallDisk(folder)
        finally:
            _run("umount", str(folder))
    finally:
        folder.rmdir()


def _write_until_full(file: FileIO, size: int) -> None:
    try:
        while file.write(bytes(size)) == size:
            pass
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  # mount and umount
    if done.returncode != 0:
        raise RuntimeError(f"{_REFUSED}{done.stderr.decode()}")
