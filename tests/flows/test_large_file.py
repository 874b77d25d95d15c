"""A hundred thousand orders through the real server process: constant memory, and others served meanwhile.

`pytest tests/flows/test_large_file.py -o log_cli=true -o log_cli_level=INFO` shows the figures.
"""

import asyncio
import logging
import re
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from deploy.demo.make_remittance import Batch, made_payee, remittance
from deploy.demo.places import CLIENT, CONFIDENTIAL_CODE, INITIATOR, PAN, Places
from deploy.demo.running import until_ready
from deploy.demo.setting_up import environment, installed_command
from tests.demo_bank import SetUp
from tests.log_watch import folder, never_log
from tests.ports import free_ports

log = logging.getLogger(__name__)

ORDERS = 100_000
MEBIBYTE = 1024 * 1024


@pytest.fixture
async def places(tmp_path: Path, demo_bank: SetUp) -> Places:
    server_port, core_port = free_ports(2)
    made = Places(home=tmp_path / "house", server_port=server_port, core_port=core_port)
    never_log(PAN, CONFIDENTIAL_CODE, *(word for n in range(500) for word in made_payee(n)))
    await demo_bank(made)
    return made


@asynccontextmanager
async def serving(places: Places) -> AsyncIterator[Process]:
    with (folder() / "large-file-server.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            installed_command(), "serve", "--demo", env=environment(places), stdin=DEVNULL, stdout=log, stderr=log
        )
        try:
            await until_ready(places)
            yield process
        finally:
            process.terminate()
            await process.wait()


def memory(process: Process, field: str) -> int:
    """Return a memory field of the process (VmRSS, VmHWM: the peak) in bytes, as the kernel counts it."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    found = re.search(rf"^{field}:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


async def file() -> AsyncIterator[bytes]:
    for piece in remittance("MSG-LARGE", [Batch(id="B1", orders=ORDERS)]):
        yield piece


async def slowest_answer(session: aiohttp.ClientSession, places: Places, until: asyncio.Event) -> float:
    """Ask for the server's health over and over; return the longest wait in seconds."""
    slowest = 0.0
    while not until.is_set():
        asked = time.perf_counter()
        async with session.get(f"{places.server}/health/live") as answered:
            assert answered.status == 200
        slowest = max(slowest, time.perf_counter() - asked)
        await asyncio.sleep(0.02)
    return slowest


@pytest.mark.alone
async def test_a_hundred_thousand_orders_take_little_memory_and_nobody_else_waits(places: Places) -> None:
    key = places.api_key.read_text("ascii").strip()
    address = f"{places.server}/v1/remittances?client={CLIENT}&initiator={INITIATOR}"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/xml"}
    async with serving(places) as process, aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
        idle, done = memory(process, "VmRSS"), asyncio.Event()
        asking = tasks.create_task(slowest_answer(session, places, done))
        began = time.perf_counter()
        timeout = aiohttp.ClientTimeout(total=120)
        async with session.post(address, data=file(), headers=headers, timeout=timeout) as answered:
            status, opened = answered.status, await answered.json()
        seconds = time.perf_counter() - began
        done.set()
        slowest = await asking
        grown = memory(process, "VmHWM") - idle
    log.info(
        "%.0f orders/s, %.1f MiB above idle, slowest other answer %.0f ms",
        ORDERS / seconds,
        grown / MEBIBYTE,
        slowest * 1000,
    )
    assert status == 201
    (action,) = opened["actions"]
    assert '"count":100000' in str(action["statement"]["facts"]).replace(" ", "").replace("'", '"')
    assert grown < 64 * MEBIBYTE
    assert slowest < 1
