"""The process itself: what an operator types, and what a real server does on real sockets."""

import asyncio
import json
import os
import signal
import ssl
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import websockets
from aiohttp import ClientSession

from tests.certificates import make_certificate
from tests.server.spec import Api

ROOT = Path(__file__).parents[2]


@dataclass
class Installation:
    """A folder with settings, a key file and a database, as an operator makes them."""

    folder: Path
    environment: Mapping[str, str]

    async def run(self, *words: str) -> tuple[int, str]:
        """Type one command; return its exit code and all it printed."""
        process = await self.start(*words)
        out, errors = await process.communicate()
        return process.returncode or 0, (out + errors).decode()

    async def start(self, *words: str) -> Process:
        return await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("contreseing"),
            *words,
            stdout=PIPE,
            stderr=PIPE,
            cwd=ROOT,
            env=self.environment,
        )


@dataclass
class Served:
    """A running server."""

    process: Process
    port: int

    async def stop(self) -> tuple[int, list[dict[str, object]]]:
        """Ask it to stop; return its exit code and the log of its last moments."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            _, errors = await self.process.communicate()
        return self.process.returncode or 0, [json.loads(line) for line in errors.decode().splitlines()]


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    own = {
        "CONTRESEING_DATABASE__URL": f"sqlite:///{tmp_path / 'house.db'}",
        "CONTRESEING_KEYRING__FILE": str(tmp_path / "keyring.txt"),
        "CONTRESEING_SERVER__PORT": "0",
    }
    return Installation(tmp_path, {**os.environ, **own})


async def set_up(installation: Installation) -> str:
    """Migrate, make the keys, and one for the bank's core; return its token."""
    token = installation.folder / "core.key"
    scopes = ("--scope", "open", "--scope", "read")
    for words in (("migrate",), ("keys", "init"), ("keys", "add-api-key", "core", *scopes, "--output", str(token))):
        code, told = await installation.run(*words)
        assert code == 0, told
    return token.read_text().strip()


@asynccontextmanager
async def serving(installation: Installation, *words: str) -> AsyncIterator[Served]:
    process = await installation.start("serve", *words)
    try:
        yield Served(process, await _port(process))
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _port(process: Process) -> int:
    """Read the log until the server says where it listens."""
    assert process.stderr is not None
    async with asyncio.timeout(15):
        async for line in process.stderr:
            told = json.loads(line)
            if told["message"] == "serving":
                return int(told["port"])
    raise AssertionError("the server stopped before it listened")


async def test_a_server_seals_the_audit_and_keeps_its_heads_outside(installation: Installation) -> None:
    heads = installation.folder / "heads.jsonl"
    sealing = {"CONTRESEING_AUDIT__HEADS_FILE": str(heads), "CONTRESEING_AUDIT__SEAL_EVERY": "1"}
    sealed = Installation(installation.folder, {**installation.environment, **sealing})
    await set_up(sealed)
    async with serving(sealed) as served:
        for _ in range(150):
            if heads.exists():
                break
            await asyncio.sleep(0.1)
        await served.stop()
    code, said = await sealed.run("audit", "verify")
    assert (code, "2 rows under 1 heads go together." in said) == (0, True), said


async def test_a_new_house_serves_and_stops_when_asked(installation: Installation) -> None:
    token = await set_up(installation)
    async with serving(installation) as served, ClientSession() as session:
        nobody = await Api.of(session, f"http://127.0.0.1:{served.port}")
        assert (await nobody.get("/health/ready")).status == 200
        (key,) = (await nobody.get("/.well-known/jwks.json")).items("keys")
        assert key["crv"] == "P-256"
        assert "d" not in key
        assert (await nobody.having(token).get("/v1/actions")).items() == []
        code, lines = await served.stop()
    assert code == 0
    assert "stopping" in [line["message"] for line in lines]


async def test_a_stopping_server_sends_its_devices_elsewhere(installation: Installation) -> None:
    await set_up(installation)
    async with serving(installation) as served:
        address = f"ws://127.0.0.1:{served.port}/v1/stream"
        async with websockets.connect(address, subprotocols=[websockets.Subprotocol("contreseing.v1")]) as socket:
            assert json.loads(await socket.recv())["type"] == "challenge"
            stopped = asyncio.create_task(served.stop())
            async with asyncio.timeout(15):
                await socket.wait_closed()
            assert socket.close_code == 4200
        assert (await stopped)[0] == 0


async def test_a_house_without_a_schema_is_told_what_to_type(installation: Installation) -> None:
    code, told = await installation.run("serve")
    assert code == 1
    assert "contreseing migrate" in told


async def test_a_demo_is_not_served_without_saying_so(installation: Installation) -> None:
    await installation.run("migrate", "--demo")
    await installation.run("keys", "init")
    code, told = await installation.run("serve")
    assert (code, "demo_stamp_mismatch" in told) == (1, True)
    async with serving(installation, "--demo") as served:
        assert (await served.stop())[0] == 0


async def test_an_address_others_reach_is_refused_without_tls(installation: Installation) -> None:
    installation.environment = {**installation.environment, "CONTRESEING_SERVER__HOST": "0.0.0.0"}  # noqa: S104
    for command in ("serve", "check-config"):
        code, told = await installation.run(command)
        assert code == 3
        assert "server.host" in told


async def test_tls_ends_here_where_the_settings_say_so(installation: Installation) -> None:
    token = await set_up(installation)
    certificate = make_certificate(installation.folder)
    installation.environment = {
        **installation.environment,
        "CONTRESEING_SERVER__TLS_CERTIFICATE": str(certificate),
        "CONTRESEING_SERVER__TLS_KEY": str(installation.folder / "key.pem"),
    }
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with serving(installation) as served, ClientSession() as session:
        address = f"https://127.0.0.1:{served.port}/v1/actions"
        headers = {"Authorization": f"Bearer {token}"}
        async with session.get(address, ssl=trusting, headers=headers) as response:
            assert response.status == 200
            assert "Strict-Transport-Security" in response.headers
