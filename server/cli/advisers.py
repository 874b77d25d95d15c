"""The commands under `advisers`: making the first two. Everything later is approved by two of them (RULES 26).

An operator runs this machine and is never an adviser: no command signs in, asks for an act or approves one.
"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from approvals.credentials import activation
from approvals.desk.advisers import AdviserDesk, Founder
from approvals.errors import ApprovalError
from server.cli.config import ConfigOption, read_settings
from server.cli.house import House, open_house
from server.cli.screen import output, require_absent, show_table, write_secret
from server.settings import Settings

app = typer.Typer(help="The bank's own people, who give companies and persons access.", no_args_is_help=True)

NumberOption = Annotated[str, typer.Option(metavar="NUMBER", help="What the adviser signs in with; no secret.")]
NameOption = Annotated[str, typer.Option(metavar="NAME", help="As colleagues read it.")]
SecretOption = Annotated[Path, typer.Option(metavar="FILE", help="New file for the adviser's one-use secret.")]


@app.command("bootstrap")
def bootstrap(
    *,
    first_number: NumberOption,
    first_name: NameOption,
    first_secret: SecretOption,
    second_number: NumberOption,
    second_name: NameOption,
    second_secret: SecretOption,
    bank: Annotated[str, typer.Option("--bank", metavar="NAME", help="The bank, as advisers read it.")] = "Banque",
    config: ConfigOption = None,
) -> None:
    """Make the first two advisers of a house that has none; works once.

    Each file, mode 0600, holds one adviser's secret: bring it to them by a way of its own, and delete it. It is good
    for thirty days, at POST /v1/advisers/activation.

    Example: `contreseing advisers bootstrap --first-number 001 --first-name "D. Royer" --first-secret royer.secret
    --second-number 002 --second-name "F. Benali" --second-secret benali.secret`
    """
    settings = read_settings(config)
    first, second = (first_number, first_name, first_secret), (second_number, second_name, second_secret)
    asyncio.run(_bootstrap(settings, first, second, bank))
    for number, _, path in (first, second):
        output.print(f"Adviser {number} comes in with the secret in {path.name}.")


@app.command("list")
def show(*, config: ConfigOption = None) -> None:
    """List advisers by number, those who left included; no names.

    Example: `contreseing advisers list`
    """
    settings = read_settings(config)
    colleagues = asyncio.run(_list(settings))
    show_table(("number", "role", "status", "id"), colleagues)


async def _bootstrap(
    settings: Settings, first: tuple[str, str, Path], second: tuple[str, str, Path], bank: str
) -> None:
    """Write the files first: a secret nobody can read any more could not be made again."""
    async with open_house(settings) as house:
        founders = [_founder(house, *each) for each in (first, second)]
        try:
            await _desk(house).bootstrap(founders[0], founders[1], house_name=bank)
        except ApprovalError:
            for _, _, path in (first, second):
                path.unlink()
            raise


def _founder(house: House, number: str, name: str, path: Path) -> Founder:
    require_absent(path)
    secret = house.ids.letter_secret()
    write_secret(path, activation.written(secret))
    return Founder(number=number, name=name, secret=secret)


async def _list(settings: Settings) -> list[tuple[str, ...]]:
    async with open_house(settings) as house:
        colleagues = await _desk(house).colleagues()
        return [(each.user.number, each.adviser.role, each.user.status, each.user.id) for each in colleagues]


def _desk(house: House) -> AdviserDesk:
    return AdviserDesk(book=house.book, clock=house.clock, ids=house.ids)
