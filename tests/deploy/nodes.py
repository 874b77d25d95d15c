"""Two real server processes on one database, with the demo's company and card, and nothing else around them."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession

from approvals.cap.cryptogram import terminal_values
from approvals.cap.token import code_of
from approvals.model.reader import CODE_KEY
from deploy.demo.card import read_card
from deploy.demo.places import CLIENT, CONFIDENTIAL_CODE, PIN, SIGNER, Places
from deploy.demo.setting_up import environment, installed_command
from tests.log_watch import folder, never_log
from tests.ports import free_ports

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One server process."""

    process: Process
    port: int

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """An installation with its two nodes."""

    places: Places
    nodes: tuple[Node, Node]

    async def run(self, *words: str) -> str:
        """Type one command, which must succeed; return what it printed."""
        process = await asyncio.create_subprocess_exec(
            installed_command(),
            *words,
            env=environment(self.places),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0, printed.decode()
        return printed.decode()

    def code(self) -> str:
        """Put the card in, press CODE, type the PIN; return what the glass shows."""
        card = read_card(self.places.card)
        card.start()
        assert card.verify(PIN)
        code = code_of(card.profile.layout, card.generate_cryptogram(terminal_values(card.profile, CODE_KEY)))
        never_log(code)
        return code

    def claim(self) -> dict[str, str]:
        """What the signer types to sign in with code and card."""
        never_log(CONFIDENTIAL_CODE, PIN)
        return {
            "client_identifier": CLIENT,
            "user_number": SIGNER,
            "code": CONFIDENTIAL_CODE,
            "cap": self.code(),
        }


@asynccontextmanager
async def running_bank(places: Places, settings: Mapping[str, str]) -> AsyncIterator[Bank]:
    """Start two nodes on a bank that is set up; `settings` are environment variables on top of the demo's."""
    ports = free_ports(2)
    first, second = [await _start(places, settings, port) for port in ports]
    try:
        async with ClientSession() as session:
            for node in (first, second):
                await _until_ready(session, node)
        yield Bank(places=places, nodes=(first, second))
    finally:
        for node in (first, second):
            if node.process.returncode is None:
                node.process.terminate()
        await asyncio.gather(first.process.wait(), second.process.wait())


async def _start(places: Places, settings: Mapping[str, str], port: int) -> Node:
    with (folder() / f"node-{port}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("contreseing"),
            *("serve", "--demo"),
            cwd=ROOT,
            env={**environment(places), **settings, "CONTRESEING_SERVER__PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    return Node(process=process, port=port)


async def _until_ready(session: ClientSession, node: Node) -> None:
    async with asyncio.timeout(20):
        while True:
            assert node.process.returncode is None, "the node ended: see its log"
            try:
                async with session.get(f"{node.origin}/health/ready") as response:
                    if response.status == 200:
                        return
            except ClientError:
                pass
            await asyncio.sleep(0.05)
