"""The demo's bank, set up once in each process of the suite: a test is given a copy, at places of its own.

A set-up is eleven commands, ten seconds of work; the tests of the set-up itself make their own. Loaded by the root
conftest.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest
import pytest_asyncio

from deploy.demo.places import Places
from deploy.demo.setting_up import environment, installed_command, set_up, write_settings

SetUp: TypeAlias = Callable[[Places], Awaitable[None]]
"""Leaves a bank ready to be served there, as `set_up` does."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo_bank(tmp_path_factory: pytest.TempPathFactory) -> SetUp:
    nobody_listens = 1
    home = tmp_path_factory.mktemp("demo") / "bank"
    made = Places(home=home, server_port=nobody_listens, core_port=nobody_listens)
    await set_up(made, installed_command())

    async def copy_to(places: Places) -> None:
        shutil.copytree(made.home, places.home)
        write_settings(places)
        stamping = await asyncio.create_subprocess_exec(installed_command(), "restamp", env=environment(places))
        assert await stamping.wait() == 0

    return copy_to
