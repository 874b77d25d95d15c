"""What `pair` and `run` have in common: where the bridge keeps who it is."""

import os
from pathlib import Path
from typing import Annotated

import typer

FileOption = Annotated[
    Path | None,
    typer.Option("--file", help="Où le pont garde sa clé / where the bridge keeps its key [~/.local/state/…]."),
]


def state_file(named: Path | None) -> Path:
    """Return the file named, or the one in the person's state folder (XDG Base Directory)."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return named or state / "contreseing-bridge" / "paired.json"
