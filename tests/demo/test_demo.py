"""The demo as a newcomer runs it, and what it does when somebody cheats or something dies."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import msgspec
import pytest

from deploy.demo.card import CardMemory
from deploy.demo.places import Places
from deploy.demo.processes import WalkFailed
from deploy.demo.running import started
from deploy.demo.setting_up import SetUpFailed, installed_command, set_up
from deploy.demo.telling import Telling
from deploy.demo.walk import People, answer, enrol_phone, make_code, make_file, read_request, send_file
from tests.demo_bank import SetUp
from tests.ports import free_ports

ROOT = Path(__file__).parents[2]


@pytest.fixture
def places(places: Places) -> Places:
    """With the payees' banks, as `make demo` has them."""
    (port,) = free_ports(1)
    return replace(places, payees_port=port)


class Action(msgspec.Struct):
    """As much of an action as these tests look at."""

    id: str
    status: str


class Page(msgspec.Struct):
    """The first page of actions."""

    items: list[Action]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How `make demo DEMO_ARGS=--once` ended, and what it showed."""

    code: int
    shown: str
    complained: str


async def run_demo(home: Path) -> Run:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.demo", "--once", "--home", str(home)),
        cwd=ROOT,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    shown, complained = await process.communicate()
    return Run(code=await process.wait(), shown=shown.decode(), complained=complained.decode())


def processes_in(home: Path) -> list[str]:
    """The command lines of processes that name this folder."""
    lines = [path.read_bytes().replace(b"\0", b" ").decode() for path in Path("/proc").glob("[0-9]*/cmdline")]
    return [line for line in lines if str(home) in line]


async def statuses(people: People) -> list[str]:
    """How the bank's core sees the actions it opened."""
    token = people.places.api_key.read_text("ascii").strip()
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session,
        session.get(f"{people.places.server}/v1/actions") as response,
    ):
        page = msgspec.json.decode(await response.read(), type=Page)
    return [action.status for action in page.items]


def applied(people: People) -> list[str]:
    return [path.name for path in (people.places.core_folder / "applied").iterdir()]


def other_digit(code: str, at: int) -> str:
    return code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :]


async def test_the_walk_ends_with_the_money_released_each_time_and_no_process_left(places: Places) -> None:
    for _ in range(2):
        run = await run_demo(places.home)
        assert (run.code, run.complained) == (0, ""), run.shown
        assert "nom proche, le compte est celui de Charpentes Lemoine et Fils" in run.shown
        assert "Code accepté" in run.shown
        assert "Released: act_" in run.shown
        assert "exécutée par la banque" in run.shown
        assert processes_in(places.home) == []
    assert "request served" in places.server_log.read_text("utf-8")


async def test_one_wrong_digit_releases_nothing_and_the_right_code_after_it_does(
    places: Places, demo_bank: SetUp
) -> None:
    await demo_bank(places)
    async with started(places, Telling()) as people:
        await enrol_phone(people)
        await send_file(people, make_file())
        digits = await read_request(people)
        for at in (0, 7):
            await answer(people, other_digit(await make_code(people, digits), at))
            await people.phone.until("Code refusé")
        assert (await statuses(people), applied(people)) == (["pending"], [])
        await answer(people, await make_code(people, digits))
        await people.phone.until("exécutée par la banque")
        assert await statuses(people) == ["released"]
        assert len(applied(people)) == 1


async def test_a_code_of_the_code_key_signs_no_payment(places: Places, demo_bank: SetUp) -> None:
    await demo_bank(places)
    async with started(places, Telling()) as people:
        await enrol_phone(people)
        await send_file(people, make_file())
        await read_request(people)
        await answer(people, await make_code(people, None))
        await people.phone.until("Code refusé")
        assert (await statuses(people), applied(people)) == (["pending"], [])


async def test_the_death_of_one_process_ends_the_demo_with_its_reason(places: Places, demo_bank: SetUp) -> None:
    await demo_bank(places)

    async def live_without_phone() -> None:
        async with started(places, Telling()) as people:
            await people.phone.end()
            await asyncio.sleep(5)

    with pytest.raises(ExceptionGroup) as failure:
        await live_without_phone()
    assert failure.group_contains(WalkFailed, match="the phone ended")
    assert processes_in(places.home) == []


async def test_a_folder_that_is_no_demo_is_left_alone(places: Places) -> None:
    places.home.mkdir()
    (places.home / "thesis.txt").write_text("ten years of work")
    with pytest.raises(SetUpFailed, match="other things"):
        await set_up(places, installed_command())
    assert (places.home / "thesis.txt").read_text() == "ten years of work"


async def test_a_command_that_refuses_ends_the_set_up_with_what_it_said(places: Places, tmp_path: Path) -> None:
    refusing = tmp_path / "refusing"
    refusing.write_text("#!/bin/sh\necho 'not today'\nexit 1\n")
    refusing.chmod(0o700)
    with pytest.raises(SetUpFailed, match="check-config: not today"):
        await set_up(places, refusing)


async def test_the_reader_holds_its_own_key_and_the_issuers_is_nowhere_in_clear(
    places: Places, demo_bank: SetUp
) -> None:
    await demo_bank(places)
    card = msgspec.json.decode(places.card.read_bytes(), type=CardMemory)
    others = [path for path in places.home.rglob("*") if path.is_file() and path != places.card]
    assert len(others) >= 5
    for path in others:
        content = path.read_bytes()
        assert bytes.fromhex(card.card_key) not in content
        assert card.card_key.encode() not in content.lower()
    assert not list(places.home.rglob("issuer*"))
    assert {path.stat().st_mode & 0o077 for path in (places.keyring, places.api_key, places.card)} == {0}
