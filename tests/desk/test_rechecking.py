from dataclasses import replace

import pytest

from approvals.checkers.cap import CapChecker
from approvals.desk.rechecking import RecheckDesk
from approvals.errors import NotFound
from approvals.model.ids import ActionId
from approvals.store.database import Database
from tests.house import House, Person, mine


async def sign(house: House, person: Person) -> ActionId:
    sheet = await house.hold()
    challenge = mine(sheet, person)
    assert challenge.reader_input is not None
    login = (await house.sign_in(person)).login
    await house.answers.answer(login.id, challenge.id, person.wrong(challenge.reader_input))
    await house.answers.answer(login.id, challenge.id, person.answer(challenge.reader_input))
    return sheet.id


def desk(house: House) -> RecheckDesk:
    assert isinstance(house.checker, CapChecker)
    return RecheckDesk(book=house.book, checker=house.checker)


async def test_a_right_code_is_computed_again_from_the_cards_key(house: House) -> None:
    anne, _, _ = await house.found()
    (rechecked,) = await desk(house).recheck(await sign(house, anne))
    assert rechecked.holds
    assert rechecked.proof.user_id == anne.user.id


async def test_a_verdict_about_another_counter_or_card_does_not_hold(house: House, database: Database) -> None:
    anne, bruno, _ = await house.found()
    action_id = await sign(house, anne)
    (rechecked,) = await desk(house).recheck(action_id)
    verdict, challenge = rechecked.proof.verdict, mine(await house.sheet(action_id), anne)
    assert verdict is not None
    assert verdict.atc is not None
    assert challenge.reader_input is not None
    assert isinstance(house.checker, CapChecker)
    card, asked = await house.card(anne), challenge.reader_input
    assert house.checker.recheck(card, asked, verdict)
    assert not house.checker.recheck(card, asked, replace(verdict, atc=verdict.atc + 1))
    assert not house.checker.recheck(await house.card(bruno), asked, verdict)
    assert not house.checker.recheck(card, replace(asked, digits="20000000"), verdict)
    assert not house.checker.recheck(card, asked, replace(verdict, evidence={}))
    async with database.transaction() as connection:
        await connection.execute("UPDATE challenges SET reader_input = $1", '{"mode":"respond","digits":"20000000"}')
    assert [each.holds for each in await desk(house).recheck(action_id)] == [False]


async def test_no_evidence_holds_the_code_itself(house: House) -> None:
    anne, _, _ = await house.found()
    sheet = await house.hold()
    challenge = mine(sheet, anne)
    assert challenge.reader_input is not None
    login = (await house.sign_in(anne)).login
    proof = anne.answer(challenge.reader_input)
    await house.answers.answer(login.id, challenge.id, proof)
    assert proof.code.encode() not in await house.evidence.of_action(sheet.id)


async def test_an_unknown_action_is_refused(house: House) -> None:
    with pytest.raises(NotFound):
        await desk(house).recheck(ActionId("act_none"))
