"""Enrolling a further device from a signed-in screen, on both databases (RULES 24)."""

import asyncio
from datetime import timedelta

import pytest

from approvals.credentials.device import ENROLMENT, signed_bytes
from approvals.credentials.refusals import DigitsWrong, EnrolmentClosed, EnrolmentTicketRefused, EnrolmentWaiting
from approvals.desk.devices import EnrolmentRequest
from approvals.desk.enrolments import Scanned
from approvals.errors import DeviceSignatureRefused, FreshProofNeeded, LoginEnded, NotAuthenticated, NotFound
from approvals.model.inbox import EventKind
from tests.house import House, Person


async def request_of(house: House, person: Person, *, signed: str = ENROLMENT) -> EnrolmentRequest:
    """What a new device sends, its key being this person's."""
    nonce, _ = await house.devices.nonce()
    signature = person.sign(signed_bytes(signed, house.terms.origin, nonce, ""))
    return EnrolmentRequest(public_key=person.public_key(), name="Tablette", nonce=nonce, signature=signature)


async def scan(house: House, person: Person, ticket: str) -> Scanned:
    return await house.ways_in.enrolments.scan(ticket, await request_of(house, person))


def others(digits: str) -> str:
    return f"{(int(digits) + 1) % 100:02}"


async def test_a_further_device_comes_in_by_qr_code_and_two_digits(house: House) -> None:
    anne, tablet, _ = await house.found()  # Bruno's key stands for Anne's tablet
    here, phone = await house.enrol(anne)
    offered = await house.ways_in.enrolments.offer(here.login.id)
    house.clock.advance(seconds=30)
    scanned = await scan(house, tablet, offered.ticket)
    assert [device.id for device in await house.devices.mine(anne.user.id)] == [phone]
    device = await house.ways_in.enrolments.confirm(here.login.id, offered.enrolment.id, scanned.digits)
    assert [each.id for each in await house.devices.mine(anne.user.id)] == [phone, device.id]
    events = await house.inbox.read(anne.user.id, 0, 10)
    assert (events[-1].news.kind, events[-1].news.device_id) == (EventKind.DEVICE_ENROLLED, device.id)
    assert anne.user.id in house.announcements.told


async def test_the_new_devices_token_is_worth_nothing_before_the_digits(house: House) -> None:
    anne, tablet, _ = await house.found()
    here, _ = await house.enrol(anne)
    offered = await house.ways_in.enrolments.offer(here.login.id)
    scanned = await scan(house, tablet, offered.ticket)
    signature = tablet.sign(signed_bytes("stream", house.terms.origin, "n", scanned.device.id))
    with pytest.raises(NotAuthenticated):
        await house.devices.recognise(scanned.device.id, scanned.token, "n", signature)
    await house.ways_in.enrolments.confirm(here.login.id, offered.enrolment.id, scanned.digits)
    recognised = await house.devices.recognise(scanned.device.id, scanned.token, "n", signature)
    assert recognised.user_id == anne.user.id


async def test_other_digits_end_the_enrolment_and_there_is_no_second_guess(house: House) -> None:
    anne, stranger, _ = await house.found()
    here, phone = await house.enrol(anne)
    offered = await house.ways_in.enrolments.offer(here.login.id)
    scanned = await scan(house, stranger, offered.ticket)
    with pytest.raises(DigitsWrong):
        await house.ways_in.enrolments.confirm(here.login.id, offered.enrolment.id, others(scanned.digits))
    with pytest.raises(EnrolmentClosed):
        await house.ways_in.enrolments.confirm(here.login.id, offered.enrolment.id, scanned.digits)
    assert [device.id for device in await house.devices.mine(anne.user.id)] == [phone]


async def test_a_qr_code_is_good_once_even_for_two_at_once(house: House) -> None:
    anne, bruno, chloe = await house.found()
    here = await house.sign_in(anne, with_card=True)
    offered = await house.ways_in.enrolments.offer(here.login.id)
    scans = [scan(house, person, offered.ticket) for person in (bruno, chloe)]
    outcomes = await asyncio.gather(*scans, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["EnrolmentTicketRefused", "Scanned"]


async def test_a_qr_code_is_good_for_sixty_seconds(house: House) -> None:
    anne, bruno, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    late, just = [await house.ways_in.enrolments.offer(here.login.id) for _ in range(2)]
    house.clock.advance(seconds=59.9)
    await scan(house, bruno, just.ticket)
    house.clock.advance(seconds=0.1)
    with pytest.raises(EnrolmentTicketRefused):
        await scan(house, bruno, late.ticket)


async def test_digits_are_confirmed_within_two_minutes(house: House) -> None:
    anne, bruno, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    offered = await house.ways_in.enrolments.offer(here.login.id)
    scanned = await scan(house, bruno, offered.ticket)
    house.clock.advance(seconds=timedelta(minutes=2).total_seconds())
    with pytest.raises(EnrolmentClosed):
        await house.ways_in.enrolments.confirm(here.login.id, offered.enrolment.id, scanned.digits)


async def test_nothing_is_confirmed_before_it_was_scanned(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    offered = await house.ways_in.enrolments.offer(here.login.id)
    with pytest.raises(EnrolmentWaiting):
        await house.ways_in.enrolments.confirm(here.login.id, offered.enrolment.id, "00")


async def test_a_screen_shows_a_qr_code_only_straight_after_code_and_card(house: House) -> None:
    anne, _, _ = await house.found()
    weak = await house.sign_in(anne)
    with pytest.raises(FreshProofNeeded):
        await house.ways_in.enrolments.offer(weak.login.id)
    strong = await house.sign_in(anne, with_card=True)
    for _ in range(2):
        house.clock.advance(minutes=3)
        await house.access.touch(await house.access.presence(strong.token))
    with pytest.raises(FreshProofNeeded):
        await house.ways_in.enrolments.offer(strong.login.id)


async def test_only_the_screen_that_showed_the_code_confirms(house: House) -> None:
    anne, bruno, _ = await house.found()
    here, elsewhere = await house.sign_in(anne, with_card=True), await house.sign_in(anne)
    theirs = await house.sign_in(bruno)
    offered = await house.ways_in.enrolments.offer(here.login.id)
    scanned = await scan(house, bruno, offered.ticket)
    for login in (elsewhere.login, theirs.login):
        with pytest.raises(NotFound):
            await house.ways_in.enrolments.confirm(login.id, offered.enrolment.id, scanned.digits)


async def test_a_screen_that_signed_out_confirms_nothing(house: House) -> None:
    anne, bruno, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    offered = await house.ways_in.enrolments.offer(here.login.id)
    scanned = await scan(house, bruno, offered.ticket)
    await house.access.sign_out(await house.access.presence(here.token), here.login.id)
    with pytest.raises(LoginEnded):
        await house.ways_in.enrolments.confirm(here.login.id, offered.enrolment.id, scanned.digits)


async def test_a_key_that_signed_something_else_uses_no_qr_code_up(house: House) -> None:
    anne, bruno, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    offered = await house.ways_in.enrolments.offer(here.login.id)
    wrong = await request_of(house, bruno, signed="sign-in")
    with pytest.raises(DeviceSignatureRefused):
        await house.ways_in.enrolments.scan(offered.ticket, wrong)
    assert (await scan(house, bruno, offered.ticket)).digits.isdigit()


async def test_a_ticket_nobody_gave_is_refused(house: House) -> None:
    _, bruno, _ = await house.found()
    with pytest.raises(EnrolmentTicketRefused):
        await scan(house, bruno, "cte_nobodys")


async def test_old_enrolments_are_swept(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    offered = await house.ways_in.enrolments.offer(here.login.id)
    house.clock.advance(hours=2)
    await house.sweeping.sweep()
    with pytest.raises(EnrolmentTicketRefused):
        await house.ways_in.enrolments.with_ticket(offered.ticket)
