"""Puts the commands together, and turns a refusal into one line and an exit code.

Exit codes: 0 done, 1 refused or failed, 2 typed wrongly, 3 wrong settings, 75 not now: try again (EX_TEMPFAIL).
"""

import os
import sys
from typing import Final

import typer

from approvals.errors import ApprovalError, StoreUnavailable
from server.cli import (
    advisers,
    audit_lines,
    audits,
    backups,
    cards,
    certificates,
    companies,
    databases,
    evidences,
    keys,
    letters,
    payee_checks,
    releases,
    serving,
    tariff,
)
from server.cli.screen import errors
from server.settings import SettingsError

_REFUSED: Final = 1
_WRONG_SETTINGS: Final = 3

app = typer.Typer(
    name="contreseing",
    help="Approval backend of a business bank: sensitive actions are held until countersigned by a strong means.",
    epilog="Begin with: contreseing check-config, contreseing migrate, contreseing keys init, contreseing serve",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they would show values
    rich_markup_mode="markdown",
    add_completion=False,
)
app.command("serve")(serving.serve)
app.command("check-config")(serving.check_config)
app.command("migrate")(databases.migrate)
app.command("restamp")(databases.restamp)
app.command("import")(companies.import_company)
app.command("backup")(backups.backup)
app.add_typer(advisers.app, name="advisers")
app.add_typer(backups.app, name="restore")
app.add_typer(cards.app, name="cards")
app.add_typer(certificates.app, name="certificates")
app.add_typer(tariff.app, name="tariff")
audits.app.command("list")(audit_lines.show)
app.add_typer(audits.app, name="audit")
app.add_typer(evidences.app, name="evidence")
app.add_typer(keys.app, name="keys")
app.add_typer(letters.app, name="letters")
app.add_typer(payee_checks.app, name="payee-checks")
app.add_typer(releases.app, name="releases")


def main() -> None:
    """Run what was typed; the entry point of the command `contreseing`."""
    try:
        app()
    except SettingsError as error:
        errors.print(str(error), style="red", markup=False)
        sys.exit(_WRONG_SETTINGS)
    except ApprovalError as error:
        errors.print(f"{error} [{error.code}]", style="red", markup=False)
        sys.exit(os.EX_TEMPFAIL if isinstance(error, StoreUnavailable) else _REFUSED)
