"""The loop that carries preparations on: woken by one begun, going on after failures, still while the clock is off."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from approvals.desk.actions import OpeningRequest
from approvals.desk.opening import Asked
from approvals.model.ids import ActionKind, PreparationId
from approvals.model.preparation import PreparationStatus
from approvals.store.book import SqlBook
from approvals.store.database import Database
from server.jobs.verifier import Nudge, Verifier
from tests.fakes import Directory
from tests.house import BENEFICIARY, CLIENT, CORE, PAYEE_IBAN, House
from tests.joined_desks import Parts


@pytest.fixture
def nudge() -> Nudge:
    return Nudge()


@pytest.fixture
def house(database: Database, tmp_path: Path, nudge: Nudge) -> House:
    book = SqlBook(database, [nudge.watch])
    return House(Parts(book=book, folder=tmp_path, payee_check=Directory({PAYEE_IBAN: "Menuiserie Le Goff"})))


@asynccontextmanager
async def running(house: House, nudge: Nudge, is_off: Callable[[], bool] = lambda: False) -> AsyncIterator[None]:
    verifier = Verifier(desk=house.preparations, clock=house.clock, nudge=nudge, is_off=is_off)
    job = asyncio.create_task(verifier.run())
    await asyncio.sleep(0.05)  # it has found nothing, and rests
    try:
        yield
    finally:
        job.cancel()
        await asyncio.wait([job])


async def begin(house: House) -> PreparationId:
    request = OpeningRequest(
        asked=Asked(client_identifier=CLIENT, initiator="003"), kind=ActionKind("beneficiary"), payload=BENEFICIARY
    )
    preparation = (await house.actions.open(CORE, request)).preparation
    assert preparation is not None
    return preparation.id


async def until_ended(house: House, preparation_id: PreparationId) -> PreparationStatus:
    async with asyncio.timeout(5):
        while True:
            status = (await house.preparations.show(CORE, preparation_id)).preparation.status
            if status is not PreparationStatus.CHECKING:
                return status
            await asyncio.sleep(0.01)


async def test_a_preparation_begun_wakes_it_at_once(house: House, nudge: Nudge) -> None:
    await house.found()
    async with running(house, nudge):
        began = asyncio.get_running_loop().time()
        assert await until_ended(house, await begin(house)) is PreparationStatus.OPENED
        assert asyncio.get_running_loop().time() - began < 3


async def test_what_was_begun_before_it_started_is_carried_on(house: House, nudge: Nudge) -> None:
    await house.found()
    preparation_id = await begin(house)
    async with running(house, nudge):
        assert await until_ended(house, preparation_id) is PreparationStatus.OPENED


async def test_while_the_node_s_clock_is_off_it_opens_nothing(house: House, nudge: Nudge) -> None:
    await house.found()
    preparation_id = await begin(house)
    async with running(house, nudge, is_off=lambda: True):
        await asyncio.sleep(0.2)
        sheet = await house.preparations.show(CORE, preparation_id)
    assert sheet.preparation.status is PreparationStatus.CHECKING
