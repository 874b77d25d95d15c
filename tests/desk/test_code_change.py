"""Changing one's confidential code, on both databases."""

import pytest

from approvals.credentials.card_refusals import CardLocked
from approvals.credentials.confidential_code import CodeRule
from approvals.credentials.refusals import CodeNotAllowed, ProofRefused
from approvals.desk.code_change import CodeChangeRequest
from approvals.errors import LoginEnded, PersonLocked, SignInRefused
from approvals.model.card import CardStatus
from approvals.model.inbox import EventKind
from approvals.model.person import UserStatus
from approvals.model.proof import CapProof
from tests.desk.letters import NEW_CODE
from tests.house import CODE, House, Person, request_of
from tests.log_watch import never_log


def typed(cap: CapProof, *, old: str = CODE, new: str = NEW_CODE) -> CodeChangeRequest:
    never_log(new)
    return CodeChangeRequest(old=old, cap=cap, new=new)


async def change(house: House, person: Person, request: CodeChangeRequest) -> None:
    here = await house.sign_in(person)
    await house.ways_in.code_change.run(here.login.id, request)


async def test_the_old_code_and_a_card_change_the_code(house: House) -> None:
    anne, _, _ = await house.found()
    await change(house, anne, typed(anne.code_key()))
    with pytest.raises(SignInRefused):
        await house.sign_in(anne)
    assert (await house.access.sign_in(request_of(anne, code=NEW_CODE))).user.id == anne.user.id


async def test_every_other_login_ends_and_every_device_is_told(house: House) -> None:
    anne, _, _ = await house.found()
    elsewhere, here = await house.sign_in(anne), await house.sign_in(anne)
    await house.ways_in.code_change.run(here.login.id, typed(anne.code_key()))
    with pytest.raises(LoginEnded):
        await house.access.presence(elsewhere.token)
    assert (await house.access.presence(here.token)).user.id == anne.user.id
    events = await house.inbox.read(anne.user.id, 0, 10)
    assert events[-1].news.kind is EventKind.CODE_CHANGED
    assert anne.user.id in house.announcements.told


async def test_a_wrong_code_and_a_wrong_card_sound_alike_and_cost_an_attempt_each(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne)
    told = []
    for request in (typed(anne.code_key(), old="000000"), typed(anne.wrong())):
        with pytest.raises(ProofRefused) as refused:
            await house.ways_in.code_change.run(here.login.id, request)
        told.append(str(refused.value))
    assert told == ["refused", "refused"]
    assert (await house.user(anne)).attempts_left == 4  # the right code cleared the wrong one before it
    assert (await house.card(anne)).attempts_left == 2


async def test_guessing_the_old_code_locks_the_person_and_ends_the_stay(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(ProofRefused) as refused:
            await house.ways_in.code_change.run(here.login.id, typed(anne.code_key(), old="000000"))
        assert refused.value.attempts_left == left
    assert (await house.user(anne)).status is UserStatus.LOCKED
    with pytest.raises((LoginEnded, PersonLocked)):
        await house.ways_in.code_change.run(here.login.id, typed(anne.code_key()))
    kinds = [event.news.kind for event in await house.inbox.read(anne.user.id, 0, 10)]
    assert kinds[-2:] == [EventKind.ACCESS_LAST_ATTEMPT, EventKind.ACCESS_LOCKED]


async def test_a_locked_card_changes_nothing(house: House) -> None:
    anne, _, _ = await house.found()
    await house.put_card(anne.card, status=CardStatus.LOCKED)
    with pytest.raises(CardLocked):
        await change(house, anne, typed(anne.code_key()))
    assert (await house.sign_in(anne)).user.id == anne.user.id


@pytest.mark.parametrize(
    ("new", "rule"), [(CODE, CodeRule.UNCHANGED), ("123456", CodeRule.SEQUENCE), ("400123", CodeRule.IDENTIFIER)]
)
async def test_a_code_that_may_not_be_chosen_spends_nothing(house: House, new: str, rule: CodeRule) -> None:
    anne, _, _ = await house.found()
    with pytest.raises(CodeNotAllowed) as refused:
        await change(house, anne, typed(anne.code_key(), new=new))
    assert refused.value.rule == rule
    assert (await house.user(anne)).attempts_left == 5
