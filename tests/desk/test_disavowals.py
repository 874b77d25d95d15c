"""Disavowing what one is asked, on both databases: refused, the adviser alerted, what it was started from stopped."""

import asyncio

import pytest

from approvals.credentials.adviser_refusals import AlertTaken
from approvals.credentials.refusals import ConfirmationClosed, SignInWaiting
from approvals.desk.actions import OpeningRequest
from approvals.desk.alerts import AlertSheet
from approvals.desk.knocking import Visitor
from approvals.desk.opening import Asked
from approvals.desk.sign_in import SignedIn
from approvals.errors import ChallengeClosed, LoginEnded, NotFound
from approvals.model.action import ActionStatus
from approvals.model.adviser import Adviser, Role
from approvals.model.alert import AlertKind
from approvals.model.challenge import ChallengeStatus, RefusalReason
from approvals.model.ids import ActionKind, AlertId, UserId
from approvals.model.inbox import EventKind
from approvals.model.page import Page
from approvals.model.proof import Answer
from approvals.model.sheet import ActionSheet
from tests.house import BENEFICIARY, CHEQUEBOOK, CLIENT, House, Person, mine
from tests.staff import Staff, staff_desks

SUPERVISOR = Adviser(user_id=UserId("usr_supervisor"), role=Role.SUPERVISOR)
STRANGER = Adviser(user_id=UserId("usr_stranger"), role=Role.ADVISER)


async def alerts(house: House, adviser: Adviser = SUPERVISOR) -> Page[AlertSheet]:
    return await staff_desks(house).alerts.browse(adviser, None, 50)


async def open_as(house: House, here: SignedIn) -> ActionSheet:
    """A signed-in person starts the action themselves."""
    request = OpeningRequest(
        asked=Asked(client_identifier=None, initiator=None), kind=ActionKind("beneficiary"), payload=BENEFICIARY
    )
    caller = await house.access.presence(here.token)
    return (await house.actions.open(caller, request)).sheets[0]


async def kinds_told(house: House, person: Person) -> list[EventKind]:
    return [event.news.kind for event in await house.inbox.read(person.user.id, 0, 50)]


async def test_the_action_is_refused_for_its_own_reason_and_an_alert_raised(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    disavowed = await house.answers.disavow(here.login.id, mine(sheet, anne).id)
    assert (disavowed.status, disavowed.refusal) == (ChallengeStatus.REFUSED, RefusalReason.NOT_ME)
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.REJECTED
    (raised,) = (await alerts(house)).items
    assert (raised.alert.kind, raised.alert.action_id, raised.alert.found) == (AlertKind.ACTION, sheet.id, "open")
    assert (raised.user.id, raised.company.client_identifier) == (anne.user.id, CLIENT)


async def test_a_refusal_for_that_reason_is_the_same(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    await house.answers.refuse(here.login.id, mine(sheet, anne).id, RefusalReason.NOT_ME)
    await house.answers.disavow(here.login.id, mine(sheet, anne).id)
    assert len((await alerts(house)).items) == 1


async def test_the_stay_and_the_device_it_was_started_from_are_stopped_and_their_person_told(house: House) -> None:
    anne, bruno, _ = await house.found()
    thief, device_id = await house.enrol(bruno)
    sheet, here = await open_as(house, thief), await house.sign_in(anne)
    elsewhere = await house.sign_in(bruno, address="192.0.2.9")
    await house.answers.disavow(here.login.id, mine(sheet, anne).id)
    with pytest.raises(LoginEnded):
        await house.access.presence(thief.token)
    (device,) = await house.devices.mine(bruno.user.id)
    assert (device.id, device.revoked_at) == (device_id, house.clock.now())
    assert (await house.access.presence(elsewhere.token)).user.id == bruno.user.id
    assert {EventKind.ACCESS_STOPPED, EventKind.DEVICE_REVOKED} <= set(await kinds_told(house, bruno))
    (raised,) = (await alerts(house)).items
    assert (raised.alert.login_id, raised.alert.device_id) == (thief.login.id, device_id)


async def test_what_the_core_opened_stops_nobody(house: House) -> None:
    anne, _, _ = await house.found()
    (here, _), sheet = await house.enrol(anne), await house.hold()
    await house.answers.disavow(here.login.id, mine(sheet, anne).id)
    assert (await house.access.presence(here.token)).user.id == anne.user.id
    (raised,) = (await alerts(house)).items
    assert (raised.alert.login_id, raised.alert.device_id) == (None, None)


async def test_what_was_signed_stays_signed_and_the_adviser_hears_that_it_was(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    challenge = mine(sheet, anne)
    await house.answers.answer(here.login.id, challenge.id, anne.answer(challenge.reader_input))
    assert (await house.answers.disavow(here.login.id, challenge.id)).status is ChallengeStatus.SATISFIED
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.APPROVED
    (raised,) = (await alerts(house)).items
    assert raised.alert.found == "satisfied"


async def test_a_right_code_and_a_disavowal_at_once_have_one_end_and_one_alert(house: House) -> None:
    anne, _, _ = await house.found()
    here = await house.sign_in(anne)
    for _ in range(5):
        sheet = await house.hold("chequebook", CHEQUEBOOK)
        challenge = mine(sheet, anne)
        code = anne.answer(challenge.reader_input)
        answered, disavowed = await asyncio.gather(
            house.answers.answer(here.login.id, challenge.id, code),
            house.answers.disavow(here.login.id, challenge.id),
            return_exceptions=True,
        )
        assert not isinstance(disavowed, BaseException)
        action = (await house.sheet(sheet.id)).action
        if disavowed.status is ChallengeStatus.REFUSED:
            assert action.status is ActionStatus.REJECTED
            assert isinstance(answered, ChallengeClosed) or getattr(answered, "answer", None) is Answer.TOO_LATE
        else:
            assert action.status is ActionStatus.APPROVED
    assert len((await alerts(house)).items) == 5


async def test_ten_disavowals_at_once_are_one(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    challenge_id = mine(sheet, anne).id
    together = await asyncio.gather(*(house.answers.disavow(here.login.id, challenge_id) for _ in range(10)))
    assert {each.status for each in together} == {ChallengeStatus.REFUSED}
    assert len((await alerts(house)).items) == 1


async def test_nobody_disavows_what_another_is_asked(house: House) -> None:
    anne, bruno, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(bruno)
    with pytest.raises(NotFound):
        await house.answers.disavow(here.login.id, mine(sheet, anne).id)
    assert not (await alerts(house)).items


async def test_a_screen_disavowed_before_or_after_the_digits_stays_out(house: House) -> None:
    anne, _, _ = await house.found()
    here, _ = await house.enrol(anne)
    visitor = Visitor(client_identifier=CLIENT, user_number=anne.user.number, address="203.0.113.9")
    confirmations = house.ways_in.confirmations
    first, second = await confirmations.ask(visitor), await confirmations.ask(visitor)
    await confirmations.disavow(here.login.id, first.confirmation.id)
    with pytest.raises(ConfirmationClosed):
        await confirmations.confirm(here.login.id, first.confirmation.id, first.confirmation.digits)
    await confirmations.confirm(here.login.id, second.confirmation.id, second.confirmation.digits)
    await confirmations.disavow(here.login.id, second.confirmation.id)
    with pytest.raises(SignInWaiting):
        await confirmations.complete(visitor, second.secret)
    assert [each.alert.kind for each in (await alerts(house)).items] == [AlertKind.SIGN_IN] * 2


async def test_a_screen_that_is_in_is_shown_out_and_nothing_else_is(house: House) -> None:
    anne, _, _ = await house.found()
    here, _ = await house.enrol(anne)
    visitor = Visitor(client_identifier=CLIENT, user_number=anne.user.number, address="203.0.113.9")
    confirmations = house.ways_in.confirmations
    asked = await confirmations.ask(visitor)
    await confirmations.confirm(here.login.id, asked.confirmation.id, asked.confirmation.digits)
    there = await confirmations.complete(visitor, asked.secret)
    for _ in range(2):
        await confirmations.disavow(here.login.id, asked.confirmation.id)
    with pytest.raises(LoginEnded):
        await house.access.presence(there.token)
    assert (await house.access.presence(here.token)).user.id == anne.user.id
    assert len((await alerts(house)).items) == 1


async def test_an_alert_is_hidden_outside_the_portfolio(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    await house.answers.disavow(here.login.id, mine(sheet, anne).id)
    (raised,) = (await alerts(house)).items
    assert not (await alerts(house, STRANGER)).items
    for adviser, alert_id in ((STRANGER, raised.alert.id), (SUPERVISOR, AlertId("alt_none"))):
        with pytest.raises(NotFound):
            await staff_desks(house).alerts.take(adviser, alert_id)


async def test_an_alert_is_looked_into_by_one_colleague(house: House) -> None:
    denise, farid = await Staff(house).found()
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    await house.answers.disavow(here.login.id, mine(sheet, anne).id)
    (raised,) = (await alerts(house)).items
    first, second = [Adviser(user_id=banker.user.id, role=Role.SUPERVISOR) for banker in (denise, farid)]
    desk = staff_desks(house).alerts
    for _ in range(2):
        taken = await desk.take(first, raised.alert.id)
        assert (taken.alert.taken_by, taken.alert.taken_at) == (denise.user.id, house.clock.now())
    with pytest.raises(AlertTaken):
        await desk.take(second, raised.alert.id)
