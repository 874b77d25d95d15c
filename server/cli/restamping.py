"""The command `restamp`: for whom the database is kept, changed on purpose."""

import asyncio

from server.cli.config import ConfigOption, read_settings
from server.cli.house import open_house
from server.cli.screen import output
from server.foundation import identity_of
from server.settings import Settings


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
