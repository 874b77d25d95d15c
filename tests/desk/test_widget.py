from dataclasses import replace

import pytest

from approvals.credentials.refusals import WidgetMayNot
from approvals.desk.widget import Entry, Vouched, challenge_of
from approvals.errors import NotAuthenticated, PersonLocked
from approvals.model.action import ActionStatus
from approvals.model.challenge import RefusalReason
from approvals.model.ids import LoginId
from approvals.model.person import UserStatus
from tests.house import CLIENT, CORE, House, Person, mine

HOST = "https://espace.bank.test"
VERIFIER = "v" * 43


async def entry(house: House, person: Person) -> Entry:
    """What the frame on the host's page shows for this person."""
    vouched = Vouched(
        client_identifier=CLIENT, user_number=person.user.number, host=HOST, challenge=challenge_of(VERIFIER)
    )
    token = await house.ways_in.widget.vouch(CORE, vouched)
    return Entry(token=token.text, host=HOST, verifier=VERIFIER)


async def guest(house: House, person: Person) -> LoginId:
    """The person's login in the widget."""
    return (await house.ways_in.widget.enter(await entry(house, person))).login.id


async def put(house: House, person: Person, status: UserStatus) -> None:
    user = await house.user(person)
    await house.book.transaction(lambda ledger: ledger.people.save_user(replace(user, status=status)))


async def test_a_guest_of_the_widget_answers_nothing_not_even_rightly(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, there = await house.hold(), await guest(house, anne)
    challenge = mine(sheet, anne)
    with pytest.raises(WidgetMayNot):
        await house.answers.answer(there, challenge.id, anne.answer(challenge.reader_input))
    after = await house.sheet(sheet.id)
    assert (after.action.status, mine(after, anne).attempts_left) == (ActionStatus.PENDING, challenge.attempts_left)


async def test_a_guest_of_the_widget_refuses_nothing(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, there = await house.hold(), await guest(house, anne)
    with pytest.raises(WidgetMayNot):
        await house.answers.refuse(there, mine(sheet, anne).id, RefusalReason.OTHER)
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.PENDING


async def test_somebody_who_was_locked_since_comes_in_by_nobodys_word(house: House) -> None:
    anne, _, _ = await house.found()
    shown = await entry(house, anne)
    await put(house, anne, UserStatus.LOCKED)
    with pytest.raises(PersonLocked):
        await house.ways_in.widget.enter(shown)


async def test_somebody_who_has_left_since_is_nobody(house: House) -> None:
    anne, _, _ = await house.found()
    shown = await entry(house, anne)
    await put(house, anne, UserStatus.LEFT)
    with pytest.raises(NotAuthenticated):
        await house.ways_in.widget.enter(shown)
