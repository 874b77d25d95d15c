"""Signing in on a screen by confirming on one's phone, on both databases (RULES 24)."""

import asyncio

import pytest

from approvals.credentials.refusals import ConfirmationClosed, DeviceNeeded, DigitsWrong, SignInWaiting
from approvals.desk.confirmations import AskedFor
from approvals.desk.knocking import Visitor
from approvals.desk.sign_in import SignedIn
from approvals.errors import FreshProofNeeded, NotFound, PersonLocked, SignInRefused, TooManyFailures
from approvals.model.device import Factor
from approvals.model.ids import LoginId
from approvals.model.inbox import EventKind
from approvals.model.person import UserStatus
from tests.company import put_status
from tests.house import CLIENT, House, Person, request_of

SCREEN = "203.0.113.9"


def visitor(person: Person, address: str = SCREEN) -> Visitor:
    return Visitor(client_identifier=CLIENT, user_number=person.user.number, address=address)


async def on_phone(house: House, person: Person) -> LoginId:
    """The person is signed in on their enrolled phone."""
    signed_in, _ = await house.enrol(person)
    return signed_in.login.id


async def complete(house: House, person: Person, asked: AskedFor) -> SignedIn:
    return await house.ways_in.confirmations.complete(visitor(person), asked.secret)


async def test_the_digits_shown_on_the_screen_typed_on_the_phone_sign_in_there(house: House) -> None:
    anne, _, _ = await house.found()
    phone = await on_phone(house, anne)
    asked = await house.ways_in.confirmations.ask(visitor(anne))
    (waiting,) = await house.ways_in.confirmations.waiting(anne.user.id)
    await house.ways_in.confirmations.confirm(phone, waiting.id, asked.confirmation.digits)
    there = await complete(house, anne, asked)
    assert there.login.factors == {Factor.PHONE}
    assert there.login.device_id is None
    assert (await house.access.presence(there.token)).user.id == anne.user.id


async def test_every_device_is_told_that_a_screen_asks(house: House) -> None:
    anne, _, _ = await house.found()
    await on_phone(house, anne)
    await house.ways_in.confirmations.ask(visitor(anne))
    events = await house.inbox.read(anne.user.id, 0, 10)
    assert events[-1].news.kind is EventKind.SIGN_IN_REQUESTED
    assert anne.user.id in house.announcements.told


async def test_other_digits_let_nobody_in_and_there_is_no_second_guess(house: House) -> None:
    anne, _, _ = await house.found()
    phone = await on_phone(house, anne)
    asked = await house.ways_in.confirmations.ask(visitor(anne))
    confirmation, digits = asked.confirmation.id, asked.confirmation.digits
    with pytest.raises(DigitsWrong):
        await house.ways_in.confirmations.confirm(phone, confirmation, f"{(int(digits) + 1) % 100:02}")
    with pytest.raises(ConfirmationClosed):
        await house.ways_in.confirmations.confirm(phone, confirmation, digits)
    with pytest.raises(SignInWaiting):
        await complete(house, anne, asked)


async def test_a_no_sounds_like_silence_until_the_time_is_over(house: House) -> None:
    anne, _, _ = await house.found()
    phone = await on_phone(house, anne)
    refused = await house.ways_in.confirmations.ask(visitor(anne))
    await house.ways_in.confirmations.refuse(phone, refused.confirmation.id)
    nobody = Visitor(client_identifier=CLIENT, user_number="999", address=SCREEN)
    unknown = await house.ways_in.confirmations.ask(nobody)
    assert len(unknown.confirmation.digits) == 2
    for _ in range(2):
        with pytest.raises(SignInWaiting):
            await complete(house, anne, refused)
        with pytest.raises(SignInWaiting):
            await house.ways_in.confirmations.complete(nobody, unknown.secret)
        house.clock.advance(seconds=59)
    house.clock.advance(seconds=2)
    for who, asked in ((visitor(anne), refused), (nobody, unknown)):
        with pytest.raises(ConfirmationClosed):
            await house.ways_in.confirmations.complete(who, asked.secret)


async def test_a_confirmed_screen_comes_in_once_even_asking_twice_at_once(house: House) -> None:
    anne, _, _ = await house.found()
    phone = await on_phone(house, anne)
    asked = await house.ways_in.confirmations.ask(visitor(anne))
    await house.ways_in.confirmations.confirm(phone, asked.confirmation.id, asked.confirmation.digits)
    outcomes = await asyncio.gather(*[complete(house, anne, asked) for _ in range(2)], return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ConfirmationClosed", "SignedIn"]


async def test_only_an_enrolled_device_confirms_and_only_its_own_persons(house: House) -> None:
    anne, bruno, _ = await house.found()
    browser, theirs = (await house.sign_in(anne)).login.id, await on_phone(house, bruno)
    asked = await house.ways_in.confirmations.ask(visitor(anne))
    confirmation, digits = asked.confirmation.id, asked.confirmation.digits
    with pytest.raises(DeviceNeeded):
        await house.ways_in.confirmations.confirm(browser, confirmation, digits)
    with pytest.raises(NotFound):
        await house.ways_in.confirmations.confirm(theirs, confirmation, digits)
    with pytest.raises(SignInWaiting):
        await complete(house, anne, asked)


async def test_a_secret_serves_nobody_elses_name(house: House) -> None:
    anne, bruno, _ = await house.found()
    phone = await on_phone(house, anne)
    asked = await house.ways_in.confirmations.ask(visitor(anne))
    await house.ways_in.confirmations.confirm(phone, asked.confirmation.id, asked.confirmation.digits)
    with pytest.raises(ConfirmationClosed):
        await complete(house, bruno, asked)


async def test_a_stay_confirmed_by_phone_enrols_no_device(house: House) -> None:
    anne, _, _ = await house.found()
    phone = await on_phone(house, anne)
    asked = await house.ways_in.confirmations.ask(visitor(anne))
    await house.ways_in.confirmations.confirm(phone, asked.confirmation.id, asked.confirmation.digits)
    there = await complete(house, anne, asked)
    with pytest.raises(FreshProofNeeded):
        await house.ways_in.enrolments.offer(there.login.id)


async def test_a_person_locked_meanwhile_does_not_come_in(house: House) -> None:
    anne, _, _ = await house.found()
    phone = await on_phone(house, anne)
    asked = await house.ways_in.confirmations.ask(visitor(anne))
    await house.ways_in.confirmations.confirm(phone, asked.confirmation.id, asked.confirmation.digits)
    await put_status(house, anne, UserStatus.LOCKED)
    with pytest.raises(PersonLocked):
        await complete(house, anne, asked)


async def test_asking_again_and_again_shuts_the_door_and_then_nobody_is_pestered(house: House) -> None:
    anne, _, _ = await house.found()
    await on_phone(house, anne)
    for n in range(8):
        await house.ways_in.confirmations.ask(visitor(anne, f"198.51.100.{n}"))
    assert len(await house.ways_in.confirmations.waiting(anne.user.id)) == 5
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, address="198.51.100.77"))


async def test_one_address_that_keeps_asking_must_wait(house: House) -> None:
    await house.found()
    for n in range(10):
        await house.ways_in.confirmations.ask(
            Visitor(client_identifier=CLIENT, user_number=f"9{n}", address="198.51.100.1")
        )
    with pytest.raises(TooManyFailures):
        await house.ways_in.confirmations.ask(
            Visitor(client_identifier=CLIENT, user_number="001", address="198.51.100.1")
        )


async def test_coming_in_gives_back_what_asking_cost(house: House) -> None:
    anne, _, _ = await house.found()
    phone = await on_phone(house, anne)
    for _ in range(6):
        asked = await house.ways_in.confirmations.ask(visitor(anne))
        await house.ways_in.confirmations.confirm(phone, asked.confirmation.id, asked.confirmation.digits)
        await complete(house, anne, asked)
    assert (await house.sign_in(anne)).user.id == anne.user.id
