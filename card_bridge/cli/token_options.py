"""What the commands that use a USB key share."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

ModuleOption = Annotated[
    Path,
    typer.Option(
        "--module",
        envvar="CONTRESEING_PKCS11",
        metavar="FILE",
        help="Le pilote PKCS#11 de la clé USB / the USB key's PKCS#11 driver.",
    ),
]

OptionalModuleOption = Annotated[
    Path | None,
    typer.Option(
        "--module",
        envvar="CONTRESEING_PKCS11",
        metavar="FILE",
        help="Le pilote PKCS#11 d'une clé USB / a USB key's PKCS#11 driver.",
    ),
]


def now() -> datetime:
    """Return this PC's time, UTC: enough to choose a certificate by; the bank judges by its own."""
    return datetime.fromtimestamp(time.time(), UTC)
