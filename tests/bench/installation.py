"""One house as an operator makes it: settings, migrated database, keys; its people; the server as a process."""

import asyncio
import os
import secrets
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from approvals.keys.keyring import read_key_file
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from deploy.demo.running import free_ports
from server.clock import SystemClock
from tests.bench.databases import Place
from tests.bench.jobs import Bank, JobFailed
from tests.bench.residents import ISSUER_KEY_ID, Movers, move_in

_CONTRESEING: Final = Path(sys.executable).with_name("contreseing")
_START: Final = 30.0  # seconds
_STOP: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A house on one database; `bank` is what the load generator is given of it."""

    folder: Path
    place: Place
    bank: Bank = field(repr=False)

    async def house(self, companies: range) -> None:
        """Write companies with their people, cards, devices and logins."""
        key = ec.derive_private_key(int(self.bank.device_key, 16), ec.SECP256R1())
        movers = Movers(
            keyring=read_key_file(self.folder / "keyring.txt"),
            public_key=key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
            now=SystemClock().now(),
        )
        database = await open_database(self.place.url)
        try:
            await move_in(SqlBook(database), movers, companies)
        finally:
            await database.close()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Process]:
        """Run `contreseing serve` until it is ready and as long as it lasts; errors and log go to a file."""
        with (self.folder / "server.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *_command(self.folder, "serve"), env=_environment(), stdin=DEVNULL, stdout=log, stderr=log
            )
        try:
            await self._until_ready(process)
            yield process
        finally:
            await _end(process)

    async def _until_ready(self, process: Process) -> None:
        end = time.monotonic() + _START
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < end and process.returncode is None:
                if await _is_ready(session, self.bank.server):
                    return
                await asyncio.sleep(0.02)
        log = (self.folder / "server.log").read_text("utf-8").splitlines()
        state = "ended" if process.returncode is not None else f"was not ready in {_START:.0f} s"
        raise JobFailed(f"the server {state}; its log ends: {log[-1] if log else 'empty'}")


async def install(folder: Path, place: Place) -> Installation:
    """Set a house up by the product's own commands. Raises JobFailed with what a command said."""
    server_port, core_port = free_ports(2)
    server, issuer_key = f"http://127.0.0.1:{server_port}", secrets.token_hex(16)
    (folder / "contreseing.toml").write_text(_settings(folder, place.url, server_port, core_port), "utf-8")
    (folder / "issuer.hex").write_text(issuer_key, "ascii")
    await _run(folder, "migrate")
    await _run(folder, "keys", "init")
    await _run(folder, "keys", "import-issuer", ISSUER_KEY_ID, "--file", str(folder / "issuer.hex"))
    await _run(folder, "keys", "add-api-key", "core", "--scope", "open", "--output", str(folder / "api.key"))
    await _run(folder, "keys", "export-webhook", "--output", str(folder / "webhook.secret"))
    bank = Bank(
        server=server,
        core_port=core_port,
        api_key=(folder / "api.key").read_text("ascii").strip(),
        webhook_secret=(folder / "webhook.secret").read_text("ascii").strip(),
        issuer_key=issuer_key,
        device_key=f"{ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value:x}",
    )
    (folder / "bank.json").write_bytes(msgspec.json.encode(bank))
    return Installation(folder=folder, place=place, bank=bank)


def _settings(folder: Path, database: str, server_port: int, core_port: int) -> str:
    """Return what an operator would write; everything else is as it comes."""
    return f"""\
[server]
port = {server_port}
public_origin = "http://127.0.0.1:{server_port}"
[database]
url = "{database}"
[approvals]
environment = "bench"
[keyring]
file = "{folder / "keyring.txt"}"
[core]
webhook = "http://127.0.0.1:{core_port}/releases"
"""


def _command(folder: Path, *words: str) -> list[str]:
    return [str(_CONTRESEING), *words, "--config", str(folder / "contreseing.toml")]


def _environment() -> dict[str, str]:
    """Return an environment in which nothing but the benchmark's own settings counts."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CONTRESEING_")}


async def _run(folder: Path, *words: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *_command(folder, *words), env=_environment(), stdin=DEVNULL, stdout=PIPE, stderr=STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise JobFailed(f"contreseing {' '.join(words)}: {said.decode(errors='replace').strip()}")


async def _is_ready(session: aiohttp.ClientSession, server: str) -> bool:
    try:
        async with session.get(f"{server}/health/ready") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_STOP):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
