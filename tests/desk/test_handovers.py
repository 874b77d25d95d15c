"""A challenge handed over to a card bridge, on both databases (RULES 24)."""

import asyncio

import pytest

from approvals.credentials import handover as rules
from approvals.credentials.device import signed_bytes
from approvals.credentials.handover import Act
from approvals.credentials.refusals import BridgeNeeded, DigitsWrong, HandoverClosed, HandoverTaken
from approvals.desk.answered import Answered
from approvals.desk.bridges import BridgeClaim
from approvals.desk.devices import DeviceClaim
from approvals.errors import ChallengeClosed, DeviceSignatureRefused, IdempotencyKeyReused, LoginEnded, NotFound
from approvals.model.action import ActionStatus
from approvals.model.challenge import Challenge
from approvals.model.device import Device
from approvals.model.handover import Handover, HandoverStatus
from approvals.model.idempotency import RequestKey
from approvals.model.ids import HandoverId, LoginId
from approvals.model.inbox import EventKind
from approvals.model.proof import Answer
from tests.desk.bridges import Bridge, other, pair
from tests.desk.test_enrolments import scan
from tests.house import House, Person


class Screen:
    """Anne at a screen of hers, with a bridge paired, and something to sign."""

    def __init__(self, house: House, anne: Person, login: LoginId, bridge: Bridge, challenge: Challenge) -> None:
        self.house, self.anne, self.login, self.bridge, self.challenge = house, anne, login, bridge, challenge

    async def ask(self) -> Handover:
        return await self.house.handovers.ask(self.login, self.challenge.id)

    async def take(self, handover: Handover, digits: str | None = None, bridge: Bridge | None = None) -> Handover:
        claim = await (bridge or self.bridge).claim(Act.TAKE, handover.id)
        return await self.house.handovers.take(claim, handover.id, digits or handover.digits)

    async def asked_and_taken(self) -> Handover:
        return await self.take(await self.ask())

    async def another_bridge(self, key: Person) -> Bridge:
        return await pair(self.house, (await self.house.sign_in(self.anne, with_card=True)).login.id, key)

    async def status(self) -> ActionStatus:
        return (await self.house.actions.of_challenge(self.challenge.id, self.anne.user.id)).action.status

    async def kinds(self) -> list[EventKind]:
        return [event.news.kind for event in await self.house.inbox.read(self.anne.user.id, 0, 50)]


async def open_screen(house: House) -> tuple[Screen, Person, Person]:
    anne, bruno, chloe = await house.found()
    here = await house.sign_in(anne, with_card=True)
    bridge = await pair(house, here.login.id, bruno)
    sheet = await house.hold()
    challenge = sheet.challenge_of(anne.user.id)
    assert challenge is not None
    return Screen(house, anne, here.login.id, bridge, challenge), bruno, chloe


def key_named(name: str, digest: str = "one") -> RequestKey:
    return RequestKey(caller="user:anne", key=name, request_digest=digest)


async def test_digits_of_the_screen_and_a_right_code_at_the_bridge_release(house: House) -> None:
    screen, _, _ = await open_screen(house)
    asked = await screen.ask()
    assert [each.id for each in await house.handovers.waiting(await the_device(screen))] == [asked.id]
    taken = await screen.take(asked)
    assert (taken.status, taken.challenge_id) == (HandoverStatus.TAKEN, screen.challenge.id)
    proof = screen.anne.answer(screen.challenge.reader_input)
    answered = await house.handovers.answer(await screen.bridge.claim(Act.ANSWER, asked.id), asked.id, proof)
    assert answered.answer is Answer.ACCEPTED
    assert await screen.status() is ActionStatus.APPROVED
    shown = await house.handovers.show(screen.login, asked.id)
    assert (shown.status, shown.answer) == (HandoverStatus.DONE, Answer.ACCEPTED)
    assert [kind for kind in await screen.kinds() if kind.startswith("handover")] == [
        EventKind.HANDOVER_ASKED,
        EventKind.HANDOVER_TAKEN,
        EventKind.HANDOVER_ANSWERED,
    ]


async def the_device(screen: Screen) -> Device:
    (device,) = await screen.house.devices.mine(screen.anne.user.id)
    return device


async def test_wrong_digits_end_it_and_there_is_no_second_guess(house: House) -> None:
    screen, _, _ = await open_screen(house)
    asked = await screen.ask()
    with pytest.raises(DigitsWrong):
        await screen.take(asked, other(asked.digits))
    with pytest.raises(HandoverClosed):
        await screen.take(asked)
    assert (await house.handovers.show(screen.login, asked.id)).status is HandoverStatus.CLOSED
    assert (await screen.kinds())[-1] is EventKind.HANDOVER_CLOSED


async def test_it_is_taken_within_two_minutes_and_answered_within_two_more(house: House) -> None:
    screen, _, _ = await open_screen(house)
    late = await screen.ask()
    house.clock.advance(minutes=2)
    with pytest.raises(HandoverClosed):
        await screen.take(late)
    assert (await house.handovers.show(screen.login, late.id)).status is HandoverStatus.CLOSED
    taken = await screen.asked_and_taken()
    house.clock.advance(minutes=2)
    proof = screen.anne.answer(screen.challenge.reader_input)
    with pytest.raises(HandoverClosed):
        await house.handovers.answer(await screen.bridge.claim(Act.ANSWER, taken.id), taken.id, proof)
    assert await screen.status() is ActionStatus.PENDING


async def test_nothing_is_answered_before_the_digits(house: House) -> None:
    screen, _, _ = await open_screen(house)
    asked = await screen.ask()
    proof = screen.anne.answer(screen.challenge.reader_input)
    with pytest.raises(HandoverClosed):
        await house.handovers.answer(await screen.bridge.claim(Act.ANSWER, asked.id), asked.id, proof)
    assert await screen.status() is ActionStatus.PENDING


async def test_of_two_bridges_at_once_one_has_it_and_the_other_hears_so(house: House) -> None:
    screen, _, chloe = await open_screen(house)
    second = await screen.another_bridge(chloe)
    asked = await screen.ask()
    both = [screen.take(asked), screen.take(asked, bridge=second)]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Handover", "HandoverTaken"]
    loser = second if isinstance(outcomes[1], HandoverTaken) else screen.bridge
    proof = screen.anne.answer(screen.challenge.reader_input)
    with pytest.raises(HandoverTaken):
        await house.handovers.answer(await loser.claim(Act.ANSWER, asked.id), asked.id, proof)
    with pytest.raises(HandoverTaken):
        await house.handovers.give_back(await loser.claim(Act.GIVE_BACK, asked.id), asked.id)


async def test_right_and_wrong_digits_at_once_never_leave_it_half_taken(house: House) -> None:
    screen, _, chloe = await open_screen(house)
    second = await screen.another_bridge(chloe)
    asked = await screen.ask()
    both = [screen.take(asked), screen.take(asked, other(asked.digits), second)]
    outcomes = [type(each).__name__ for each in await asyncio.gather(*both, return_exceptions=True)]
    assert outcomes in (["Handover", "HandoverTaken"], ["HandoverClosed", "DigitsWrong"])


async def test_asking_again_takes_the_former_ones_place(house: House) -> None:
    screen, _, _ = await open_screen(house)
    former = await screen.asked_and_taken()
    again = await screen.ask()
    assert again.id != former.id
    proof = screen.anne.answer(screen.challenge.reader_input)
    with pytest.raises(NotFound):
        await house.handovers.answer(await screen.bridge.claim(Act.ANSWER, former.id), former.id, proof)
    assert (await screen.take(again)).status is HandoverStatus.TAKEN


async def test_asking_at_once_leaves_one(house: House) -> None:
    screen, _, _ = await open_screen(house)
    await asyncio.gather(*[screen.ask() for _ in range(4)])
    assert len(await house.handovers.waiting(await the_device(screen))) == 1


async def test_a_login_that_ended_is_answered_for_by_nobody(house: House) -> None:
    screen, _, _ = await open_screen(house)
    taken = await screen.asked_and_taken()
    house.clock.advance(seconds=30)
    here = await house.devices.presence(screen.login)
    await house.access.sign_out(here, screen.login)
    proof = screen.anne.answer(screen.challenge.reader_input)
    with pytest.raises(LoginEnded):
        await house.handovers.answer(await screen.bridge.claim(Act.ANSWER, taken.id), taken.id, proof)
    assert await screen.status() is ActionStatus.PENDING


async def test_a_login_that_ended_shows_nothing_to_the_bridge(house: House) -> None:
    screen, _, _ = await open_screen(house)
    asked = await screen.ask()
    await house.access.sign_out(await house.devices.presence(screen.login), screen.login)
    with pytest.raises(LoginEnded):
        await screen.take(asked)


async def test_another_persons_challenge_is_not_handed_over_nor_taken(house: House) -> None:
    screen, bruno, _ = await open_screen(house)
    asked = await screen.ask()
    theirs = await house.sign_in(bruno, with_card=True)
    with pytest.raises(NotFound):
        await house.handovers.ask(theirs.login.id, screen.challenge.id)
    with pytest.raises(NotFound):
        await house.handovers.show(theirs.login.id, asked.id)
    foreign = await pair(house, theirs.login.id, screen.anne)
    with pytest.raises(NotFound):
        await screen.take(asked, bridge=foreign)
    assert (await house.handovers.show(screen.login, asked.id)).status is HandoverStatus.WAITING


async def test_a_forged_signature_spends_nothing(house: House) -> None:
    screen, _, chloe = await open_screen(house)
    asked = await screen.ask()
    forged = Bridge(house=house, key=chloe, device_id=screen.bridge.device_id)
    with pytest.raises(DeviceSignatureRefused):
        await screen.take(asked, bridge=forged)
    assert (await screen.take(asked)).status is HandoverStatus.TAKEN


async def test_a_signature_is_good_once_for_one_act_on_one_handover_of_one_token(house: House) -> None:
    screen, _, chloe = await open_screen(house)
    asked = await screen.ask()
    used = await screen.bridge.claim(Act.TAKE, asked.id)
    await house.handovers.take(used, asked.id, asked.digits)
    elsewhere = await screen.another_bridge(chloe)
    good = await screen.bridge.claim(Act.TAKE, asked.id)
    wrong = [
        used,
        await screen.bridge.claim(Act.GIVE_BACK, asked.id),
        await screen.bridge.claim(Act.TAKE, HandoverId("hnd_other")),
        BridgeClaim(token_of=elsewhere.device_id, signed=good.signed),
    ]
    for claim in wrong:
        with pytest.raises(DeviceSignatureRefused):
            await house.handovers.take(claim, asked.id, asked.digits)


async def test_a_phone_takes_nothing_over(house: House) -> None:
    screen, _, _ = await open_screen(house)
    asked = await screen.ask()
    anne = screen.anne
    offered = await house.ways_in.enrolments.offer((await house.sign_in(anne, with_card=True)).login.id)
    scanned = await scan(house, anne, offered.ticket)
    await house.ways_in.enrolments.confirm(offered.enrolment.login_id, offered.enrolment.id, scanned.digits)
    nonce, _ = await house.devices.nonce()
    signed = anne.sign(signed_bytes(rules.purpose(Act.TAKE, asked.id), house.terms.origin, nonce, scanned.device.id))
    claim = DeviceClaim(device_id=scanned.device.id, nonce=nonce, signature=signed)
    with pytest.raises(BridgeNeeded):
        await house.handovers.take(BridgeClaim(token_of=scanned.device.id, signed=claim), asked.id, asked.digits)
    with pytest.raises(BridgeNeeded):
        await house.handovers.waiting(scanned.device)


async def test_without_a_bridge_nothing_is_handed_over(house: House) -> None:
    screen, _, _ = await open_screen(house)
    await house.devices.revoke(screen.login, screen.bridge.device_id)
    with pytest.raises(BridgeNeeded):
        await screen.ask()


async def test_a_challenge_that_is_over_is_not_handed_over(house: House) -> None:
    screen, _, _ = await open_screen(house)
    proof = screen.anne.answer(screen.challenge.reader_input)
    await house.answers.answer(screen.login, screen.challenge.id, proof)
    with pytest.raises(ChallengeClosed):
        await screen.ask()


async def test_the_same_digits_again_show_it_again_to_the_same_bridge(house: House) -> None:
    """The server may have gone between the digits and what they are to show."""
    screen, _, _ = await open_screen(house)
    taken = await screen.asked_and_taken()
    assert await screen.take(taken) == await screen.take(taken)
    with pytest.raises(HandoverClosed):
        await screen.take(taken, other(taken.digits))


async def test_a_wrong_code_costs_its_attempt_and_another_may_follow(house: House) -> None:
    screen, _, _ = await open_screen(house)
    taken = await screen.asked_and_taken()
    wrong = screen.anne.wrong(screen.challenge.reader_input)
    answered = await house.handovers.answer(await screen.bridge.claim(Act.ANSWER, taken.id), taken.id, wrong)
    assert (answered.answer, answered.attempts_left) == (Answer.PROOF_REFUSED, 2)
    shown = await house.handovers.show(screen.login, taken.id)
    assert (shown.status, shown.answer) == (HandoverStatus.TAKEN, Answer.PROOF_REFUSED)
    right = screen.anne.answer(screen.challenge.reader_input)
    answered = await house.handovers.answer(await screen.bridge.claim(Act.ANSWER, taken.id), taken.id, right)
    assert answered.answer is Answer.ACCEPTED


async def test_an_answer_sent_again_spends_nothing_even_after_its_time(house: House) -> None:
    screen, _, _ = await open_screen(house)
    taken = await screen.asked_and_taken()
    proof = screen.anne.answer(screen.challenge.reader_input)

    async def send(key: RequestKey) -> Answered:
        claim = await screen.bridge.claim(Act.ANSWER, taken.id)
        return await house.handovers.answer(claim, taken.id, proof, key)

    assert (await send(key_named("r"))).answer is Answer.ACCEPTED
    told = await screen.kinds()
    house.clock.advance(minutes=3)
    again = await send(key_named("r"))
    assert (again.answer, again.replayed) == (Answer.ACCEPTED, True)
    assert await screen.kinds() == told
    with pytest.raises(IdempotencyKeyReused):
        await send(key_named("r", "another"))
    with pytest.raises(HandoverClosed):
        await send(key_named("s"))


async def test_what_is_given_back_is_answered_by_no_bridge(house: House) -> None:
    screen, _, _ = await open_screen(house)
    taken = await screen.asked_and_taken()
    await house.handovers.give_back(await screen.bridge.claim(Act.GIVE_BACK, taken.id), taken.id)
    assert (await screen.kinds())[-1] is EventKind.HANDOVER_CLOSED
    proof = screen.anne.answer(screen.challenge.reader_input)
    with pytest.raises(HandoverClosed):
        await house.handovers.answer(await screen.bridge.claim(Act.ANSWER, taken.id), taken.id, proof)
    assert await screen.status() is ActionStatus.PENDING


async def test_old_handovers_are_swept(house: House) -> None:
    screen, _, _ = await open_screen(house)
    asked = await screen.ask()
    house.clock.advance(hours=2)
    await house.sweeping.sweep()
    with pytest.raises(NotFound):
        await house.handovers.show(screen.login, asked.id)
