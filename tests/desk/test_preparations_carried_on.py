"""Preparations on both databases: batch by batch, over nodes that die, and who sees them (RULES 21)."""

from pathlib import Path

import pytest

from approvals.desk.actions import OpeningRequest
from approvals.desk.opening import Asked
from approvals.errors import (
    NotFound,
)
from approvals.model.ids import ActionKind
from approvals.model.preparation import PreparationStatus
from approvals.model.verification import NamedAccount, PayeeAnswer, PayeeVerdict
from approvals.store.book import SqlBook
from deploy.demo.make_remittance import Batch
from tests.desk.preparing import add, begun, finish, known_payees, send, state_of, with_check
from tests.fakes import Directory
from tests.house import BENEFICIARY, CORE, House
from tests.joined_desks import Parts
from tests.remittance.files import make_file


@pytest.fixture
def directory() -> Directory:
    return known_payees()


@pytest.fixture
def house(book: SqlBook, tmp_path: Path, directory: Directory) -> House:
    return House(Parts(book=book, folder=tmp_path, payee_check=directory))


# --- carried on -------------------------------------------------------------------------------------------


async def test_progress_is_seen_batch_by_batch(house: House) -> None:
    await house.found()
    preparation = begun(await send(house, make_file(Batch(id="B1", orders=250))))
    seen = []
    while (await state_of(house, preparation)).status is PreparationStatus.CHECKING:
        current = await state_of(house, preparation)
        seen.append((current.done, current.total, current.answers()[PayeeAnswer.MATCH]))
        assert await house.preparations.advance()
    assert seen == [(0, 250, 0), (100, 250, 100), (200, 250, 200), (250, 250, 250)]


async def test_what_a_node_that_died_had_claimed_is_carried_on_by_another(house: House, directory: Directory) -> None:
    await house.found()
    preparation = begun(await send(house, make_file()))

    async def dies(payee: NamedAccount) -> PayeeVerdict:
        raise ConnectionError(payee.iban[:2])

    broken = with_check(house, dies)
    with pytest.raises(ExceptionGroup):
        await broken.advance()
    assert not await house.preparations.advance(), "its lease still runs"
    house.clock.advance(minutes=2)
    await finish(house)
    ended = await state_of(house, preparation)
    assert (ended.status, len(directory.asked)) == (PreparationStatus.OPENED, 3)


async def test_preparations_take_turns(house: House) -> None:
    await house.found()
    long = begun(await send(house, make_file(Batch(id="B1", orders=450))))
    house.clock.advance(seconds=1)
    short = begun(await add(house))
    for _ in range(4):
        house.clock.advance(seconds=1)
        await house.preparations.advance()
    assert (await state_of(house, short)).status is PreparationStatus.OPENED
    assert (await state_of(house, long)).status is PreparationStatus.CHECKING


async def test_a_file_being_prepared_is_not_swept(house: House) -> None:
    await house.found()
    preparation = begun(await send(house, make_file()))
    house.clock.advance(days=2)
    await house.sweeping.sweep()
    await finish(house)
    assert (await state_of(house, preparation)).status is PreparationStatus.OPENED


async def test_a_withdrawn_preparation_s_file_is_swept_and_so_is_what_was_answered(house: House) -> None:
    await house.found()
    preparation = begun(await send(house, make_file(Batch(id="B1", orders=150))))
    await house.preparations.advance()
    await house.preparations.withdraw(CORE, preparation.id)
    house.clock.advance(days=2)
    await house.sweeping.sweep()
    assert (await state_of(house, preparation)).message is None
    house.clock.advance(days=91)
    await house.sweeping.sweep()
    with pytest.raises(NotFound):
        await state_of(house, preparation)


async def test_a_person_sees_what_they_started_and_others_do_not(house: House) -> None:
    anne, bruno, _ = await house.found()
    presence = await house.access.presence((await house.sign_in(anne)).token)
    request = OpeningRequest(
        asked=Asked(client_identifier=None, initiator=None), kind=ActionKind("beneficiary"), payload=BENEFICIARY
    )
    preparation = begun(await house.actions.open(presence, request))
    assert (await house.preparations.show(presence, preparation.id)).preparation.id == preparation.id
    other = await house.access.presence((await house.sign_in(bruno)).token)
    with pytest.raises(NotFound):
        await house.preparations.show(other, preparation.id)
    with pytest.raises(NotFound):
        await house.preparations.withdraw(other, preparation.id)
