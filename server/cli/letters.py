"""The commands `letters list` and `letters print`: activation secrets on paper, where no mail house calls the API."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from approvals.desk.letters import Addressed, LetterDesk, Printed
from approvals.model.activation import LetterStatus
from approvals.model.ids import UserId
from channels.views.letters import letter_text
from server.cli.config import ConfigOption, read_settings
from server.cli.house import open_house
from server.cli.screen import moment, output, require_absent, show_table, write_secret
from server.settings import Settings

app = typer.Typer(help="Letters that let a person choose their confidential code.", no_args_is_help=True)

StatusOption = Annotated[LetterStatus, typer.Option("--status", help="Which letters.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most.")]


@app.command("list")
def show(*, status: StatusOption = LetterStatus.DUE, limit: LimitOption = 100, config: ConfigOption = None) -> None:
    """List letters and whose they are; those due unless told otherwise.

    Examples: `contreseing letters list`, `contreseing letters list --status printed`
    """
    letters = asyncio.run(_list(read_settings(config), status, limit))
    rows = [
        (
            each.user.id,
            each.subscription.client_identifier,
            each.user.number,
            moment(each.activation.ordered_at),
            moment(each.activation.printed_at),
            moment(each.activation.expires_at),
        )
        for each in letters
    ]
    show_table(("user", "client", "number", "ordered", "printed", "expires"), rows)


@app.command("print")
def print_letter(
    user: Annotated[str, typer.Argument(help="The person's id, as `letters list` shows it.")],
    *,
    output_file: Annotated[Path, typer.Option("--output", help="A new file of mode 0600 for the letter's text.")],
    config: ConfigOption = None,
) -> None:
    """Make the secret of a letter and write its text; printed again, the former secret is void.

    The text names no client identifier and no user number: never send them with it.

    Example: `contreseing letters print usr_01k9… --output letter.txt`
    """
    settings = read_settings(config)
    require_absent(output_file)
    printed = asyncio.run(_print(settings, UserId(user)))
    text = letter_text(printed, settings.server.public_origin)
    write_secret(output_file, "\n\n".join([text.title, *text.lines]))
    output.print(f"Written to {output_file}. It serves until {moment(printed.expires_at)}.")


async def _list(settings: Settings, status: LetterStatus, limit: int) -> Sequence[Addressed]:
    async with open_house(settings) as house:
        desk = LetterDesk(book=house.book, clock=house.clock, ids=house.ids)
        return (await desk.browse(status, None, limit)).items


async def _print(settings: Settings, user_id: UserId) -> Printed:
    async with open_house(settings) as house:
        return await LetterDesk(book=house.book, clock=house.clock, ids=house.ids).print("operator", user_id)
