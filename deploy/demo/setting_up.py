"""Makes the demo's bank from nothing: settings, database, keys, company, card; by the product's own commands.

Whatever an earlier run left is thrown away. The issuer key exists in a file only until it is sealed and the card
is personalised.
"""

import asyncio
import json
import os
import secrets
import shutil
import sys
from pathlib import Path

from approvals.cap.profile import profile_for
from approvals.cap.tables import published_profiles
from deploy.demo import places as known
from deploy.demo.advisers import ADVISERS, bootstrap_arguments, let_advisers_in
from deploy.demo.card import personalise
from deploy.demo.places import Places


class SetUpFailed(Exception):
    """A command of the product refused; the text is what it said."""


async def set_up(places: Places, contreseing: Path) -> None:
    """Leave everything ready to be served; `contreseing` is the command installed. Raises SetUpFailed."""
    _make_room(places)
    write_settings(places)
    secret_files = _write_secrets(places)
    await _run(places, contreseing, "check-config")
    await _run(places, contreseing, "migrate", "--demo")
    await _run(places, contreseing, "keys", "init")
    async with asyncio.TaskGroup() as group:
        for keys in (
            ("import-issuer", known.ISSUER_KEY, "--file", str(secret_files / "issuer.hex")),
            ("add-api-key", "core", "--scope", "open", "--scope", "read", "--output", str(places.api_key)),
            ("add-api-key", "online-bank", "--scope", "widget", "--output", str(places.widget_key)),
            ("export-webhook", "--output", str(places.webhook_secret)),
        ):
            group.create_task(_run(places, contreseing, "keys", *keys))
    await _run(places, contreseing, *bootstrap_arguments(secret_files))
    await let_advisers_in(places, secret_files)
    into = ("--secrets", str(secret_files), "--adviser", ADVISERS[0][0])
    for name in known.COMPANIES:
        await _run(places, contreseing, "import", str(Path(__file__).with_name(name)), *into)
    _make_card(places.card, known.PAN, secret_files)
    for name, pan in known.OTHER_PANS.items():
        _make_card(places.card_of(name), pan, secret_files)
    shutil.rmtree(secret_files)


def installed_command() -> Path:
    """Return the command `contreseing` of this virtual environment."""
    return Path(sys.executable).with_name("contreseing")


def environment(places: Places) -> dict[str, str]:
    """Return an environment in which nothing but the demo's own settings counts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONTRESEING_")}
    return {**kept, "CONTRESEING_CONFIG": str(places.settings), "PYTHONUNBUFFERED": "1"}


async def _run(places: Places, contreseing: Path, *arguments: str) -> None:
    """Run one command to its end. Raises SetUpFailed."""
    process = await asyncio.create_subprocess_exec(
        contreseing,
        *arguments,
        env=environment(places),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise SetUpFailed(f"contreseing {' '.join(arguments)}: {said.decode(errors='replace').strip()}")


def _make_room(places: Places) -> None:
    """Throw away an earlier run's folder, and no other: somebody may name a folder of their own by mistake."""
    if places.home.exists():
        if any(places.home.iterdir()) and not places.settings.exists():
            raise SetUpFailed(f"{places.home} holds other things than a demo: name another folder")
        shutil.rmtree(places.home)
    places.core_folder.mkdir(parents=True, mode=0o700)


def write_settings(places: Places) -> None:
    """Say where everything is; JSON's strings and numbers are TOML's too."""
    sections: dict[str, dict[str, str | int | list[str]]] = {
        "server": {"port": places.server_port, "public_origin": places.server},
        "database": {"url": f"sqlite:///{places.database}"},
        "approvals": {
            "environment": known.ENVIRONMENT,
            "issuer": known.ISSUER,
            "audience": known.AUDIENCE,
        },
        "keyring": {"file": str(places.keyring)},
        "core": {"webhook": f"{places.core}/releases"},
        "audit": {"heads_file": str(places.home / "heads.jsonl"), "seal_every": 5},
    }
    if places.payees_banks is not None:
        sections["payee_check"] = {"url": places.payees_banks, "bic": known.BIC}
    if places.bank_port is not None:
        sections["widget"] = {"hosts": [places.online_bank]}
    lines: list[str] = []
    for section, values in sections.items():
        lines.append(f"[{section}]")
        lines.extend(f"{name} = {json.dumps(value)}" for name, value in values.items())
    places.settings.write_text("\n".join(lines) + "\n", "utf-8")


def _write_secrets(places: Places) -> Path:
    """Write what the companies' files name, and a new issuer key, into a folder that does not stay."""
    folder = places.home / "secrets"
    folder.mkdir(mode=0o700)
    for name, secret in {
        "claire.code": known.CONFIDENTIAL_CODE,
        "claire.pan": known.PAN,
        "karim.code": secrets.token_hex(8),
        "issuer.hex": secrets.token_hex(16),
        **{f"{name}.code": known.CONFIDENTIAL_CODE for name in known.OTHER_PANS},
        **{f"{name}.pan": pan for name, pan in known.OTHER_PANS.items()},
    }.items():
        (folder / name).write_text(f"{secret}\n", "ascii")
    return folder


def _make_card(card: Path, pan: str, secret_files: Path) -> None:
    """Personalise a card as its maker does: it gets the key derived for it, never the issuer's."""
    personalise(
        card,
        issuer_key=bytes.fromhex((secret_files / "issuer.hex").read_text("ascii").strip()),
        pan=pan,
        psn=known.PSN,
        profile=profile_for(pan, published_profiles()),
        pin=known.PIN,
    )
