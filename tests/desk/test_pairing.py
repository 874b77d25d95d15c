"""Pairing a card bridge by a short code typed there, on both databases (RULES 24)."""

import asyncio

import pytest

from approvals.credentials.refusals import DigitsWrong, EnrolmentClosed, EnrolmentTicketRefused, PairingCodeRefused
from approvals.desk.devices import EnrolmentRequest
from approvals.desk.tokens import PAIRING
from approvals.errors import FreshProofNeeded, InvalidRequest, NotAuthenticated, TooManyFailures
from approvals.model.device import DeviceKind
from approvals.model.inbox import EventKind
from tests.desk.bridges import other, pair, type_code
from tests.desk.test_enrolments import scan
from tests.house import House


async def test_a_short_code_and_two_digits_make_a_bridge_of_the_persons(house: House) -> None:
    anne, key, _ = await house.found()
    here, phone = await house.enrol(anne)
    bridge = await pair(house, here.login.id, key)
    kinds = {device.id: device.kind for device in await house.devices.mine(anne.user.id)}
    assert kinds == {phone: DeviceKind.PHONE, bridge.device_id: DeviceKind.BRIDGE}
    told = (await house.inbox.read(anne.user.id, 0, 10))[-1].news
    assert (told.kind, told.device_id) == (EventKind.DEVICE_ENROLLED, bridge.device_id)


async def test_a_code_may_be_typed_as_it_is_read(house: House) -> None:
    anne, key, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    code = (await house.ways_in.enrolments.offer_pairing(here.login.id)).ticket
    assert len(code) == 9
    paired = await type_code(house, key, f" {code.lower().replace('-', ' ')} ")
    assert paired.device.user_id == anne.user.id


async def test_the_bridge_asks_how_far_it_is_with_its_token(house: House) -> None:
    anne, key, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    offered = await house.ways_in.enrolments.offer_pairing(here.login.id)
    paired = await type_code(house, key, offered.ticket)
    with pytest.raises(NotAuthenticated):
        await house.access.device(paired.token)
    found = await house.ways_in.enrolments.with_ticket(paired.token)
    assert found.id == offered.enrolment.id
    await house.ways_in.enrolments.confirm(here.login.id, found.id, paired.digits)
    assert (await house.access.device(paired.token)).id == paired.device.id


async def test_a_code_is_good_once_even_for_two_bridges_at_once(house: House) -> None:
    anne, bruno, chloe = await house.found()
    here = await house.sign_in(anne, with_card=True)
    code = (await house.ways_in.enrolments.offer_pairing(here.login.id)).ticket
    typed = [type_code(house, person, code) for person in (bruno, chloe)]
    outcomes = await asyncio.gather(*typed, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PairingCodeRefused", "Scanned"]


async def test_a_code_is_good_for_two_minutes(house: House) -> None:
    anne, key, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    late, just = [(await house.ways_in.enrolments.offer_pairing(here.login.id)).ticket for _ in range(2)]
    house.clock.advance(seconds=119.9)
    await type_code(house, key, just)
    house.clock.advance(seconds=0.1)
    with pytest.raises(PairingCodeRefused):
        await type_code(house, key, late)


async def test_guesses_are_slowed_by_address_and_a_right_code_costs_nothing(house: House) -> None:
    anne, key, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    offered = await house.ways_in.enrolments.offer_pairing(here.login.id)
    for _ in range(10):
        with pytest.raises(PairingCodeRefused):
            await type_code(house, key, "0000-0000")
    with pytest.raises(TooManyFailures):
        await type_code(house, key, offered.ticket)
    await type_code(house, key, offered.ticket, address="198.51.100.9")
    for _ in range(12):
        again = await house.ways_in.enrolments.offer_pairing(here.login.id)
        await type_code(house, key, again.ticket, address="198.51.100.9")


async def test_a_code_is_no_qr_ticket_and_a_ticket_is_no_code(house: House) -> None:
    """Else it could be guessed where no guess is counted."""
    anne, key, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    code = (await house.ways_in.enrolments.offer_pairing(here.login.id)).ticket
    for guess in (code, code.replace("-", "").lower(), PAIRING + code):
        with pytest.raises(EnrolmentTicketRefused):
            await scan(house, key, guess)
        with pytest.raises(EnrolmentTicketRefused):
            await house.ways_in.enrolments.with_ticket(guess)
    ticket = (await house.ways_in.enrolments.offer(here.login.id)).ticket
    with pytest.raises(PairingCodeRefused):
        await type_code(house, key, ticket)


async def test_other_digits_end_the_pairing(house: House) -> None:
    anne, key, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    offered = await house.ways_in.enrolments.offer_pairing(here.login.id)
    paired = await type_code(house, key, offered.ticket)
    with pytest.raises(DigitsWrong):
        await house.ways_in.enrolments.confirm(here.login.id, offered.enrolment.id, other(paired.digits))
    with pytest.raises(EnrolmentClosed):
        await house.ways_in.enrolments.confirm(here.login.id, offered.enrolment.id, paired.digits)
    assert await house.devices.mine(anne.user.id) == []


async def test_a_code_is_shown_only_straight_after_code_and_card(house: House) -> None:
    anne, _, _ = await house.found()
    weak = await house.sign_in(anne)
    with pytest.raises(FreshProofNeeded):
        await house.ways_in.enrolments.offer_pairing(weak.login.id)


async def test_a_key_that_is_none_uses_no_code_up(house: House) -> None:
    anne, key, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    code = (await house.ways_in.enrolments.offer_pairing(here.login.id)).ticket
    nonce, _ = await house.devices.nonce()
    request = EnrolmentRequest(public_key=b"\x04" * 65, name="Poste", nonce=nonce, signature=bytes(64))
    with pytest.raises(InvalidRequest):
        await house.ways_in.enrolments.pair(code, "203.0.113.1", request)
    assert (await type_code(house, key, code)).digits.isdigit()
