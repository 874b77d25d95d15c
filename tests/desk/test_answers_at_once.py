"""Answers that come at the same moment, too late, or never get their verdict (RULES 1, 4, 7)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from approvals.credentials.card_refusals import CardLocked
from approvals.desk.answered import Answered
from approvals.errors import AnswerInProgress, ChallengeClosed, NoAttemptLeft, ProofNotChecked
from approvals.model.action import ActionStatus
from approvals.model.card import Card
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.idempotency import RequestKey
from approvals.model.ids import LoginId
from approvals.model.proof import Answer, CapProof, Verdict
from approvals.model.reader import ReaderInput
from approvals.store.book import SqlBook
from tests.house import TWO_TOGETHER, House, mine, release_of
from tests.joined_desks import Parts

RIGHT = "00000039"


@dataclass
class GatedChecker:
    """A checker at the port that counts, says right to one code, and answers when its gate is open."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    busy: asyncio.Event = field(default_factory=asyncio.Event)
    checked: int = 0

    async def check_cap(self, card: Card, asked: ReaderInput, proof: CapProof) -> Verdict:
        del asked
        self.checked += 1
        self.busy.set()
        await self.gate.wait()
        if proof.code == RIGHT:
            return Verdict(right=True, reason="cap_right", atc=card.last_atc + 1)
        return Verdict(right=False, reason="cap_cryptogram_mismatch")

    async def check_resync(self, card: Card, first: CapProof, second: CapProof) -> Verdict:
        raise NotImplementedError


@pytest.fixture
def gated() -> GatedChecker:
    return GatedChecker()


@pytest.fixture
def slow_house(book: SqlBook, tmp_path: Path, gated: GatedChecker) -> House:
    return House(Parts(book=book, folder=tmp_path, checker=gated))


async def at_once(
    house: House, login_id: LoginId, challenge: Challenge, codes: Sequence[str]
) -> list[Answered | BaseException]:
    answers = (house.answers.answer(login_id, challenge.id, CapProof(code=code)) for code in codes)
    return await asyncio.gather(*answers, return_exceptions=True)


async def test_forty_guesses_at_once_buy_only_three_checks(slow_house: House, gated: GatedChecker) -> None:
    anne, _, _ = await slow_house.found()
    sheet, here = await slow_house.hold(), await slow_house.sign_in(anne)
    gated.gate.set()
    outcomes = await at_once(slow_house, here.login.id, mine(sheet, anne), [f"{n:08d}" for n in range(40)])
    judged = [outcome for outcome in outcomes if isinstance(outcome, Answered)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, NoAttemptLeft | ChallengeClosed | CardLocked)]
    assert gated.checked <= 3
    assert len(judged) == gated.checked
    assert len(judged) + len(refused) == 40


async def test_the_last_attempt_under_check_may_still_be_the_right_one(slow_house: House, gated: GatedChecker) -> None:
    anne, _, _ = await slow_house.found()
    sheet, here = await slow_house.hold(), await slow_house.sign_in(anne)
    gated.gate.set()
    await at_once(slow_house, here.login.id, mine(sheet, anne), ["00000001", "00000002", RIGHT])
    assert (await slow_house.sheet(sheet.id)).action.status is ActionStatus.APPROVED
    assert (await slow_house.card(anne)).status == "active"


async def test_the_same_right_code_twice_at_once_releases_once(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    code = anne.answer(mine(sheet, anne).reader_input).code
    outcomes = await at_once(house, here.login.id, mine(sheet, anne), [code, code])
    accepted = [each for each in outcomes if isinstance(each, Answered) and each.answer is Answer.ACCEPTED]
    assert len(accepted) == 1
    assert (await house.card(anne)).last_atc == 1
    assert await release_of(house, sheet) is not None


async def test_two_signers_at_once_release_once(house: House) -> None:
    anne, bruno, _ = await house.found(TWO_TOGETHER)
    sheet = await house.hold()
    pairs = [(person, await house.sign_in(person)) for person in (anne, bruno)]
    answers = (
        house.answers.answer(here.login.id, mine(sheet, person).id, person.answer(mine(sheet, person).reader_input))
        for person, here in pairs
    )
    assert [each.answer for each in await asyncio.gather(*answers)] == [Answer.ACCEPTED] * 2
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.APPROVED
    assert await release_of(house, sheet) is not None


async def test_a_right_code_judged_after_the_time_is_consumed_and_releases_nothing(
    slow_house: House, gated: GatedChecker
) -> None:
    anne, _, _ = await slow_house.found()
    sheet = await slow_house.hold()
    slow_house.clock.advance(hours=23, minutes=58)
    here = await slow_house.sign_in(anne)
    answering = asyncio.create_task(
        slow_house.answers.answer(here.login.id, mine(sheet, anne).id, CapProof(code=RIGHT))
    )
    await gated.busy.wait()
    slow_house.clock.advance(minutes=2)
    gated.gate.set()
    assert (await answering).answer is Answer.TOO_LATE
    assert (await slow_house.card(anne)).last_atc == 1
    assert (await slow_house.sheet(sheet.id)).action.status is ActionStatus.EXPIRED
    assert await release_of(slow_house, sheet) is None


async def test_an_offer_after_the_time_is_not_checked(slow_house: House, gated: GatedChecker) -> None:
    anne, _, _ = await slow_house.found()
    sheet = await slow_house.hold()
    slow_house.clock.advance(hours=24)
    here = await slow_house.sign_in(anne)
    with pytest.raises(ChallengeClosed):
        await slow_house.answers.answer(here.login.id, mine(sheet, anne).id, CapProof(code=RIGHT))
    assert gated.checked == 0


async def test_a_right_code_judged_after_somebody_withdrew_is_consumed_and_too_late(
    slow_house: House, gated: GatedChecker
) -> None:
    anne, _, _ = await slow_house.found()
    sheet, here = await slow_house.hold(), await slow_house.sign_in(anne)
    answering = asyncio.create_task(
        slow_house.answers.answer(here.login.id, mine(sheet, anne).id, CapProof(code=RIGHT))
    )
    await gated.busy.wait()
    await slow_house.withdraw(sheet)
    gated.gate.set()
    assert (await answering).answer is Answer.TOO_LATE
    assert (await slow_house.card(anne)).last_atc == 1


async def test_a_check_that_never_ends_gives_its_attempt_back(slow_house: House, gated: GatedChecker) -> None:
    anne, _, _ = await slow_house.found()
    sheet, here = await slow_house.hold(), await slow_house.sign_in(anne)
    answering = asyncio.create_task(
        slow_house.answers.answer(here.login.id, mine(sheet, anne).id, CapProof(code=RIGHT))
    )
    await gated.busy.wait()
    assert (await slow_house.card(anne)).attempts_left == 2
    slow_house.clock.advance(seconds=11)
    assert (await slow_house.sweeping.sweep()).abandoned == 1
    given_back = mine(await slow_house.sheet(sheet.id), anne)
    assert (given_back.attempts_left, given_back.checking) == (3, 0)
    assert ((await slow_house.card(anne)).attempts_left, (await slow_house.user(anne)).attempts_left) == (3, 5)
    gated.gate.set()
    with pytest.raises(ProofNotChecked):
        await answering
    assert (await slow_house.sheet(sheet.id)).action.status is ActionStatus.PENDING
    assert (await slow_house.card(anne)).last_atc == 0


async def test_attempts_come_back_before_anything_expires(slow_house: House, gated: GatedChecker) -> None:
    """People wait for them; behind a long backlog of actions past their time they would wait in vain."""
    anne, _, _ = await slow_house.found()
    sheet, here = await slow_house.hold(), await slow_house.sign_in(anne)
    answering = asyncio.create_task(
        slow_house.answers.answer(here.login.id, mine(sheet, anne).id, CapProof(code=RIGHT))
    )
    await gated.busy.wait()
    slow_house.clock.advance(hours=24)
    assert (await slow_house.sweeping.sweep()).abandoned == 1
    ended = await slow_house.sheet(sheet.id)
    assert (ended.action.status, mine(ended, anne).attempts_left) == (ActionStatus.EXPIRED, 3)
    gated.gate.set()
    with pytest.raises(ProofNotChecked):
        await answering


async def test_a_repeat_while_the_first_is_checked_is_told_to_ask_again(slow_house: House, gated: GatedChecker) -> None:
    anne, _, _ = await slow_house.found()
    sheet, here = await slow_house.hold(), await slow_house.sign_in(anne)
    key = RequestKey(caller=f"user:{anne.user.id}", key="r1", request_digest="00")
    proof = CapProof(code=RIGHT)
    answering = asyncio.create_task(slow_house.answers.answer(here.login.id, mine(sheet, anne).id, proof, key))
    await gated.busy.wait()
    with pytest.raises(AnswerInProgress):
        await slow_house.answers.answer(here.login.id, mine(sheet, anne).id, proof, key)
    gated.gate.set()
    assert (await answering).answer is Answer.ACCEPTED
    assert gated.checked == 1


async def test_an_action_nobody_answers_expires_and_everybody_hears_of_it(house: House) -> None:
    anne, bruno, _ = await house.found()
    sheet = await house.hold()
    house.clock.advance(hours=24)
    assert (await house.sweeping.sweep()).expired == 1
    ended = await house.sheet(sheet.id)
    assert ended.action.status is ActionStatus.EXPIRED
    assert {challenge.status for challenge in ended.challenges} == {ChallengeStatus.EXPIRED}
    assert set(house.announcements.heads[-1]) == {anne.user.id, bruno.user.id}
    assert (await house.sweeping.sweep()).expired == 0


async def test_a_clock_that_jumps_back_gives_nobody_more_time_than_the_deadline(house: House) -> None:
    anne, _, _ = await house.found()
    sheet = await house.hold()
    house.clock.advance(hours=24)
    await house.sweeping.sweep()
    house.clock.advance(hours=-24)
    here = await house.sign_in(anne)
    with pytest.raises(ChallengeClosed):
        await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.answer(mine(sheet, anne).reader_input))
