"""The commands `releases list` and `releases resend`: what is on its way to the bank's core."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from approvals.delivery import Patience
from approvals.desk.deliveries import DeliveryDesk
from approvals.model.ids import ReleaseId, UserId
from approvals.model.release import DeliveryStatus, Release
from server.cli.config import ConfigOption, read_settings
from server.cli.house import open_house
from server.cli.screen import moment, output, show_table
from server.settings import Settings

app = typer.Typer(help="Releases on their way to the bank's core.", no_args_is_help=True)

StatusOption = Annotated[DeliveryStatus, typer.Option("--status", help="Which deliveries.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most, oldest first.")]


class _Nobody:
    """No device is connected to this process: the server tells people."""

    async def announce(self, heads: Mapping[UserId, int]) -> None:
        del heads


@app.command("list")
def show(
    *, status: StatusOption = DeliveryStatus.GIVEN_UP, limit: LimitOption = 100, config: ConfigOption = None
) -> None:
    """List deliveries; those given up unless told otherwise.

    Examples: `contreseing releases list`, `contreseing releases list --status due`
    """
    found = asyncio.run(_list(read_settings(config), status, limit))
    rows = [
        (each.id, each.action_id, str(each.attempts), moment(each.created_at), each.last_error or "-") for each in found
    ]
    show_table(("release", "action", "attempts", "created", "last error"), rows)


@app.command("resend")
def resend(
    releases: Annotated[list[str], typer.Argument(metavar="RELEASE...", help="Ids, as `releases list` shows them.")],
    *,
    config: ConfigOption = None,
) -> None:
    """Make deliveries that were given up due again: the same bytes under the same webhook id.

    Example: `contreseing releases resend rel_01k9…`
    """
    for release in asyncio.run(_resend(read_settings(config), list(map(ReleaseId, releases)))):
        output.print(f"{release.id} {release.status}")


async def _list(settings: Settings, status: DeliveryStatus, limit: int) -> Sequence[Release]:
    async with open_house(settings) as house:
        desk = DeliveryDesk(book=house.book, clock=house.clock, announcer=_Nobody(), patience=Patience())
        return await desk.listed(status, limit)


async def _resend(settings: Settings, release_ids: Sequence[ReleaseId]) -> list[Release]:
    async with open_house(settings) as house:
        desk = DeliveryDesk(book=house.book, clock=house.clock, announcer=_Nobody(), patience=Patience())
        return [await desk.resend(release_id) for release_id in release_ids]
