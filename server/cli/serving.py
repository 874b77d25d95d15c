"""The commands `serve` and `check-config`."""

from typing import Annotated

import typer

from server import settings as rules
from server.__main__ import serve as run
from server.cli.house import ConfigOption, read_settings
from server.cli.screen import errors, output
from server.settings import Settings, SettingsError

DemoOption = Annotated[bool, typer.Option("--demo", help="Serve a database that `migrate --demo` stamped.")]


def serve(*, config: ConfigOption = None, demo: DemoOption = False) -> None:
    """Serve HTTP and the stream, deliver releases, sweep; until SIGTERM or Ctrl-C.

    Examples: `contreseing serve`, `contreseing serve --config /etc/contreseing.toml`
    """
    settings = read_settings(config)
    _require_sound(settings)
    run(settings, demo=demo)


def check_config(*, config: ConfigOption = None) -> None:
    """Read the settings as `serve` would, and say what is wrong with them.

    Example: `contreseing check-config --config /etc/contreseing.toml`
    """
    _require_sound(read_settings(config))
    output.print("The settings are sound.")


def _require_sound(settings: Settings) -> None:
    problems = rules.check(settings)
    for problem in problems:
        errors.print(problem, style="red", markup=False)
    if problems:
        raise SettingsError(f"{len(problems)} to mend before it can serve")
