"""First entry, and entry after a code was renewed, on both databases (RTS 2018/389 art. 24 and 25)."""

import asyncio
from dataclasses import replace

import pytest

from approvals.credentials.activation import LIFE
from approvals.credentials.refusals import ActivationExpired, ActivationRefused, CodeNotAllowed
from approvals.errors import LoginEnded, NotFound, PersonLocked, SignInRefused, TooManyFailures
from approvals.model.activation import LetterStatus
from approvals.model.change import ActivationRenewed, DoorOpened
from approvals.model.inbox import EventKind
from approvals.model.person import UserStatus
from tests.company import put_status
from tests.desk.letters import NEW_CODE, entry, invited, letter, order
from tests.house import House, Person, request_of


async def kinds(house: House, person: Person) -> list[EventKind]:
    return [event.news.kind for event in await house.inbox.read(person.user.id, 0, 50)]


async def test_an_invited_person_becomes_active_under_the_code_they_choose(house: House) -> None:
    anne, _, _ = await house.found()
    secret = await invited(house, anne)
    await house.ways_in.first_entry.run(entry(anne, secret))
    assert (await house.user(anne)).status is UserStatus.ACTIVE
    here = await house.access.sign_in(request_of(anne, code=NEW_CODE))
    assert here.user.id == anne.user.id


async def test_an_invited_person_is_nobody_at_the_door_until_then(house: House) -> None:
    anne, _, _ = await house.found()
    await invited(house, anne)
    for code in ("", NEW_CODE):
        with pytest.raises(SignInRefused):
            await house.access.sign_in(request_of(anne, code=code))


async def test_a_letters_secret_serves_once_even_for_two_at_once(house: House) -> None:
    anne, _, _ = await house.found()
    secret = await invited(house, anne)
    codes = (NEW_CODE, "950842")
    runs = [house.ways_in.first_entry.run(entry(anne, secret, code)) for code in codes]
    outcomes = await asyncio.gather(*runs, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ActivationRefused", "NoneType"]
    chosen = codes[outcomes.index(None)]
    assert (await house.access.sign_in(request_of(anne, code=chosen))).user.id == anne.user.id


async def test_a_wrong_secret_an_unknown_person_and_one_who_left_are_refused_alike(house: House) -> None:
    anne, bruno, chloe = await house.found()
    secret = await invited(house, anne)
    await invited(house, chloe)
    await put_status(house, chloe, UserStatus.LEFT)
    told = []
    for request in (
        entry(anne, "0000-0000-0000-0000"),
        replace(entry(anne, secret), user_number="999"),
        entry(bruno, secret),
        entry(chloe, secret),
    ):
        with pytest.raises(ActivationRefused) as refused:
            await house.ways_in.first_entry.run(request)
        told.append((str(refused.value), refused.value.attempts_left, refused.value.at_stake))
    assert len(set(told)) == 1


async def test_failures_slow_their_caller_and_never_void_the_letter(house: House) -> None:
    anne, _, _ = await house.found()
    secret = await invited(house, anne)
    for _ in range(10):
        with pytest.raises(ActivationRefused):
            await house.ways_in.first_entry.run(entry(anne, "wrong", address="198.51.100.1"))
    with pytest.raises(TooManyFailures):
        await house.ways_in.first_entry.run(entry(anne, secret, address="198.51.100.1"))
    await house.ways_in.first_entry.run(entry(anne, secret))
    assert (await house.access.sign_in(request_of(anne, code=NEW_CODE))).user.id == anne.user.id


async def test_a_code_easily_guessed_is_refused_before_anything_is_counted(house: House) -> None:
    anne, _, _ = await house.found()
    secret = await invited(house, anne)
    for code in ("123456", "400123", "140789"):
        with pytest.raises(CodeNotAllowed):
            await house.ways_in.first_entry.run(entry(anne, secret, code))
    await house.ways_in.first_entry.run(entry(anne, secret))


async def test_an_old_letter_opens_nothing_and_another_one_does(house: House) -> None:
    anne, _, _ = await house.found()
    secret = await invited(house, anne)
    house.clock.advance(seconds=LIFE.total_seconds())
    with pytest.raises(ActivationExpired):
        await house.ways_in.first_entry.run(entry(anne, secret))
    await house.ways_in.first_entry.run(entry(anne, await letter(house, anne)))


async def test_a_letter_unlocks_nobody_and_stays_good(house: House) -> None:
    anne, _, _ = await house.found()
    secret = await invited(house, anne)
    await put_status(house, anne, UserStatus.LOCKED)
    with pytest.raises(PersonLocked):
        await house.ways_in.first_entry.run(entry(anne, secret))
    await put_status(house, anne, UserStatus.ACTIVE)
    await house.ways_in.first_entry.run(entry(anne, secret))


# --- renewed by advisers ----------------------------------------------------------------------------------


async def test_a_renewed_code_is_void_at_once_and_every_login_ends(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne)
    await order(house, anne)
    with pytest.raises(LoginEnded):
        await house.access.presence(here.token)
    with pytest.raises(SignInRefused):
        await house.sign_in(anne)
    await house.ways_in.first_entry.run(entry(anne, await letter(house, anne)))
    assert (await house.access.sign_in(request_of(anne, code=NEW_CODE))).user.id == anne.user.id
    assert (await kinds(house, anne))[-1] is EventKind.CODE_CHANGED


async def test_renewing_says_what_the_person_is_to_be_told(house: House) -> None:
    anne, _, _ = await house.found()
    change = ActivationRenewed(user_id=anne.user.id)
    told = await house.book.transaction(lambda ledger: ledger.changes.apply(change, house.clock.now()))
    assert [(news.user_id, news.kind) for news in told.news] == [(anne.user.id, EventKind.CODE_RENEWED)]


async def test_renewed_again_the_letter_on_its_way_is_void(house: House) -> None:
    anne, _, _ = await house.found()
    secret = await invited(house, anne)
    await order(house, anne, UserStatus.INVITED)
    with pytest.raises(ActivationRefused):
        await house.ways_in.first_entry.run(entry(anne, secret))


async def test_an_adviser_opens_the_door_that_strangers_shut(house: House) -> None:
    anne, _, _ = await house.found()
    for n in range(5):
        with pytest.raises(SignInRefused):
            await house.access.sign_in(request_of(anne, code="000000", address=f"198.51.100.{n}"))
    with pytest.raises(SignInRefused):
        await house.sign_in(anne)
    change = DoorOpened(user_id=anne.user.id)
    await house.book.transaction(lambda ledger: ledger.changes.apply(change, house.clock.now()))
    assert (await house.sign_in(anne)).user.id == anne.user.id


# --- letters ----------------------------------------------------------------------------------------------


async def test_letters_are_listed_by_where_they_are_and_page_by_page(house: House) -> None:
    people = await house.found()
    for person in people:
        await order(house, person)
    first = await house.ways_in.letters.browse(LetterStatus.DUE, None, 2)
    rest = await house.ways_in.letters.browse(LetterStatus.DUE, first.next, 2)
    assert [each.user.id for each in (*first.items, *rest.items)] == [person.user.id for person in people]
    assert rest.next is None
    secret = await letter(house, people[0])
    assert [each.user.id for each in (await house.ways_in.letters.browse(LetterStatus.PRINTED, None, 9)).items] == [
        people[0].user.id
    ]
    await house.ways_in.first_entry.run(entry(people[0], secret))
    assert (await house.ways_in.letters.browse(LetterStatus.PRINTED, None, 9)).items == []


async def test_nobody_gets_a_letter_that_was_not_ordered(house: House) -> None:
    anne, _, _ = await house.found()
    with pytest.raises(NotFound):
        await house.ways_in.letters.print("operator", anne.user.id)
