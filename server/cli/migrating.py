"""The command `migrate`: the database's schema, made or brought up."""

import asyncio
from typing import Annotated

import typer

from approvals.store.database import open_database
from approvals.store.migrate import migrate as migrate_database
from server.cli.config import ConfigOption, read_settings
from server.cli.screen import output
from server.settings import Settings

DemoStamp = Annotated[bool, typer.Option("--demo", help="Stamp an empty database as demo, for ever.")]


def migrate(*, config: ConfigOption = None, demo: DemoStamp = False) -> None:
    """Bring the database to the schema of this version; forward only.

    Where others use a table it has to alter, it changes nothing and ends with 75: try again.

    Examples: `contreseing migrate`, `contreseing migrate --config /etc/contreseing.toml`
    """
    asyncio.run(_migrate(read_settings(config), demo=demo))
    output.print("The database has the schema of this version.")


async def _migrate(settings: Settings, *, demo: bool) -> None:
    database = await open_database(settings.database.url)
    try:
        await migrate_database(database, demo=demo)
    finally:
        await database.close()
