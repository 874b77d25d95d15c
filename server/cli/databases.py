"""The commands `migrate` and `restamp`."""

import asyncio
from typing import Annotated

import typer

from approvals.store.database import open_database
from approvals.store.migrate import migrate as migrate_database
from server.cli.house import ConfigOption, open_house, read_settings
from server.cli.screen import output
from server.foundation import identity_of
from server.settings import Settings

DemoStamp = Annotated[bool, typer.Option("--demo", help="Stamp an empty database as demo, for ever.")]


def migrate(*, config: ConfigOption = None, demo: DemoStamp = False) -> None:
    """Bring the database to the schema of this version; forward only.

    Where others use a table it has to alter, it changes nothing and ends with 75: try again.

    Examples: `contreseing migrate`, `contreseing migrate --config /etc/contreseing.toml`
    """
    asyncio.run(_migrate(read_settings(config), demo=demo))
    output.print("The database has the schema of this version.")


def restamp(*, config: ConfigOption = None) -> None:
    """Keep the database for the environment, issuer, audience and origin of these settings from now on.

    The first `serve` does it; type this once when one of them is changed on purpose, with every node stopped.

    Example: `contreseing restamp --config /etc/contreseing.toml`
    """
    asyncio.run(_restamp(read_settings(config)))
    output.print("The database is kept for these settings; nodes with others are refused.")


async def _restamp(settings: Settings) -> None:
    async with open_house(settings) as house:
        await house.desk.restamp(identity_of(settings))


async def _migrate(settings: Settings, *, demo: bool) -> None:
    database = await open_database(settings.database.url)
    try:
        await migrate_database(database, demo=demo)
    finally:
        await database.close()
