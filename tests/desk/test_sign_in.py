"""Signing in, on both databases (RULES 7 to 10, RTS art. 4)."""

from dataclasses import replace

import pytest

from approvals.credentials.card_refusals import CardLocked
from approvals.credentials.device import SIGN_IN, signed_bytes
from approvals.desk.devices import DeviceClaim, EnrolmentRequest
from approvals.desk.sign_in import SignInRequest
from approvals.errors import (
    DeviceKnownAlready,
    DeviceSignatureRefused,
    FreshProofNeeded,
    InvalidRequest,
    LoginEnded,
    NotAuthenticated,
    PersonLocked,
    SignInRefused,
    TooManyFailures,
)
from approvals.model.card import CardStatus
from approvals.model.device import Factor
from approvals.model.inbox import EventKind
from approvals.model.person import UserStatus
from approvals.model.proof import CapProof
from approvals.model.throttle import AtStake
from approvals.store.book import SqlBook
from tests.company import put_status
from tests.house import CLIENT, House, Person, request_of
from tests.joined_desks import Parts


async def test_the_confidential_code_signs_in(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne)
    assert here.login.factors == {Factor.CONFIDENTIAL_CODE}
    assert (await house.access.presence(here.token)).user.name == "Anne Morvan"


async def test_code_and_card_sign_in(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    assert here.login.factors == {Factor.CONFIDENTIAL_CODE, Factor.CAP}


async def test_a_card_alone_does_not_sign_in_from_an_unknown_device_where_it_is_easily_guessed(house: House) -> None:
    anne, _, _ = await house.found()
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, code=None, cap=anne.code_key()))
    assert (await house.card(anne)).attempts_left == 3


async def test_a_card_alone_signs_in_on_an_enrolled_device(house: House) -> None:
    anne, _, _ = await house.found()
    _, device_id = await house.enrol(anne)
    claim = await house.claim(anne, device_id)
    here = await house.access.sign_in(request_of(anne, code=None, cap=anne.code_key(), device=claim))
    assert here.login.factors == {Factor.CAP, Factor.DEVICE}
    assert here.login.device_id == device_id


async def test_a_card_of_twenty_bits_alone_signs_in_from_anywhere_and_risks_no_card(
    book: SqlBook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    house = House(Parts(book=book, folder=tmp_path_factory.mktemp("cards"), profile="mastercard-cap-tree"))
    anne, _, _ = await house.found()
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, code=None, cap=anne.wrong()))
    assert (await house.card(anne)).attempts_left == 3
    here = await house.access.sign_in(request_of(anne, code=None, cap=anne.code_key()))
    assert here.login.factors == {Factor.CAP}


async def test_a_sign_in_code_serves_once(house: House) -> None:
    anne, _, _ = await house.found()
    code = anne.code_key()
    await house.access.sign_in(request_of(anne, cap=code))
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, cap=code))


async def test_neither_code_is_no_sign_in(house: House) -> None:
    anne, _, _ = await house.found()
    with pytest.raises(InvalidRequest):
        await house.access.sign_in(request_of(anne, code=None))


# --- failing ----------------------------------------------------------------------------------------------


def somebody(request: SignInRequest, n: int) -> SignInRequest:
    """The same request from another address, so that only the door counts."""
    return replace(request, address=f"198.51.100.{n}")


async def test_a_refusal_tells_nothing_of_who_exists(house: House) -> None:
    anne, _, _ = await house.found()
    known = request_of(anne, code="000000")
    told = []
    for request in (known, replace(known, user_number="999"), replace(known, client_identifier="99999999")):
        with pytest.raises(SignInRefused) as refused:
            await house.access.sign_in(request)
        told.append((str(refused.value), refused.value.attempts_left))
    assert told == [("sign-in refused", 4)] * 3


async def test_five_failures_shut_the_door_for_unknown_devices_and_lock_nobody(house: House) -> None:
    anne, _, _ = await house.found()
    for n in range(5):
        with pytest.raises(SignInRefused) as refused:
            await house.access.sign_in(somebody(request_of(anne, code="000000"), n))
        assert refused.value.attempts_left == 4 - n
    with pytest.raises(SignInRefused):
        await house.access.sign_in(somebody(request_of(anne), 9))
    assert (await house.user(anne)).status is UserStatus.ACTIVE
    assert (await house.user(anne)).attempts_left == 5


async def test_a_shut_door_stays_shut_however_long_one_waits(house: House) -> None:
    anne, _, _ = await house.found()
    for n in range(5):
        with pytest.raises(SignInRefused):
            await house.access.sign_in(somebody(request_of(anne, code="000000"), n))
    house.clock.advance(days=30)
    await house.sweeping.sweep()
    with pytest.raises(SignInRefused):
        await house.access.sign_in(somebody(request_of(anne), 9))


async def test_entering_from_a_known_device_opens_the_door_again(house: House) -> None:
    anne, _, _ = await house.found()
    _, device_id = await house.enrol(anne)
    for n in range(5):
        with pytest.raises(SignInRefused):
            await house.access.sign_in(somebody(request_of(anne, code="000000"), n))
    claim = await house.claim(anne, device_id)
    await house.access.sign_in(request_of(anne, device=claim))
    here = await house.access.sign_in(somebody(request_of(anne), 9))
    assert here.user.id == anne.user.id


async def test_one_address_that_keeps_failing_must_wait_and_others_need_not(house: House) -> None:
    anne, bruno, _ = await house.found()
    for n in range(10):
        request = SignInRequest(client_identifier=CLIENT, user_number=f"9{n}", address="198.51.100.1", code="1")
        with pytest.raises(SignInRefused):
            await house.access.sign_in(request)
    with pytest.raises(TooManyFailures) as refused:
        await house.access.sign_in(replace(request_of(bruno), address="198.51.100.1"))
    assert 1 <= refused.value.retry_after <= 60
    assert (await house.sign_in(anne)).user.id == anne.user.id
    house.clock.advance(seconds=refused.value.retry_after)
    here = await house.access.sign_in(replace(request_of(bruno), address="198.51.100.1"))
    assert here.user.id == bruno.user.id


async def test_one_ipv6_network_is_one_caller(house: House) -> None:
    _, bruno, _ = await house.found()
    for n in range(10):
        request = SignInRequest(client_identifier=CLIENT, user_number=f"9{n}", address=f"2001:db8::{n:x}", code="1")
        with pytest.raises(SignInRefused):
            await house.access.sign_in(request)
    with pytest.raises(TooManyFailures):
        await house.access.sign_in(request_of(bruno, address="2001:db8::ffff"))
    assert (await house.access.sign_in(request_of(bruno, address="2001:db8:0:1::1"))).user.id == bruno.user.id


async def test_the_last_attempt_is_warned_of_on_every_device_and_the_lock_told(house: House) -> None:
    anne, _, _ = await house.found()
    _, device_id = await house.enrol(anne)
    last_told = []
    for _ in range(5):
        with pytest.raises(SignInRefused) as refused:
            await house.access.sign_in(request_of(anne, code="000000", device=await house.claim(anne, device_id)))
        assert refused.value.at_stake is AtStake.ACCESS
        last_told.append([event.news.kind for event in await house.inbox.read(anne.user.id, 0, 20)][-1])
    assert last_told[2] is EventKind.DEVICE_ENROLLED
    assert last_told[3:] == [EventKind.ACCESS_LAST_ATTEMPT, EventKind.ACCESS_LOCKED]


async def test_a_card_is_warned_of_before_its_last_attempt(house: House) -> None:
    anne, _, _ = await house.found()
    for _ in range(3):
        with pytest.raises(SignInRefused) as refused:
            await house.access.sign_in(request_of(anne, cap=anne.wrong()))
        assert refused.value.at_stake is AtStake.ACCESS
    told = [event.news.kind for event in await house.inbox.read(anne.user.id, 0, 20)]
    assert told == [EventKind.CARD_LAST_ATTEMPT, EventKind.CARD_LOCKED]


async def test_who_left_is_nobody_at_the_door_and_signed_in_nowhere(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne)
    await put_status(house, anne, UserStatus.LEFT)
    with pytest.raises(LoginEnded):
        await house.access.presence(here.token)
    with pytest.raises(SignInRefused) as refused:
        await house.sign_in(anne)
    assert refused.value.at_stake is AtStake.DOOR


async def test_wrong_codes_on_a_known_device_are_counted_and_lock_the_person(house: House) -> None:
    anne, _, _ = await house.found()
    _, device_id = await house.enrol(anne)
    for left in (4, 3, 2, 1, 0):
        claim = await house.claim(anne, device_id)
        with pytest.raises(SignInRefused) as refused:
            await house.access.sign_in(request_of(anne, code="000000", device=claim))
        assert refused.value.attempts_left == left
    assert (await house.user(anne)).status is UserStatus.LOCKED
    with pytest.raises(PersonLocked):
        await house.access.sign_in(request_of(anne, device=await house.claim(anne, device_id)))


async def test_three_wrong_card_codes_behind_the_confidential_code_lock_the_card(house: House) -> None:
    anne, _, _ = await house.found()
    for _ in range(3):
        with pytest.raises(SignInRefused):
            await house.access.sign_in(request_of(anne, cap=anne.wrong()))
    assert (await house.card(anne)).status is CardStatus.LOCKED
    with pytest.raises(CardLocked):
        await house.access.sign_in(request_of(anne, cap=anne.code_key()))


async def test_without_a_first_factor_nobody_learns_that_a_card_is_locked(house: House) -> None:
    anne, _, _ = await house.found()
    await house.put_card(anne.card, status=CardStatus.LOCKED)
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, code="000000", cap=CapProof(code="12345678")))


# --- devices and logins -----------------------------------------------------------------------------------


async def test_a_first_device_needs_a_fresh_sign_in_with_code_and_card(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne)
    with pytest.raises(FreshProofNeeded):
        await house.devices.enrol(here.login.id, await enrolment(house, anne))


async def test_a_second_device_is_not_enrolled_like_the_first(house: House) -> None:
    anne, bruno, _ = await house.found()
    await house.enrol(anne)
    here = await house.sign_in(anne, with_card=True)
    with pytest.raises(DeviceKnownAlready):
        await house.devices.enrol(here.login.id, await enrolment(house, bruno))


async def test_the_same_key_again_gets_a_new_token_for_the_same_device(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    first = await house.devices.enrol(here.login.id, await enrolment(house, anne))
    again = await house.devices.enrol(here.login.id, await enrolment(house, anne))
    assert again.device.id == first.device.id
    assert again.token != first.token


async def test_an_enrolment_nonce_serves_once(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne, with_card=True)
    request = await enrolment(house, anne)
    await house.devices.enrol(here.login.id, request)
    with pytest.raises(DeviceSignatureRefused):
        await house.devices.enrol(here.login.id, request)


async def test_a_device_shows_itself_only_with_its_own_key_and_for_its_purpose(house: House) -> None:
    anne, bruno, _ = await house.found()
    _, device_id = await house.enrol(anne)
    nonce, _ = await house.devices.nonce()
    foreign = bruno.sign(signed_bytes(SIGN_IN, house.terms.origin, nonce, device_id))
    claim = DeviceClaim(device_id=device_id, nonce=nonce, signature=foreign)
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, code=None, cap=anne.code_key(), device=claim))
    nonce, _ = await house.devices.nonce()
    other_purpose = anne.sign(signed_bytes("stream", house.terms.origin, nonce, device_id))
    claim = DeviceClaim(device_id=device_id, nonce=nonce, signature=other_purpose)
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, code=None, cap=anne.code_key(), device=claim))


async def test_a_revoked_device_ends_its_logins_and_is_recognised_no_more(house: House) -> None:
    anne, _, _ = await house.found()
    here, device_id = await house.enrol(anne)
    await house.devices.revoke(here.login.id, device_id)
    with pytest.raises(LoginEnded):
        await house.access.presence(here.token)
    claim = await house.claim(anne, device_id)
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, code=None, cap=anne.code_key(), device=claim))


async def test_five_idle_minutes_end_a_login_and_a_human_act_begins_them_again(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne)
    house.clock.advance(minutes=4)
    await house.access.touch(await house.access.presence(here.token))
    house.clock.advance(minutes=4)
    await house.access.presence(here.token)
    house.clock.advance(minutes=1)
    with pytest.raises(LoginEnded):
        await house.access.presence(here.token)


async def test_twelve_hours_end_a_login_however_busy(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne)
    for _ in range(12 * 15):
        house.clock.advance(minutes=4)
        if house.clock.now() < here.login.expires_at:
            await house.access.touch(await house.access.presence(here.token))
    with pytest.raises(LoginEnded):
        await house.access.presence(here.token)


async def test_a_login_ended_from_elsewhere_is_over(house: House) -> None:
    anne, _, _ = await house.found()
    here, there = await house.sign_in(anne), await house.sign_in(anne)
    await house.access.sign_out(await house.access.presence(there.token), here.login.id)
    with pytest.raises(LoginEnded):
        await house.access.presence(here.token)
    assert [stay.login.id for stay in await house.access.stays(anne.user.id)] == [there.login.id]


async def test_an_unknown_token_is_nobody(house: House) -> None:
    await house.found()
    with pytest.raises(NotAuthenticated):
        await house.access.presence("ctl_unknown")


async def enrolment(house: House, person: Person) -> EnrolmentRequest:
    """A new device of this person's key."""
    nonce, _ = await house.devices.nonce()
    signature = person.sign(signed_bytes("enrolment", house.terms.origin, nonce, ""))
    return EnrolmentRequest(public_key=person.public_key(), name="Téléphone", nonce=nonce, signature=signature)
