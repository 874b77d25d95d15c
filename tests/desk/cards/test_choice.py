"""A person with two cards: a code is tried against one, chosen or unambiguous (RULES 8 and 10)."""

import pytest

from approvals.credentials.card_refusals import CardChoiceNeeded, CardLocked, CardNotUsable
from approvals.desk.reader import reader_input
from approvals.errors import SignInRefused
from approvals.model.action import ActionStatus
from approvals.model.card import CardStatus, Trouble
from approvals.model.challenge import ChallengeStatus
from approvals.model.person import Language
from approvals.model.proof import Answer
from approvals.ports.book import Ledger
from channels.views.actions import challenge_content
from tests.cards import hand_over, of_card
from tests.house import ACCOUNT_IBAN, BENEFICIARY, CHEQUEBOOK, PAYEE_IBAN, TWO_TOGETHER, House, Person, mine, request_of


async def two_cards(house: House) -> tuple[Person, Person]:
    """Anne, with her old card in hand and with her new one, both active."""
    anne, _, _ = await house.found()
    new = await hand_over(house, anne)
    here = await house.sign_in(anne)
    await house.cards.own.activate(here.login.id, new.card.id, new.code_key())
    return anne, new


async def test_without_a_choice_nothing_is_tried_and_the_choices_are_named(house: House) -> None:
    anne, new = await two_cards(house)
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    with pytest.raises(CardChoiceNeeded) as refused:
        await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.code_key())
    assert {card.id for card in refused.value.choices} == {anne.card.id, new.card.id}
    assert anne.card.last4 in str(refused.value)
    assert new.card.last4 in str(refused.value)
    assert (await house.card(anne)).attempts_left == (await house.card(new)).attempts_left == 3


@pytest.mark.parametrize("by", ["id", "last4"])
async def test_each_card_signs_when_it_is_chosen_by_id_or_last_digits(house: House, by: str) -> None:
    for used in await two_cards(house):
        sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(used)
        chosen = of_card(used.code_key(), used.card.id if by == "id" else used.card.last4)
        answered = await house.answers.answer(here.login.id, mine(sheet, used).id, chosen)
        assert answered.answer is Answer.ACCEPTED
        signed = mine(await house.sheet(sheet.id), used)
        assert (signed.status, signed.card_id) == (ChallengeStatus.SATISFIED, used.card.id)


async def test_a_code_of_the_other_card_costs_the_chosen_one_an_attempt(house: House) -> None:
    anne, new = await two_cards(house)
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    chosen = of_card(anne.code_key(), new.card.id)
    answered = await house.answers.answer(here.login.id, mine(sheet, anne).id, chosen)
    assert answered.answer is Answer.PROOF_REFUSED
    assert (await house.card(new)).attempts_left == 2
    assert (await house.card(anne)).attempts_left == 3


async def test_a_card_nobody_has_is_no_choice(house: House) -> None:
    anne, _ = await two_cards(house)
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    with pytest.raises(CardChoiceNeeded):
        await house.answers.answer(here.login.id, mine(sheet, anne).id, of_card(anne.code_key(), "crd_nobodys"))


async def test_linked_digits_are_shown_for_each_card_before_anything_is_typed_and_each_signs(house: House) -> None:
    anne, new = await two_cards(house)
    for used, iban in ((anne, PAYEE_IBAN), (new, ACCOUNT_IBAN)):
        sheet, here = await house.hold(payload={**BENEFICIARY, "iban": iban}), await house.sign_in(anne)
        challenge = mine(sheet, anne)
        shown = challenge_content(sheet, challenge, Language.FR, house.card_profiles, house.clock.now())
        assert shown.reader is None
        assert {each.card.id for each in shown.readers} == {anne.card.id, new.card.id}
        (reader,) = [each for each in shown.readers if each.card.id == used.card.id]
        asked = reader_input(sheet.action, challenge.id, used.card, house.card_profiles)
        assert (reader.mode, reader.digits) == (asked.mode, asked.digits)
        assert reader.digits.startswith("2")
        chosen = of_card(used.answer(asked), used.card.id)
        assert (await house.answers.answer(here.login.id, challenge.id, chosen)).answer is Answer.ACCEPTED
        assert (await house.sheet(sheet.id)).action.status is ActionStatus.APPROVED


async def test_with_one_card_the_reader_is_that_cards(house: House) -> None:
    anne, _, _ = await house.found()
    sheet = await house.hold()
    shown = challenge_content(sheet, mine(sheet, anne), Language.FR, house.card_profiles, house.clock.now())
    assert shown.reader is not None
    assert [shown.reader] == shown.readers


async def test_a_reported_card_leaves_the_other_as_the_only_one(house: House) -> None:
    anne, new = await two_cards(house)
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    presence = await house.access.presence(here.token)
    await house.cards.reporting.report(presence, anne.card.id, Trouble.LOST)
    answered = await house.answers.answer(here.login.id, mine(sheet, anne).id, new.code_key())
    assert answered.answer is Answer.ACCEPTED


async def test_the_signature_of_a_card_reported_since_no_longer_counts_whichever_card_it_was(house: House) -> None:
    anne, bruno, _ = await house.found(TWO_TOGETHER)
    new, here = await hand_over(house, anne), await house.sign_in(anne)
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    await house.answers.answer(here.login.id, mine(sheet, anne).id, of_card(new.code_key(), new.card.id))
    presence = await house.access.presence(here.token)
    await house.cards.reporting.report(presence, new.card.id, Trouble.STOLEN)
    there = await house.sign_in(bruno)
    await house.answers.answer(there.login.id, mine(sheet, bruno).id, bruno.code_key())
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.FAILED


async def test_at_the_door_the_choice_is_asked_behind_the_confidential_code_alone(house: House) -> None:
    anne, new = await two_cards(house)
    with pytest.raises(CardChoiceNeeded):
        await house.access.sign_in(request_of(anne, cap=anne.code_key()))
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, code=None, cap=anne.code_key()))
    await house.access.sign_in(request_of(anne, cap=of_card(new.code_key(), new.card.last4)))


async def test_a_locked_card_is_told_in_the_holders_language_and_to_nobody_without_a_factor(
    house: House, audit: list[str]
) -> None:
    anne, _, _ = await house.found()
    await house.put_card(anne.card, status=CardStatus.LOCKED)
    with pytest.raises(CardLocked, match="Appelez votre chargé d'affaires"):
        await house.access.sign_in(request_of(anne, cap=anne.code_key()))
    assert audit[-1] == "code_for_locked_card"
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, code=None, cap=anne.code_key()))


async def test_who_has_no_card_is_told_whom_to_call(house: House) -> None:
    await house.found()
    paul = house.newcomer(3, "Paul Adam")

    async def work(ledger: Ledger) -> None:
        await ledger.people.add_user(paul.user)

    await house.book.transaction(work)
    with pytest.raises(CardNotUsable, match="Appelez"):
        await house.access.sign_in(request_of(paul, cap=paul.code_key()))
