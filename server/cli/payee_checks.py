"""The commands `payee-checks opt-out` and `opt-in`: what a company's contract says of its packages of orders."""

import asyncio
from datetime import date, datetime
from typing import Annotated

import typer

from approvals.desk.renouncing import RenouncingDesk
from server.cli.config import ConfigOption, read_settings
from server.cli.house import open_house
from server.cli.screen import output
from server.settings import Settings

app = typer.Typer(help="Verification of Payee, company by company.", no_args_is_help=True)

ClientArgument = Annotated[str, typer.Argument(metavar="CLIENT", help="The company's client identifier.")]


@app.command("opt-out")
def opt_out(
    client: ClientArgument,
    *,
    since: Annotated[
        datetime,
        typer.Option("--since", formats=["%Y-%m-%d"], help="Day of the company's renunciation; its signers read it."),
    ],
    config: ConfigOption = None,
) -> None:
    """Write down that a company wants no verification of the payees of its packages; single orders keep theirs.

    Example: `contreseing payee-checks opt-out 40718295 --since 2026-11-01`
    """
    asyncio.run(_write(read_settings(config), client, since.date()))
    output.print(f"{client}: packages are not verified, since {since.date()}.")


@app.command("opt-in")
def opt_in(client: ClientArgument, *, config: ConfigOption = None) -> None:
    """Write down that a company wants its packages verified again.

    Example: `contreseing payee-checks opt-in 40718295`
    """
    asyncio.run(_write(read_settings(config), client, None))
    output.print(f"{client}: packages are verified.")


async def _write(settings: Settings, client: str, since: date | None) -> None:
    async with open_house(settings) as house:
        await RenouncingDesk(book=house.book, clock=house.clock).write(client, since)
