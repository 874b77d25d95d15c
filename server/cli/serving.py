"""The command `serve`."""

from typing import Annotated

import typer

from server.__main__ import serve as run
from server.cli.checking import require_sound
from server.cli.config import ConfigOption, read_settings

DemoOption = Annotated[bool, typer.Option("--demo", help="Serve a database that `migrate --demo` stamped.")]


def serve(*, config: ConfigOption = None, demo: DemoOption = False) -> None:
    """Serve HTTP and the stream, deliver releases, sweep; until SIGTERM or Ctrl-C.

    Examples: `contreseing serve`, `contreseing serve --config /etc/contreseing.toml`
    """
    settings = read_settings(config)
    require_sound(settings)
    run(settings, demo=demo)
