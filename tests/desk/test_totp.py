"""Signing with an authenticator: as with a card, but no card is risked, and a time step is used up."""

import asyncio
import base64
from dataclasses import replace

import msgspec
import pytest

from approvals.errors import MeansNotAccepted, NobodyCanSign
from approvals.model.action import ActionStatus
from approvals.model.person import UserStatus
from approvals.model.policy import Means
from approvals.model.proof import Answer, CapProof, TotpProof
from tests.authenticators import Authenticator, give_authenticator
from tests.house import ALONE, CHEQUEBOOK, TWO_TOGETHER, House, Person, mine, release_of

BY_TOTP = replace(ALONE, means=frozenset({Means.TOTP}))
TOGETHER_BY_TOTP = replace(TWO_TOGETHER, means=frozenset({Means.TOTP}))


@pytest.fixture
async def adviser(house: House) -> tuple[Person, Authenticator]:
    anne, _, _ = await house.found(BY_TOTP)
    return anne, await give_authenticator(house, anne)


async def test_a_right_code_signs_and_the_release_says_by_which_means(
    house: House, adviser: tuple[Person, Authenticator]
) -> None:
    anne, authenticator = adviser
    sheet, here = await house.hold(), await house.sign_in(anne)
    challenge = mine(sheet, anne)
    assert (challenge.card_id, challenge.reader_input) == (None, None)
    answered = await house.answers.answer(here.login.id, challenge.id, authenticator.show())
    assert answered.answer is Answer.ACCEPTED
    signed = await house.sheet(sheet.id)
    assert (signed.action.status, mine(signed, anne).signed_with) == (ActionStatus.APPROVED, Means.TOTP)
    release = await release_of(house, sheet)
    assert release is not None
    _, claims, _ = msgspec.json.decode(release.body)["data"]["token"].split(".")
    approvals = msgspec.json.decode(base64.urlsafe_b64decode(claims + "=="))["approvals"]
    assert [(each["user"], each["means"]) for each in approvals] == [(anne.user.id, "totp")]


async def test_only_who_has_an_authenticator_is_asked(house: House, adviser: tuple[Person, Authenticator]) -> None:
    anne, _ = adviser
    assert [challenge.user_id for challenge in (await house.hold()).challenges] == [anne.user.id]


async def test_without_authenticators_nothing_is_opened(house: House) -> None:
    await house.found(BY_TOTP)
    with pytest.raises(NobodyCanSign):
        await house.hold()


async def test_a_step_serves_one_action_alone(house: House, adviser: tuple[Person, Authenticator]) -> None:
    anne, authenticator = adviser
    first, second, here = await house.hold(), await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    code = authenticator.show()
    await house.answers.answer(here.login.id, mine(first, anne).id, code)
    again = await house.answers.answer(here.login.id, mine(second, anne).id, code)
    assert (again.answer, again.attempts_left) == (Answer.PROOF_REFUSED, 2)
    assert (await house.sheet(second.id)).action.status is ActionStatus.PENDING
    assert (await house.user(anne)).attempts_left == 4


async def test_a_code_passed_over_is_used_up_too(house: House, adviser: tuple[Person, Authenticator]) -> None:
    anne, authenticator = adviser
    first, second, here = await house.hold(), await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    earlier = authenticator.show()
    await house.answers.answer(here.login.id, mine(first, anne).id, authenticator.show(steps=1))
    again = await house.answers.answer(here.login.id, mine(second, anne).id, earlier)
    assert again.answer is Answer.PROOF_REFUSED


async def test_one_code_at_once_for_two_actions_over_two_connections_signs_one(
    house: House, adviser: tuple[Person, Authenticator]
) -> None:
    anne, authenticator = adviser
    sheets, here = [await house.hold(), await house.hold("chequebook", CHEQUEBOOK)], await house.sign_in(anne)
    code = authenticator.show()
    answered = await asyncio.gather(
        *(house.answers.answer(here.login.id, mine(sheet, anne).id, code) for sheet in sheets)
    )
    assert sorted(each.answer for each in answered) == [Answer.ACCEPTED, Answer.PROOF_REFUSED]
    ends = [(await house.sheet(sheet.id)).action.status for sheet in sheets]
    assert sorted(ends) == [ActionStatus.APPROVED, ActionStatus.PENDING]
    assert len([sheet for sheet in sheets if await release_of(house, sheet) is not None]) == 1


async def test_five_wrong_codes_over_actions_lock_the_person_and_no_card(
    house: House, adviser: tuple[Person, Authenticator]
) -> None:
    anne, authenticator = adviser
    first, second, here = await house.hold(), await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    for sheet in (first, first, first, second):
        await house.answers.answer(here.login.id, mine(sheet, anne).id, authenticator.wrong())
    last = await house.answers.answer(here.login.id, mine(second, anne).id, authenticator.wrong())
    assert last.attempts_left == 0
    assert (await house.user(anne)).status is UserStatus.LOCKED
    assert (await house.card(anne)).attempts_left == 3


async def test_a_right_code_forgives_the_wrong_ones_before_it(
    house: House, adviser: tuple[Person, Authenticator]
) -> None:
    anne, authenticator = adviser
    sheet, here = await house.hold(), await house.sign_in(anne)
    await house.answers.answer(here.login.id, mine(sheet, anne).id, authenticator.wrong())
    assert (await house.user(anne)).attempts_left == 4
    await house.answers.answer(here.login.id, mine(sheet, anne).id, authenticator.show())
    assert (await house.user(anne)).attempts_left == 5


@pytest.mark.parametrize("steps", [-2, 2])
async def test_a_code_too_early_or_too_late_is_refused(
    house: House, adviser: tuple[Person, Authenticator], steps: int
) -> None:
    anne, authenticator = adviser
    sheet, here = await house.hold(), await house.sign_in(anne)
    answered = await house.answers.answer(here.login.id, mine(sheet, anne).id, authenticator.show(steps=steps))
    assert answered.answer is Answer.PROOF_REFUSED


async def test_a_card_code_for_an_authenticator_s_challenge_spends_nothing(
    house: House, adviser: tuple[Person, Authenticator]
) -> None:
    anne, _ = adviser
    sheet, here = await house.hold(), await house.sign_in(anne)
    with pytest.raises(MeansNotAccepted):
        await house.answers.answer(here.login.id, mine(sheet, anne).id, CapProof(code="12345678"))
    assert (await house.user(anne)).attempts_left == 5


async def test_an_authenticator_s_code_for_a_card_s_challenge_spends_nothing(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    with pytest.raises(MeansNotAccepted):
        await house.answers.answer(here.login.id, mine(sheet, anne).id, TotpProof(code="123456"))
    assert (await house.user(anne)).attempts_left == 5


async def test_two_together_sign_with_one_code_each(house: House) -> None:
    anne, bruno, _ = await house.found(TOGETHER_BY_TOTP)
    held = [(anne, await give_authenticator(house, anne)), (bruno, await give_authenticator(house, bruno))]
    sheet = await house.hold()
    for person, authenticator in held:
        here = await house.sign_in(person)
        await house.answers.answer(here.login.id, mine(sheet, person).id, authenticator.show())
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.APPROVED
