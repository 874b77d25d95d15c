"""The commands `backup` and `restore`: the database into one file, and back without releasing anything twice."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from approvals.delivery import Recollection
from approvals.desk.restoring import Anchoring, Finished, RestoringDesk
from approvals.errors import InvalidRequest, RestoreUnfinished
from approvals.keys.house_secrets import WEBHOOK, open_newest
from approvals.model.ids import ActionId
from approvals.store.backup import back_up, mark_restored, restore
from approvals.store.database import open_database
from approvals.store.migrate import require_schema
from server.cli.config import ConfigOption, read_settings
from server.cli.house import House, open_house, open_keyring
from server.cli.screen import output
from server.cli.trust import heads_in, kept_heads
from server.clock import SystemClock
from server.outside.core import CoreWebhook
from server.outside.webhook import open_session
from server.settings import Settings

app = typer.Typer(help="Come back from a backup, in two steps.", no_args_is_help=True)

_AT_ONCE: Final = 8

ActionsOption = Annotated[
    list[str] | None, typer.Option(metavar="ACTION", help="Looked up at the core by a person; give it once an action.")
]


HeadsOption = Annotated[
    list[Path] | None,
    typer.Option("--heads", metavar="FILE", help="Heads kept outside, once a file; the settings' file without it."),
]
_ANCHORING: Final = {
    Anchoring.NOT_COMPARED: "The audit was compared with nothing: no head is kept outside.",
    Anchoring.SAME: "The audit's last head is the last one outside: no sealed row is lost.",
    Anchoring.BEHIND: "The audit is BEHIND the heads outside: {lost} sealed rows are lost.",
    Anchoring.OTHER: "The audit's last head is NONE of those outside: it is another history.",
}


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="New file; its owner alone may read it.")],
    *,
    config: ConfigOption = None,
) -> None:
    """Copy the database into a file while it is served. Its secrets are sealed; keep the key file elsewhere.

    Example: `contreseing backup /var/backups/contreseing-2026-11-23`
    """
    asyncio.run(back_up(read_settings(config).database.url, file))
    output.print(f"Backed up to {file}.")


@app.command("begin")
def begin(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="Made by `backup`; without it, the database was brought back otherwise."),
    ] = None,
    *,
    config: ConfigOption = None,
) -> None:
    """Bring a backup into the empty database of the settings; stop every node first.

    From then on it is served, but nothing is released and no code of a card counts, until `restore finish`.

    Example: `contreseing restore begin /var/backups/contreseing-2026-11-23`
    """
    asyncio.run(_begin(read_settings(config), file))
    output.print("The database is back. Next: contreseing restore finish")


@app.command("finish")
def finish(
    *,
    released: ActionsOption = None,
    not_released: ActionsOption = None,
    heads: HeadsOption = None,
    config: ConfigOption = None,
) -> None:
    """Ask the bank's core which open actions it carried out since the backup, and let approvals go on.

    Where the core does not say, a person looks the action up there and says so. The restored audit is compared with
    the heads kept outside, and what came of it is recorded.

    Examples: `contreseing restore finish`, `contreseing restore finish --released act_01k9… --not-released act_01kb…`
    """
    said = _said(released or (), not_released or ())
    finished = asyncio.run(_finish(read_settings(config), said, heads))
    output.print(f"{finished.recognised} actions were carried out since the backup.")
    output.print(_ANCHORING[finished.anchoring].format(lost=finished.lost))
    for action_id in finished.undecided:
        output.print(f"{action_id}: the core does not say")
    if finished.undecided:
        raise RestoreUnfinished("look these up at the core, then say --released or --not-released for each")
    output.print("Finished. Cards count again once they are resynchronised.")


def _said(released: Sequence[str], not_released: Sequence[str]) -> dict[ActionId, Recollection]:
    if set(released) & set(not_released):
        raise InvalidRequest("an action was released, or it was not")
    yes = dict.fromkeys(map(ActionId, released), Recollection.CARRIED_OUT)
    return yes | dict.fromkeys(map(ActionId, not_released), Recollection.NEVER_SEEN)


async def _begin(settings: Settings, file: Path | None) -> None:
    now = SystemClock().now()
    if file is not None:
        await restore(settings.database.url, file, now)
        return
    database = await open_database(settings.database.url)
    try:
        await require_schema(database)
        await mark_restored(database, now)
    finally:
        await database.close()


async def _finish(settings: Settings, said: Mapping[ActionId, Recollection], heads: Sequence[Path] | None) -> Finished:
    outside = [signed.head for signed in heads_in(kept_heads(settings, heads))]
    async with open_house(settings) as house:
        desk = RestoringDesk(book=house.book, clock=house.clock)
        unsettled = await desk.unsettled()
        if not said.keys() <= set(unsettled):
            raise InvalidRequest("an action named is none that the backup has open")
        asked = [action_id for action_id in unsettled if action_id not in said]
        return await desk.finish({**said, **await _ask_core(settings, house, asked)}, outside)


async def _ask_core(settings: Settings, house: House, actions: Sequence[ActionId]) -> dict[ActionId, Recollection]:
    if settings.core.webhook is None:
        return dict.fromkeys(actions, Recollection.NO_ANSWER)
    keyring = await open_keyring(settings, house)
    secret = open_newest(keyring, WEBHOOK, await house.desk.secrets(WEBHOOK)).decode()
    turns = asyncio.Semaphore(_AT_ONCE)
    async with open_session() as session:
        core = CoreWebhook(session=session, url=settings.core.webhook, secret=secret, clock=house.clock)

        async def recall(action_id: ActionId) -> Recollection:
            async with turns:
                return await core.recall(action_id)

        return dict(zip(actions, await asyncio.gather(*map(recall, actions)), strict=True))
