"""The commands under `keys`: the keyring, the secrets it seals, and the keys of the bank's own systems.

A secret comes from a file or a hidden prompt and goes to a new file of mode 0600: never to the command line, where
every process of the machine reads it, and never to the screen.
"""

import asyncio
import base64
import secrets
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from approvals.desk.resealing import Resealed, ResealingDesk, Sealing
from approvals.errors import InvalidRequest
from approvals.keys.audit_signer import KIND as AUDIT
from approvals.keys.audit_signer import make_audit_key
from approvals.keys.canaries import CANARY, make_canary, require_canaries
from approvals.keys.house_secrets import (
    ISSUER_KEY,
    LINKING,
    MAKER_WEBHOOKS,
    WEBHOOK,
    make_house_secrets,
    make_issuer_key,
    open_newest,
    reseal_secret,
)
from approvals.keys.keyring import new_version_line, read_key_file
from approvals.keys.push_secrets import VAPID, make_vapid_key, reseal_target
from approvals.keys.release_signer import KIND as RELEASE
from approvals.keys.release_signer import make_release_key
from approvals.keys.software import reseal_pan
from approvals.model.api_key import Scope
from approvals.model.card_order import Maker
from approvals.model.ids import ApiKeyId
from server.cli.config import ConfigOption, read_settings
from server.cli.house import open_house, open_keyring
from server.cli.screen import moment, output, read_secret, require_absent, show_table, write_secret
from server.issuer_keys import is_in_token, put_in_token
from server.settings import Settings

app = typer.Typer(help="The keyring, what it seals, and the keys of the bank's own systems.", no_args_is_help=True)

_ISSUER_KEY_DIGITS: Final = 32
_KINDS: Final = (CANARY, RELEASE, AUDIT, WEBHOOK, *MAKER_WEBHOOKS.values(), LINKING, VAPID, ISSUER_KEY)


class Neighbour(StrEnum):
    """Who checks our signatures, each with a secret of their own."""

    CORE = "core"
    MANUFACTURER = "manufacturer"
    PIN_PRINTER = "pin_printer"


_WEBHOOKS: Final = {
    Neighbour.CORE: WEBHOOK,
    Neighbour.MANUFACTURER: MAKER_WEBHOOKS[Maker.MANUFACTURER],
    Neighbour.PIN_PRINTER: MAKER_WEBHOOKS[Maker.PIN_PRINTER],
}
NeighbourOption = Annotated[Neighbour, typer.Option("--to", help="Whose secret it is.")]


OutputOption = Annotated[
    Path, typer.Option("--output", metavar="FILE", help="New file for the secret; its owner alone may read it.")
]


@app.command("init")
def init(*, config: ConfigOption = None) -> None:
    """Make the key file where there is none, and the secrets of a new house sealed under it.

    A house that has its secrets keeps them, and gets what it lacks since a version needs more: typed again, it does no
    harm. Keep the key file and the database's backups apart.

    Example: `contreseing keys init`
    """
    settings = read_settings(config)
    path = Path(settings.keyring.file)
    if not path.exists():
        write_secret(path, f"1 {base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}")
        output.print(f"Made the key file {path}.")
    output.print(asyncio.run(_init(settings)))


@app.command("list")
def show(*, config: ConfigOption = None) -> None:
    """List secrets and API keys: names and dates, nothing secret.

    Example: `contreseing keys list`
    """
    asyncio.run(_show(read_settings(config)))


@app.command("add-api-key")
def add_api_key(
    name: Annotated[str, typer.Argument(help="Which of the bank's systems it is for.")],
    *,
    scope: Annotated[list[Scope], typer.Option("--scope", help="What it may do; give it once a scope.")],
    output_file: OutputOption,
    config: ConfigOption = None,
) -> None:
    """Make an API key for one of the bank's systems. It opens, reads and withdraws; it can never answer.

    Example: `contreseing keys add-api-key core --scope open --scope read --output core.key`
    """
    asyncio.run(_add_api_key(read_settings(config), name, frozenset(scope), output_file))


@app.command("revoke-api-key")
def revoke_api_key(
    key: Annotated[str, typer.Argument(help="Its id, as `keys list` shows it.")], *, config: ConfigOption = None
) -> None:
    """Shut an API key out, at once.

    Example: `contreseing keys revoke-api-key key_01k9…`
    """
    asyncio.run(_revoke_api_key(read_settings(config), ApiKeyId(key)))
    output.print("Revoked.")


@app.command("add-keyring-version")
def add_keyring_version(*, config: ConfigOption = None) -> None:
    """Add a new key to the key file. Copy the file to every node, then run `keys rotate-keyring`.

    Example: `contreseing keys add-keyring-version`
    """
    path = Path(read_settings(config).keyring.file)
    read_key_file(path)
    try:
        with path.open("r+", encoding="ascii") as file:  # in its place: owner, mode and a container's mount stay
            file.write(new_version_line(file.read()))
    except OSError as error:
        raise InvalidRequest(f"{path.name} cannot be written: {error.strerror}") from None
    output.print("Added. Copy the key file to every node, then: contreseing keys rotate-keyring")


@app.command("rotate-keyring")
def rotate_keyring(*, config: ConfigOption = None) -> None:
    """Seal everything anew under the newest key of the key file, while nodes run.

    Stopped halfway, it is run again. The older keys may go once no backup sealed under them is kept.

    Example: `contreseing keys rotate-keyring`
    """
    resealed = asyncio.run(_rotate_keyring(read_settings(config)))
    output.print(f"Sealed anew: {resealed.secrets} secrets, {resealed.cards} cards, {resealed.targets} push targets.")


@app.command("rotate-release")
def rotate_release(*, config: ConfigOption = None) -> None:
    """Make a new release key; nodes sign with it within half a minute, and the old public keys stay published.

    Example: `contreseing keys rotate-release`
    """
    output.print(f"Within half a minute, key {asyncio.run(_rotate_release(read_settings(config)))} signs.")


@app.command("rotate-audit")
def rotate_audit(*, config: ConfigOption = None) -> None:
    """Make a new audit key; nodes sign heads and evidence with it within half a minute. Auditors pin it too.

    Example: `contreseing keys rotate-audit`
    """
    output.print(f"Within half a minute, key {asyncio.run(_rotate_audit(read_settings(config)))} signs.")


@app.command("import-issuer")
def import_issuer(
    issuer_key: Annotated[str, typer.Argument(metavar="ID", help="What cards call it.")],
    *,
    version: Annotated[int, typer.Option("--version", min=1, help="Its version at the card maker.")] = 1,
    file: Annotated[
        Path | None, typer.Option("--file", help="Holds the key in 32 hexadecimal digits; asked for without it.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Take in an issuer key, from which card keys are derived; it is sealed, or put into the token of the settings.

    Examples: `contreseing keys import-issuer demo`, `contreseing keys import-issuer demo --version 2 --file key.hex`
    """
    text = read_secret(file) if file else typer.prompt("Issuer key (32 hexadecimal digits)", hide_input=True)
    settings = read_settings(config)
    if is_in_token(settings.issuer_keys):
        put_in_token(settings.issuer_keys, issuer_key, version, _read_issuer_key(text))
    else:
        asyncio.run(_import_issuer(settings, issuer_key, version, _read_issuer_key(text)))
    output.print(f"Took in issuer key {issuer_key} version {version}.")


@app.command("export-webhook")
def export_webhook(
    *, to: NeighbourOption = Neighbour.CORE, output_file: OutputOption, config: ConfigOption = None
) -> None:
    """Write a webhook secret to a file, for the bank's core or a maker of cards to check our signatures with.

    Examples: `contreseing keys export-webhook --output webhook.secret`,
    `contreseing keys export-webhook --to pin_printer --output printer.secret`
    """
    asyncio.run(_export_webhook(read_settings(config), _WEBHOOKS[to], output_file))
    output.print(f"Wrote {output_file}.")


def _read_issuer_key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(text) != _ISSUER_KEY_DIGITS or len(key) * 2 != _ISSUER_KEY_DIGITS:
        raise InvalidRequest(f"an issuer key has {_ISSUER_KEY_DIGITS} hexadecimal digits")
    return key


async def _init(settings: Settings) -> str:
    """Return what was done."""
    async with open_house(settings) as house:
        keyring = read_key_file(Path(settings.keyring.file))
        canaries = await house.desk.secrets(CANARY)
        if not canaries:
            await house.desk.keep(make_house_secrets(keyring, house.clock.now()), code="house_secrets_made")
            return "Made the house's secrets."
        require_canaries(keyring, canaries)
        if await house.desk.secrets(VAPID):
            return "The house has its secrets already."
        await house.desk.keep([make_vapid_key(keyring, house.clock.now())], code="vapid_key_made")
        return "The house has its secrets already; made the VAPID key, for Web Push."


async def _show(settings: Settings) -> None:
    async with open_house(settings) as house:
        found = [secret for kind in _KINDS for secret in await house.desk.secrets(kind)]
        keys = await house.desk.api_keys()
    show_table(
        ("secret", "id", "version", "made"),
        [(each.kind, each.id, str(each.version), moment(each.created_at)) for each in found],
    )
    show_table(
        ("API key", "name", "scopes", "made", "revoked"),
        [
            (key.id, key.name, " ".join(sorted(key.scopes)), moment(key.created_at), moment(key.revoked_at))
            for key in keys
        ],
    )


async def _add_api_key(settings: Settings, name: str, scopes: frozenset[Scope], path: Path) -> None:
    require_absent(path)
    async with open_house(settings) as house:
        issued = await house.desk.add_api_key(name, scopes)
        write_secret(path, issued.token)
    output.print(f"Made {issued.key.id}; its token is in {path}.")


async def _revoke_api_key(settings: Settings, key_id: ApiKeyId) -> None:
    async with open_house(settings) as house:
        await house.desk.revoke_api_key(key_id)


async def _rotate_keyring(settings: Settings) -> Resealed:
    async with open_house(settings) as house:
        keyring = await open_keyring(settings, house)
        sealing = Sealing(
            canary=make_canary(keyring, house.clock.now()),
            secret=partial(reseal_secret, keyring),
            pan=partial(reseal_pan, keyring),
            target=partial(reseal_target, keyring),
        )
        return await ResealingDesk(book=house.book, clock=house.clock, sealing=sealing).run()


async def _rotate_release(settings: Settings) -> str:
    async with open_house(settings) as house:
        key = make_release_key(await open_keyring(settings, house), house.clock.now())
        await house.desk.keep([key], code="release_key_rotated")
        return key.id


async def _rotate_audit(settings: Settings) -> str:
    async with open_house(settings) as house:
        key = make_audit_key(await open_keyring(settings, house), house.clock.now())
        await house.desk.keep([key], code="audit_key_rotated")
        return key.id


async def _import_issuer(settings: Settings, issuer_key_id: str, version: int, issuer_key: bytes) -> None:
    async with open_house(settings) as house:
        keyring = await open_keyring(settings, house)
        sealed = make_issuer_key(keyring, issuer_key_id, version, issuer_key, house.clock.now())
        await house.desk.keep([sealed], code="issuer_key_imported")


async def _export_webhook(settings: Settings, kind: str, path: Path) -> None:
    async with open_house(settings) as house:
        keyring = await open_keyring(settings, house)
        secret = open_newest(keyring, kind, await house.desk.secrets(kind))
    write_secret(path, secret.decode())
