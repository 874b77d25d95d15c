"""The command `import`: a company from a TOML file, into a demo database."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.desk.imports import ImportDesk
from approvals.keys.software import seal_pan
from approvals.model.person import Subscription
from server.cli.company_file import read_company
from server.cli.house import ConfigOption, open_house, open_keyring, read_settings
from server.cli.screen import output
from server.foundation import read_all_profiles
from server.settings import Settings


def import_company(
    file: Annotated[Path, typer.Argument(metavar="COMPANY.TOML", help="Subscription, users, cards, policies.")],
    *,
    secrets: Annotated[
        Path | None,
        typer.Option("--secrets", metavar="DIRECTORY", help="Where the files named in it are; beside it by default."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Bring in a company: subscription, accounts, users with their cards, powers and policies.

    It writes into a database stamped by `migrate --demo` only; anywhere else two advisers approve a company.

    Example: `contreseing import company.toml --secrets /run/secrets/company`
    """
    settings = read_settings(config)
    subscription = asyncio.run(_import(settings, file, secrets or file.parent))
    output.print(f"Brought in subscription {subscription.client_identifier}.")


async def _import(settings: Settings, file: Path, secrets: Path) -> Subscription:
    company = read_company(file, secrets)
    hasher = ConfidentialCodes()
    try:
        async with open_house(settings) as house:
            desk = ImportDesk(
                book=house.book,
                clock=house.clock,
                ids=house.ids,
                hasher=hasher,
                profiles=list(read_all_profiles(settings).values()),
                seal_pan=partial(seal_pan, await open_keyring(settings, house)),
            )
            return await desk.write(company)
    finally:
        hasher.close()
