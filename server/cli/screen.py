"""Where commands write: results on the output, refusals on the error output; and files that hold a secret."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from approvals.errors import InvalidRequest

_WIDEST: Final = 1000  # columns; a terminal wraps, a pipe gets the whole line

output = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)
_tables = Console(highlight=False, width=_WIDEST)


def show_table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Show rows under their headings, never cut short: what is shown may be piped on."""
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*row)
    _tables.print(table)


def moment(at: datetime | None) -> str:
    """Return a time to the second, UTC; a dash where there is none."""
    return f"{at:%Y-%m-%d %H:%M:%SZ}" if at else "-"


def require_absent(path: Path) -> None:
    """Raise InvalidRequest when the file is there: asked before a secret is made that would have nowhere to go."""
    if path.exists():
        raise InvalidRequest(f"{path.name} is there already: name another file")


def write_secret(path: Path, secret: str) -> None:
    """Write a new file that its owner alone may read. Raises InvalidRequest when there is one already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InvalidRequest(f"{path.name} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{secret}\n")


def read_secret(path: Path) -> str:
    """Return the one line of a file. Raises InvalidRequest when it cannot be read or holds more."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise InvalidRequest(f"{path.name} cannot be read") from None
    if len(lines) != 1 or not lines[0].strip():
        raise InvalidRequest(f"{path.name} must hold one line")
    return lines[0].strip()
