"""Puts the commands together, and turns a refusal into one line and an exit code.

Exit codes: 0 done, 1 refused or failed, 2 typed wrongly, 3 wrong settings, 75 not now: try again (EX_TEMPFAIL).
"""

import os
import sys
from collections.abc import Sequence
from pkgutil import resolve_name
from typing import Final

from typer import Typer

from approvals.errors import ApprovalError, StoreUnavailable
from server.cli.screen import errors
from server.settings import SettingsError

_REFUSED: Final = 1
_WRONG_SETTINGS: Final = 3

_COMMANDS: Final = {
    "serve": "server.cli.serving:serve",
    "check-config": "server.cli.checking:check_config",
    "migrate": "server.cli.migrating:migrate",
    "restamp": "server.cli.restamping:restamp",
    "import": "server.cli.companies:import_company",
    "backup": "server.cli.backups:backup",
    "advisers": "server.cli.advisers:app",
    "restore": "server.cli.backups:app",
    "cards": "server.cli.cards:app",
    "certificates": "server.cli.certificates:app",
    "tariff": "server.cli.tariff:app",
    "audit": "server.cli.audits:app",
    "evidence": "server.cli.evidences:app",
    "keys": "server.cli.keys:app",
    "letters": "server.cli.letters:app",
    "payee-checks": "server.cli.payee_checks:app",
    "releases": "server.cli.releases:app",
}
"""Where each word's function is, or the `Typer` of the commands under it.

Named, not imported: a process pays for the libraries of the one command it runs, and no other (`command_line`).
"""


def main() -> None:
    """Run what was typed; the entry point of the command `contreseing`."""
    try:
        command_line(sys.argv[1:])()
    except SettingsError as error:
        errors.print(str(error), style="red", markup=False)
        sys.exit(_WRONG_SETTINGS)
    except ApprovalError as error:
        errors.print(f"{error} [{error.code}]", style="red", markup=False)
        sys.exit(os.EX_TEMPFAIL if isinstance(error, StoreUnavailable) else _REFUSED)


def command_line(typed: Sequence[str]) -> Typer:
    """Return the command that is typed; all of them where it is none: for help, and to say what was meant."""
    app = Typer(
        name="contreseing",
        help="Approval backend of a business bank: sensitive actions are held until countersigned by a strong means.",
        epilog="Begin with: contreseing check-config, contreseing migrate, contreseing keys init, contreseing serve",
        no_args_is_help=True,
        pretty_exceptions_enable=False,  # they would show values
        rich_markup_mode="markdown",
        add_completion=False,
    )
    app.callback()(_nothing_before_the_command)
    for name in typed[:1] if typed and typed[0] in _COMMANDS else _COMMANDS:
        _add(app, name)
    return app


def _nothing_before_the_command() -> None:
    """Without it, Typer takes a command that is alone for the whole command line, and its name for an argument."""


def _add(app: Typer, name: str) -> None:
    found = resolve_name(_COMMANDS[name])
    if isinstance(found, Typer):
        app.add_typer(found, name=name)
    else:
        app.command(name)(found)
