"""The demo's processes, brought up together and ended together: server, core, payees' banks, phone, reader."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import aiohttp

from deploy.demo.places import Places
from deploy.demo.processes import Child, WalkFailed, start
from deploy.demo.setting_up import environment, installed_command, set_up
from deploy.demo.telling import Telling
from deploy.demo.walk import People

_LOOK_EVERY: Final = 0.05  # seconds
_MOST_LOOKS: Final = 600


def free_ports(count: int) -> list[int]:
    """Return ports nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@asynccontextmanager
async def running(places: Places, telling: Telling) -> AsyncIterator[People]:
    """Set everything up and start it; whatever happens, leave no process behind. Raises SetUpFailed, WalkFailed."""
    with telling.step(f"A bank is set up in {places.home}: settings, database, keys, company, card"):
        await set_up(places, installed_command())
    async with started(places, telling) as people:
        yield people


@asynccontextmanager
async def started(places: Places, telling: Telling) -> AsyncIterator[People]:
    """Start the processes of a bank that is set up; leave none behind. Raises WalkFailed."""
    house = _House(places, telling)
    try:
        async with asyncio.TaskGroup() as watching:
            with telling.step(
                "The processes start: the server, the bank's core, the payees' banks, the phone, the reader"
            ):
                people = await house.start(watching)
            yield people
            house.stop_watching()
    finally:
        await house.end()


class _House:
    """The processes started so far."""

    def __init__(self, places: Places, telling: Telling) -> None:
        self._places = places
        self._telling = telling
        self._children: list[Child] = []
        self._watches: list[asyncio.Task[None]] = []

    async def start(self, watching: asyncio.TaskGroup) -> People:
        """Start one after the other; the end of any of them ends the group."""
        places, at_server = self._places, ("--server", self._places.server)
        await self._start(watching, "server", [str(installed_command()), "serve", "--demo"])
        await until_ready(places)
        if places.payees_port is not None:
            line = _module("payees_banks", "--port", str(places.payees_port))
            await (await self._start(watching, "payees", line)).until("Ready")
        await self._start_pages(watching)
        port = ("--port", str(places.core_port))
        core = await self._start(watching, "core", _module("core", str(places.core_folder), *at_server, *port))
        await core.until("Release key pinned")
        return People(
            places=places,
            core=core,
            phone=await self._start(watching, "phone", _module("phone", str(places.phone), *at_server)),
            reader=await self._start(watching, "reader", _module("reader", str(places.card))),
            telling=self._telling,
        )

    async def _start_pages(self, watching: asyncio.TaskGroup) -> None:
        """The pages of the demo, where they have ports."""
        places, home = self._places, str(self._places.home)
        if places.reader_port is not None:
            line = _module("reader_page", home, "--port", str(places.reader_port))
            await (await self._start(watching, "page", line)).until("Ready")
        if places.bank_port is not None:
            ends = ("--server", places.server, "--core", places.core)
            line = _module("online_bank", home, *ends, "--port", str(places.bank_port))
            await (await self._start(watching, "bank", line)).until("Ready")

    def stop_watching(self) -> None:
        for watch in self._watches:
            watch.cancel()

    async def end(self) -> None:
        """End all, those that talk to the server before it."""
        for child in reversed(self._children):
            await child.end()

    async def _start(self, watching: asyncio.TaskGroup, name: str, line: Sequence[str]) -> Child:
        child = await start(
            name,
            line,
            environment=environment(self._places),
            show=self._telling.screen,
            log=self._places.home / f"{name}.log",
        )
        self._children.append(child)
        self._watches.append(watching.create_task(child.watch()))
        return child


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"deploy.demo.{name}", *arguments]


async def until_ready(places: Places) -> None:
    """Ask until the server says so; should it end meanwhile, its watch ends this too. Raises WalkFailed."""
    async with aiohttp.ClientSession() as session:
        for _ in range(_MOST_LOOKS):
            if await _is_ready(session, places):
                return
            await asyncio.sleep(_LOOK_EVERY)
    raise WalkFailed(f"the server was not ready in {_MOST_LOOKS * _LOOK_EVERY:.0f} s: see {places.server_log}")


async def _is_ready(session: aiohttp.ClientSession, places: Places) -> bool:
    try:
        async with session.get(f"{places.server}/health/ready") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False
