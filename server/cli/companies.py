"""The command `import`: a company from a TOML file."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from approvals.checkers.cap import CapProfiles
from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.desk.imports import Company, ImportDesk, ImportParts
from approvals.desk.opening import Opening
from approvals.keys.house_secrets import LINKING, open_newest
from approvals.keys.software import seal_pan
from approvals.model.action import Action
from server.cli.company_file import read_company
from server.cli.config import ConfigOption, read_settings
from server.cli.house import House, open_house, open_keyring
from server.cli.screen import output
from server.foundation import read_all_profiles
from server.joining import terms_of
from server.settings import Settings


def import_company(
    file: Annotated[Path, typer.Argument(metavar="COMPANY.TOML", help="Subscription, users, cards, policies.")],
    *,
    secrets: Annotated[
        Path | None,
        typer.Option("--secrets", metavar="DIRECTORY", help="Where the files named in it are; beside it by default."),
    ] = None,
    adviser: Annotated[
        str | None, typer.Option("--adviser", metavar="NUMBER", help="The adviser whose portfolio it joins.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Bring in a company: subscription, accounts, users with their cards, powers and policies.

    Into a database stamped by `migrate --demo` it is written at once; anywhere else it waits for two advisers, who are
    shown users, signing powers and accounts, and approve with their authenticators.

    Examples: `contreseing import company.toml --secrets /run/secrets/company`, `contreseing import company.toml
    --adviser 001`
    """
    settings = read_settings(config)
    company = replace(read_company(file, secrets or file.parent), adviser=adviser)
    action = asyncio.run(_import(settings, company))
    if action is None:
        output.print(f"Brought in subscription {company.client_identifier}.")
    else:
        output.print(f"Subscription {company.client_identifier} waits for two advisers: action {action.id}.")


async def _import(settings: Settings, company: Company) -> Action | None:
    hasher = ConfidentialCodes()
    try:
        async with open_house(settings) as house:
            return await ImportDesk(await _parts(settings, house, hasher)).bring(company)
    finally:
        hasher.close()


async def _parts(settings: Settings, house: House, hasher: ConfidentialCodes) -> ImportParts:
    keyring = await open_keyring(settings, house)
    profiles = read_all_profiles(settings)
    linking = open_newest(keyring, LINKING, await house.desk.secrets(LINKING))
    return ImportParts(
        book=house.book,
        clock=house.clock,
        ids=house.ids,
        hasher=hasher,
        profiles=list(profiles.values()),
        seal_pan=partial(seal_pan, keyring),
        opening=Opening(ids=house.ids, profiles=CapProfiles(profiles, linking), terms=terms_of(settings)),
    )
