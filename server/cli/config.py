"""The option that names the settings of this installation, and how they are read."""

import os
from pathlib import Path
from typing import Annotated, Final

import typer

from server.settings import Settings, load

_DEFAULT: Final = Path("contreseing.toml")

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        envvar="CONTRESEING_CONFIG",
        metavar="FILE",
        help="Settings in TOML; contreseing.toml where there is one. CONTRESEING_SECTION__KEY overrides a setting.",
    ),
]


def read_settings(config: Path | None) -> Settings:
    """Read the file named, or the one that is there, and the environment. Raises SettingsError."""
    return load(config or (_DEFAULT if _DEFAULT.exists() else None), os.environ)
