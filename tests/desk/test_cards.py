"""Resynchronising a card that was used elsewhere (RULES 10), on both databases."""

import pytest

from approvals.credentials.card_refusals import CardLocked
from approvals.errors import NotFound, ResyncRefused
from approvals.model.card import CardStatus
from approvals.model.proof import Answer, CapProof
from tests.house import CHEQUEBOOK, House, Person, mine


def wear(person: Person, times: int) -> None:
    """Use the card elsewhere: its counter moves and the bank does not know."""
    for _ in range(times):
        person.chip.start()


async def test_a_card_out_of_reach_is_refused_until_two_codes_bring_it_back(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    wear(anne, 40)
    refused = await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.code_key())
    assert refused.answer is Answer.PROOF_REFUSED
    await house.cards.own.resynchronise(here.login.id, anne.card.id, anne.code_key(), anne.code_key())
    answered = await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.code_key())
    assert answered.answer is Answer.ACCEPTED


async def test_both_codes_are_consumed_and_the_person_is_told(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    first, second = anne.code_key(), anne.code_key()
    await house.cards.own.resynchronise(here.login.id, anne.card.id, first, second)
    assert (await house.card(anne)).last_atc == 2
    answered = await house.answers.answer(here.login.id, mine(sheet, anne).id, second)
    assert answered.answer is Answer.PROOF_REFUSED
    events = await house.inbox.read(anne.user.id, 0, 10)
    assert events[-1].news.kind == "card_resynchronised"


async def test_resynchronising_is_no_authentication_and_forgets_no_failure(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.wrong())
    await house.cards.own.resynchronise(here.login.id, anne.card.id, anne.code_key(), anne.code_key())
    assert (await house.card(anne)).attempts_left == 2
    assert (await house.user(anne)).attempts_left == 4


async def test_codes_that_do_not_follow_each_other_cost_an_attempt_and_in_the_end_the_card(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne)
    for left in (2, 1, 0):
        first = anne.code_key()
        wear(anne, 1)
        with pytest.raises(ResyncRefused):
            await house.cards.own.resynchronise(here.login.id, anne.card.id, first, anne.code_key())
        assert (await house.card(anne)).attempts_left == left
    assert (await house.card(anne)).status is CardStatus.LOCKED
    with pytest.raises(CardLocked):
        await house.cards.own.resynchronise(here.login.id, anne.card.id, anne.code_key(), anne.code_key())


async def test_the_same_two_codes_again_are_refused(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne)
    first, second = anne.code_key(), anne.code_key()
    await house.cards.own.resynchronise(here.login.id, anne.card.id, first, second)
    with pytest.raises(ResyncRefused):
        await house.cards.own.resynchronise(here.login.id, anne.card.id, first, second)


async def test_nobody_resynchronises_somebody_elses_card(house: House) -> None:
    anne, bruno, _ = await house.found()
    here = await house.sign_in(bruno)
    with pytest.raises(NotFound):
        await house.cards.own.resynchronise(
            here.login.id, anne.card.id, CapProof(code="12345678"), CapProof(code="12345678")
        )
    assert (await house.card(anne)).attempts_left == 3
