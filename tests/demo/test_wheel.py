"""The wheel, installed: the demo is not in it, and nothing of it yields a code without a real card (RULES 29)."""

import asyncio
import re
import sys
import sysconfig
import zipfile
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import msgspec
import pytest
import pytest_asyncio
from typer import Typer
from typer.core import TyperGroup
from typer.main import get_command

from approvals.cap.cryptogram import card_values, cryptogram_for, terminal_values
from approvals.cap.tables import profile_of
from approvals.cap.token import ARQC, CardResponse, code_of
from approvals.model.reader import CODE_KEY, CapMode, ReaderInput
from card_bridge.cli.commands import app as bridge
from channels.frames.content import ActionContent
from deploy.demo.card import CardMemory
from deploy.demo.places import CLIENT, CONFIDENTIAL_CODE, INITIATOR, SIGNER, Places
from deploy.demo.processes import start
from deploy.demo.running import until_ready
from deploy.demo.setting_up import environment, set_up
from deploy.demo.walk import make_file
from server.cli.commands import command_line

ROOT = Path(__file__).parents[2]
COUNTERS = range(1, 65)
"""Twice as far as the card's window reaches: every code that could be accepted, and as many that could not."""

COMMANDS = {
    ("advisers", "bootstrap"),
    ("advisers", "list"),
    ("audit", "list"),
    ("audit", "end-relation"),
    ("audit", "erase"),
    ("audit", "export"),
    ("audit", "verify"),
    ("backup",),
    ("cards", "messages"),
    ("cards", "orders"),
    ("cards", "resend"),
    ("certificates", "export-authorities"),
    ("check-config",),
    ("evidence", "anchors"),
    ("evidence", "recheck"),
    ("evidence", "verify"),
    ("import",),
    ("keys", "add-api-key"),
    ("keys", "add-keyring-version"),
    ("keys", "export-webhook"),
    ("keys", "import-issuer"),
    ("keys", "init"),
    ("keys", "list"),
    ("keys", "revoke-api-key"),
    ("keys", "rotate-audit"),
    ("keys", "rotate-keyring"),
    ("keys", "rotate-release"),
    ("letters", "list"),
    ("letters", "print"),
    ("migrate",),
    ("payee-checks", "opt-in"),
    ("payee-checks", "opt-out"),
    ("releases", "list"),
    ("releases", "resend"),
    ("restamp",),
    ("restore", "begin"),
    ("restore", "finish"),
    ("serve",),
    ("tariff", "set"),
    ("tariff", "show"),
}
BRIDGE_COMMANDS = {("approve",), ("certificates",), ("code",), ("pair",), ("readers",), ("run",), ("sign",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A command that ended: its code, and all it wrote."""

    code: int
    text: str


async def run(*line: str | Path, places: Places | None = None) -> Ended:
    process = await asyncio.create_subprocess_exec(
        *line,
        cwd=ROOT if places is None else places.home,
        env=None if places is None else environment(places),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
    )
    written, _ = await process.communicate()
    return Ended(code=await process.wait(), text=written.decode())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    screens = await run("make", "--silent", "web")
    assert screens.code == 0, screens.text
    built = await run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    assert built.code == 0, built.text
    return folder / built.text.splitlines()[-1]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def installed(wheel: Path) -> Path:
    """A Python that has the wheel and its requirements, and not this folder: `-S` leaves the editable link out."""
    target = wheel.with_name("installed")
    pip = await run(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", target, wheel)
    assert pip.code == 0, pip.text
    python = wheel.with_name("python")
    path = f"{target}:{sysconfig.get_path('purelib')}:{sysconfig.get_path('platlib')}"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{path}" exec "{sys.executable}" -S "$@"\n')
    python.chmod(0o700)
    return python


@pytest.fixture
def contreseing(installed: Path) -> Path:
    """The command of the wheel."""
    command = installed.with_name("contreseing")
    command.write_text(f'#!/bin/sh\nexec "{installed}" -c "from server.cli import main; main()" "$@"\n')
    command.chmod(0o700)
    return command


def test_the_wheel_holds_the_product_and_nothing_of_the_demo_or_the_tests(wheel: Path) -> None:
    folders = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {"approvals", "channels", "server"} <= folders
    assert {folder for folder in folders if not folder.endswith(".dist-info")} <= {
        "approvals",
        "card_bridge",
        "channels",
        "server",
    }


def test_the_wheel_carries_the_screens_built(wheel: Path) -> None:
    dist = ROOT / "channels/web/dist"
    built = {str(file.relative_to(ROOT)) for file in dist.rglob("*") if file.is_file()}
    assert any(name.endswith("/manifest.json") for name in built)
    assert built <= set(zipfile.ZipFile(wheel).namelist())


async def test_the_demo_cannot_be_imported_where_the_wheel_is_installed(installed: Path, places: Places) -> None:
    places.home.mkdir()
    assert (await run(installed, "-c", "import server.cli", places=places)).text == ""
    for module in ("deploy", "deploy.demo.reader", "deploy.demo.card"):
        assert "ModuleNotFoundError" in (await run(installed, "-c", f"import {module}", places=places)).text


def test_only_the_check_puts_a_code_together(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    sources = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".py")}
    naming = {name for name, text in sources.items() if re.search(r"\bcode_of\b", text)}
    at_the_reader = {name for name in naming if name.startswith("card_bridge/")}
    assert naming - at_the_reader == {"approvals/cap/check.py", "approvals/cap/token.py"}


async def test_no_route_and_no_command_yields_a_code(contreseing: Path, places: Places) -> None:
    await set_up(places, contreseing)
    async with _serving(contreseing, places), aiohttp.ClientSession() as session:
        bank = _Bank(places, session)
        action = await bank.hold_a_file()
        replies = [reply async for reply in bank.ask_everything(action)]
    written = [await run(contreseing, *line, places=places) for line in _lines(places)]
    text = "\n".join([*replies, *(each.text for each in written), places.server_log.read_text("utf-8")])
    digits = _digits(action)
    assert re.search(rf"\b{digits}\b", text)  # what is to be typed was seen, so codes would have been
    for code in _codes(places, digits):
        assert not re.search(rf"(?<![0-9]){code}(?![0-9])", text)


@pytest.mark.parametrize(("typed", "thought_of"), [(command_line(()), COMMANDS), (bridge, BRIDGE_COMMANDS)])
def test_every_command_there_is_was_thought_of(typed: Typer, thought_of: set[tuple[str, ...]]) -> None:
    groups = {name: getattr(command, "commands", {}) for name, command in _group(typed).commands.items()}
    listed = {(name, *inner) for name, group in groups.items() for inner in ([each] for each in group)}
    assert listed | {(name,) for name, group in groups.items() if not group} == thought_of


async def test_the_bridge_of_the_wheel_yields_no_code_without_a_reader(installed: Path, places: Places) -> None:
    places.home.mkdir()
    for line in (["code", "--wait", "0"], ["sign", "--challenge", "27890189", "--wait", "0"]):
        ended = await run("env", "PCSCLITE_CSOCK_NAME=/nothing", installed, "-m", "card_bridge", *line, places=places)
        assert (ended.code, "[reader_service_down]" in ended.text) == (75, True)
        assert not re.search(r"[0-9]{8}", ended.text)


def _group(typed: Typer) -> TyperGroup:
    command = get_command(typed)
    assert isinstance(command, TyperGroup)
    return command


# --- the bank of these tests ---------------------------------------------------------------------------------


class _Bank:
    """Asks a served house for everything, as nobody, as the bank's core and as the signer."""

    def __init__(self, places: Places, session: aiohttp.ClientSession) -> None:
        self._places = places
        self._session = session
        self._core = {"Authorization": f"Bearer {places.api_key.read_text('ascii').strip()}"}
        self._signer: dict[str, str] = {}
        self._login = ""

    async def hold_a_file(self) -> ActionContent:
        """Open an action and sign its signer in; return it as they see it."""
        server = self._places.server
        query, content = {"client": CLIENT, "initiator": INITIATOR}, {"Content-Type": "application/xml"}
        await self._session.post(
            f"{server}/v1/remittances", params=query, data=make_file(), headers={**self._core, **content}
        )
        form = {"client_identifier": CLIENT, "user_number": SIGNER, "code": CONFIDENTIAL_CODE}
        async with self._session.post(f"{server}/v1/sessions", json=form) as response:
            signed_in = msgspec.json.decode(await response.read(), type=_SignedIn)
        self._signer = {"Authorization": f"Bearer {signed_in.token}"}
        self._login = signed_in.login.id
        async with self._session.get(f"{server}/v1/inbox", headers=self._signer) as response:
            (action,) = msgspec.json.decode(await response.read(), type=_Inbox).actions
        return action

    async def ask_everything(self, action: ActionContent) -> AsyncIterator[str]:
        """Yield the reply of every route of the published document to each caller; what ends things comes last."""
        async with self._session.get(f"{self._places.server}/openapi.json") as response:
            paths = msgspec.json.decode(await response.read(), type=_Document).paths
        for method in ("get", "post", "delete"):
            for path in [path for path, methods in paths.items() if method in methods]:
                for caller in ({}, self._core, self._signer):
                    yield await self._ask(method, self._filled(path, action), caller)

    async def _ask(self, method: str, path: str, caller: dict[str, str]) -> str:
        body = b'{"method": "cap", "code": "00000000"}' if path.endswith("/answers") else b"{}"
        headers = {**caller, "Content-Type": "application/json"}
        url = f"{self._places.server}{path}"
        sent = body if method == "post" else None
        async with self._session.request(method, url, data=sent, headers=headers) as response:
            return f"{response.headers} {await response.text()}"

    def _filled(self, path: str, action: ActionContent) -> str:
        assert action.challenge is not None
        assert action.challenge.reader is not None
        known = {
            "{action}": action.id,
            "{challenge}": action.challenge.id,
            "{card}": action.challenge.reader.card.id,
            "{session}": self._login,
        }
        for name, value in known.items():
            path = path.replace(name, value)
        return re.sub(r"\{\w+\}", "none", path)


class _Login(msgspec.Struct):
    id: str


class _SignedIn(msgspec.Struct):
    token: str
    login: _Login


class _Inbox(msgspec.Struct):
    actions: list[ActionContent]


class _Document(msgspec.Struct):
    paths: dict[str, dict[str, msgspec.Raw]]


@asynccontextmanager
async def _serving(contreseing: Path, places: Places) -> AsyncIterator[None]:
    server = await start(
        "server",
        [str(contreseing), "serve", "--demo"],
        environment=environment(places),
        show=lambda _name, _line: None,
        log=places.server_log,
    )
    try:
        await until_ready(places)
        yield
    finally:
        await server.end()


def _lines(places: Places) -> Iterator[list[str]]:
    """Every command that shows something, at work; the others ran in the set-up."""
    yield ["check-config"]
    yield ["migrate", "--demo"]
    yield ["keys", "init"]
    yield ["keys", "list"]
    yield ["keys", "rotate-release"]
    yield ["keys", "add-keyring-version"]
    yield ["keys", "rotate-keyring"]
    yield ["keys", "export-webhook", "--output", str(places.home / "again.secret")]
    yield ["cards", "orders"]
    yield ["cards", "messages", "manufacturer"]
    yield ["tariff", "show"]
    yield ["letters", "list"]
    yield ["audit", "verify"]
    yield ["audit", "export", str(places.home / "audit.jsonl")]
    yield ["evidence", "anchors", str(places.home / "anchors")]
    for status in ("due", "delivered", "refused", "given_up"):
        yield ["releases", "list", "--status", status]


def _digits(action: ActionContent) -> str:
    assert action.challenge is not None
    assert action.challenge.reader is not None
    return action.challenge.reader.digits


def _codes(places: Places, digits: str) -> Iterator[str]:
    """The codes the card will show, from its own key: of the CODE key, and for these digits."""
    memory = msgspec.json.decode(places.card.read_bytes(), type=CardMemory)
    profile = profile_of(memory.profile)
    for typed in (CODE_KEY, ReaderInput(mode=CapMode.RESPOND, digits=digits)):
        for atc in COUNTERS:
            message = terminal_values(profile, typed) + card_values(profile, atc)
            cryptogram = cryptogram_for(profile, bytes.fromhex(memory.card_key), atc=atc, message=message)
            response = CardResponse(psn=memory.psn, cid=ARQC, atc=atc, cryptogram=cryptogram, iad=profile.iad)
            yield code_of(profile.layout, response)
