"""The command `certificates export-authorities`: what a proxy needs to ask PCs for their certificates."""

import asyncio
import ssl
from collections.abc import Sequence

import typer

from approvals.errors import InvalidRequest
from approvals.model.certificate import Authority, CertificateUse
from server.cli.config import ConfigOption, read_settings
from server.cli.house import open_house
from server.cli.screen import output
from server.settings import Settings

app = typer.Typer(help="Electronic certificates of people.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep the one command a command of its group."""


@app.command("export-authorities")
def export_authorities(*, config: ConfigOption = None) -> None:
    """Print, as PEM, the accepted authorities whose certificates sign in: nginx's `tls/authorities.pem`.

    Where one of them was issued by another authority, add that one's certificate below, up to the root.

    Example: `contreseing certificates export-authorities > /etc/nginx/tls/authorities.pem`
    """
    found = asyncio.run(_accepted(read_settings(config)))
    pinned = [each.certificate for each in found if CertificateUse.SIGN_IN in each.uses]
    if not pinned:
        raise InvalidRequest("no authority is accepted for sign-in")
    output.print("".join(ssl.DER_cert_to_PEM_cert(each) for each in pinned), end="", markup=False)


async def _accepted(settings: Settings) -> Sequence[Authority]:
    async with open_house(settings) as house:
        return await house.book.reading(lambda ledger: ledger.authorities.accepted())
