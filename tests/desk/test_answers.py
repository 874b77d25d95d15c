"""Answers, on both databases: what a code buys, what it costs, and that an action is released once (RULES 1 to 10)."""

import pytest

from approvals.credentials.card_refusals import CardBlocked, CardLocked, CardNotUsable
from approvals.desk.answered import Answered
from approvals.errors import ChallengeClosed, CodeLengthWrong, IdempotencyKeyReused, LoginEnded, NotFound, PersonLocked
from approvals.model.action import ActionStatus
from approvals.model.card import CardStatus
from approvals.model.challenge import ChallengeStatus, RefusalReason
from approvals.model.idempotency import RequestKey
from approvals.model.ids import ChallengeId
from approvals.model.policy import Policy, Refusal, Signatures
from approvals.model.proof import Answer, CapProof
from approvals.model.reader import CapMode, ReaderInput
from tests.company import put_person
from tests.house import CHEQUEBOOK, COMPANY, TWO_TOGETHER, House, mine, release_of

GROUP_A = Policy(clauses=(Signatures(count=1, group="A"),))


async def test_a_right_code_releases_the_action(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    challenge = mine(sheet, anne)
    answered = await house.answers.answer(here.login.id, challenge.id, anne.answer(challenge.reader_input))
    assert answered == Answered(answer=Answer.ACCEPTED, attempts_left=3)
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.APPROVED
    assert await release_of(house, sheet) is not None


async def test_a_change_of_ours_is_applied_by_the_deciding_transaction(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold("beneficiary"), await house.sign_in(anne)
    challenge = mine(sheet, anne)
    assert await beneficiaries(house) == []
    await house.answers.answer(here.login.id, challenge.id, anne.answer(challenge.reader_input))
    assert await beneficiaries(house) == ["Menuiserie Le Goff"]


async def beneficiaries(house: House) -> list[str]:
    found = await house.book.reading(lambda ledger: ledger.beneficiaries.all(COMPANY))
    return [each.name for each in found]


async def test_a_wrong_code_costs_one_attempt_of_challenge_card_and_person(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    challenge = mine(sheet, anne)
    answered = await house.answers.answer(here.login.id, challenge.id, anne.wrong(challenge.reader_input))
    assert answered == Answered(answer=Answer.PROOF_REFUSED, attempts_left=2)
    assert (await house.card(anne)).attempts_left == 2
    assert (await house.user(anne)).attempts_left == 4
    assert mine(await house.sheet(sheet.id), anne).attempts_left == 2
    assert await release_of(house, sheet) is None


async def test_three_wrong_codes_lock_the_card_and_fail_the_action(house: House) -> None:
    anne, _, _ = await house.found(GROUP_A)
    sheet, here = await house.hold(), await house.sign_in(anne)
    challenge = mine(sheet, anne)
    for _ in range(3):
        await house.answers.answer(here.login.id, challenge.id, anne.wrong(challenge.reader_input))
    assert (await house.card(anne)).status is CardStatus.LOCKED
    ended = await house.sheet(sheet.id)
    assert (ended.action.status, ended.action.reason) == (ActionStatus.FAILED, "nobody_left_to_sign")
    with pytest.raises(ChallengeClosed):
        await house.answers.answer(here.login.id, challenge.id, anne.answer(challenge.reader_input))


async def test_a_right_code_forgets_the_failures_before_it(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    challenge = mine(sheet, anne)
    await house.answers.answer(here.login.id, challenge.id, anne.wrong(challenge.reader_input))
    await house.answers.answer(here.login.id, challenge.id, anne.answer(challenge.reader_input))
    assert ((await house.card(anne)).attempts_left, (await house.user(anne)).attempts_left) == (3, 5)


async def test_a_code_is_accepted_once_whichever_action_it_is_offered_for(house: House) -> None:
    anne, _, _ = await house.found()
    first, second = await house.hold("chequebook", CHEQUEBOOK), await house.hold("chequebook", CHEQUEBOOK)
    here, code = await house.sign_in(anne), anne.code_key()
    await house.answers.answer(here.login.id, mine(first, anne).id, code)
    again = await house.answers.answer(here.login.id, mine(second, anne).id, code)
    assert again.answer is Answer.PROOF_REFUSED
    assert (await house.sheet(second.id)).action.status is ActionStatus.PENDING


async def test_an_older_code_than_the_last_one_accepted_is_refused(house: House) -> None:
    anne, _, _ = await house.found()
    first, second = await house.hold("chequebook", CHEQUEBOOK), await house.hold("chequebook", CHEQUEBOOK)
    here, old, new = await house.sign_in(anne), anne.code_key(), anne.code_key()
    await house.answers.answer(here.login.id, mine(first, anne).id, new)
    answered = await house.answers.answer(here.login.id, mine(second, anne).id, old)
    assert answered.answer is Answer.PROOF_REFUSED


async def test_a_code_right_in_another_mode_is_wrong(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold("beneficiary"), await house.sign_in(anne)
    challenge = mine(sheet, anne)
    assert challenge.reader_input is not None
    assert challenge.reader_input.mode is CapMode.RESPOND
    answered = await house.answers.answer(here.login.id, challenge.id, anne.code_key())
    assert answered.answer is Answer.PROOF_REFUSED


async def test_a_code_for_other_digits_is_wrong(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold("beneficiary"), await house.sign_in(anne)
    other = ReaderInput(mode=CapMode.RESPOND, digits="27654321")
    answered = await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.answer(other))
    assert answered.answer is Answer.PROOF_REFUSED


@pytest.mark.parametrize("code", ["1234567", "123456789", ""])
async def test_a_code_of_another_length_is_told_so_and_costs_nothing(house: House, code: str) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    with pytest.raises(CodeLengthWrong) as refused:
        await house.answers.answer(here.login.id, mine(sheet, anne).id, CapProof(code=code))
    assert refused.value.expected == 8
    assert (await house.card(anne)).attempts_left == 3


FULL_WIDTH = "".join(chr(0xFF10 + digit) for digit in range(1, 9))


@pytest.mark.parametrize("code", [FULL_WIDTH, "1234567\n", "1234 567", "1234567a"])
async def test_what_is_not_eight_plain_digits_is_never_right(house: House, code: str) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    answered = await house.answers.answer(here.login.id, mine(sheet, anne).id, CapProof(code=code))
    assert answered.answer is Answer.PROOF_REFUSED


# --- the same request again -------------------------------------------------------------------------------


async def test_a_repeated_request_returns_the_stored_verdict_and_spends_nothing(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    key = RequestKey(caller=f"user:{anne.user.id}", key="r1", request_digest="00")
    wrong = anne.wrong(mine(sheet, anne).reader_input)
    first = await house.answers.answer(here.login.id, mine(sheet, anne).id, wrong, key)
    again = await house.answers.answer(here.login.id, mine(sheet, anne).id, wrong, key)
    assert (again.answer, again.attempts_left, again.replayed) == (first.answer, first.attempts_left, True)
    assert (await house.card(anne)).attempts_left == 2


async def test_a_repeat_is_answered_before_any_other_rule_is_asked(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    key = RequestKey(caller=f"user:{anne.user.id}", key="r1", request_digest="00")
    code = anne.answer(mine(sheet, anne).reader_input)
    await house.answers.answer(here.login.id, mine(sheet, anne).id, code, key)
    house.clock.advance(hours=1)  # the login is over, the challenge satisfied
    again = await house.answers.answer(here.login.id, mine(sheet, anne).id, code, key)
    assert (again.answer, again.replayed) == (Answer.ACCEPTED, True)


async def test_another_request_under_the_same_key_is_refused(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    challenge, caller = mine(sheet, anne), f"user:{anne.user.id}"
    wrong = anne.wrong(challenge.reader_input)
    await house.answers.answer(
        here.login.id, challenge.id, wrong, RequestKey(caller=caller, key="r1", request_digest="00")
    )
    with pytest.raises(IdempotencyKeyReused):
        await house.answers.answer(
            here.login.id, challenge.id, wrong, RequestKey(caller=caller, key="r1", request_digest="01")
        )


async def test_two_people_may_use_the_same_key(house: House) -> None:
    anne, bruno, _ = await house.found(TWO_TOGETHER)
    sheet = await house.hold()
    for person in (anne, bruno):
        key = RequestKey(caller=f"user:{person.user.id}", key="r1", request_digest="00")
        here = await house.sign_in(person)
        code = person.answer(mine(sheet, person).reader_input)
        answered = await house.answers.answer(here.login.id, mine(sheet, person).id, code, key)
        assert not answered.replayed


# --- who may answer what ----------------------------------------------------------------------------------


async def test_somebody_elses_challenge_is_not_told_apart_from_none(house: House) -> None:
    anne, bruno, _ = await house.found(TWO_TOGETHER)
    sheet, here = await house.hold(), await house.sign_in(bruno)
    told = []
    for challenge_id in (mine(sheet, anne).id, ChallengeId("chl_none")):
        with pytest.raises(NotFound) as refused:
            await house.answers.answer(here.login.id, challenge_id, CapProof(code="12345678"))
        told.append(str(refused.value))
    assert told[0] == told[1]


async def test_an_answer_needs_a_login_that_is_not_over(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    house.clock.advance(minutes=5)
    with pytest.raises(LoginEnded):
        await house.answers.answer(here.login.id, mine(sheet, anne).id, CapProof(code="12345678"))


async def test_an_answer_renews_the_five_minutes(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    for _ in range(2):
        house.clock.advance(minutes=4)
        challenge = mine(sheet, anne)
        await house.answers.answer(here.login.id, challenge.id, anne.wrong(challenge.reader_input))
    assert (await house.access.presence(here.token)).user.id == anne.user.id


async def test_a_refusal_renews_the_five_minutes_too(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    house.clock.advance(minutes=4)
    await house.answers.refuse(here.login.id, mine(sheet, anne).id, RefusalReason.NOT_NOW)
    house.clock.advance(minutes=4)
    assert (await house.access.presence(here.token)).user.id == anne.user.id


async def test_a_revoked_device_answers_no_more(house: House) -> None:
    anne, _, _ = await house.found()
    here, device_id = await house.enrol(anne)
    sheet = await house.hold()
    await house.devices.revoke(here.login.id, device_id)
    with pytest.raises(LoginEnded):
        await house.answers.answer(here.login.id, mine(sheet, anne).id, CapProof(code="12345678"))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (CardStatus.LOCKED, CardLocked),
        (CardStatus.BLOCKED, CardBlocked),
        (CardStatus.REPORTED, CardNotUsable),
    ],
)
async def test_a_card_that_is_not_usable_says_why_and_is_not_checked(
    house: House, status: CardStatus, error: type[Exception]
) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    await house.put_card(anne.card, status=status)
    with pytest.raises(error):
        await house.answers.answer(here.login.id, mine(sheet, anne).id, CapProof(code="12345678"))
    assert mine(await house.sheet(sheet.id), anne).attempts_left == 3


async def test_five_wrong_proofs_over_all_factors_lock_the_person_and_end_their_logins(house: House) -> None:
    anne, _, _ = await house.found(GROUP_A)
    sheet, here = await house.hold(), await house.sign_in(anne)
    challenge = mine(sheet, anne)
    await put_person(house, anne, attempts_left=1)
    await house.answers.answer(here.login.id, challenge.id, anne.wrong(challenge.reader_input))
    with pytest.raises(LoginEnded):
        await house.access.presence(here.token)
    with pytest.raises(PersonLocked):
        await house.sign_in(anne)


# --- the end ----------------------------------------------------------------------------------------------


async def test_a_refusal_rejects_the_action_and_is_told_to_every_signer(house: House) -> None:
    anne, bruno, _ = await house.found(TWO_TOGETHER)
    sheet, here = await house.hold(), await house.sign_in(anne)
    await house.answers.refuse(here.login.id, mine(sheet, anne).id, RefusalReason.WRONG_CONTENT)
    ended = await house.sheet(sheet.id)
    assert (ended.action.status, ended.action.reason) == (ActionStatus.REJECTED, "refused_by_signer")
    assert set(house.announcements.heads[-1]) == {anne.user.id, bruno.user.id}


async def test_the_same_refusal_twice_is_one(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    for _ in range(2):
        refused = await house.answers.refuse(here.login.id, mine(sheet, anne).id, RefusalReason.NOT_ME)
        assert refused.status is ChallengeStatus.REFUSED


async def test_a_refusal_of_one_leaves_the_others_where_the_policy_says_so(house: House) -> None:
    anne, bruno, _ = await house.found(Policy(clauses=(Signatures(count=1),), refusal=Refusal.SIGNER_ONLY))
    sheet, here = await house.hold(), await house.sign_in(anne)
    await house.answers.refuse(here.login.id, mine(sheet, anne).id, RefusalReason.OTHER)
    there = await house.sign_in(bruno)
    challenge = mine(sheet, bruno)
    await house.answers.answer(there.login.id, challenge.id, bruno.answer(challenge.reader_input))
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.APPROVED


async def test_a_card_reported_after_its_signature_takes_the_signature_back(house: House) -> None:
    anne, bruno, _ = await house.found(TWO_TOGETHER)
    sheet = await house.hold()
    for person in (anne, bruno):
        here = await house.sign_in(person)
        challenge = mine(sheet, person)
        await house.answers.answer(here.login.id, challenge.id, person.answer(challenge.reader_input))
        await house.put_card(person.card, status=CardStatus.REPORTED)
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.FAILED
    assert await release_of(house, sheet) is None


async def test_in_turn_the_second_signer_is_told_when_the_first_has_signed(house: House) -> None:
    policy = Policy(clauses=(Signatures(count=1, group="A"), Signatures(count=1, group="B")), ordered=True)
    anne, bruno, _ = await house.found(policy)
    sheet, here = await house.hold(), await house.sign_in(anne)
    assert mine(sheet, bruno).status is ChallengeStatus.WAITING
    challenge = mine(sheet, anne)
    await house.answers.answer(here.login.id, challenge.id, anne.answer(challenge.reader_input))
    assert mine(await house.sheet(sheet.id), bruno).status is ChallengeStatus.OPEN
    events = await house.inbox.read(bruno.user.id, 0, 10)
    assert [event.news.kind.value for event in events] == ["challenge_opened"]
