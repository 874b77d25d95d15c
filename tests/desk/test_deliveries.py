from dataclasses import replace
from datetime import timedelta

import pytest

from approvals.delivery import Delivered, Patience, Refused, Undecided
from approvals.desk.deliveries import DeliveryDesk
from approvals.errors import NotFound
from approvals.model.action import Action, ActionStatus
from approvals.model.ids import ActionId, ReleaseId, UserId
from approvals.model.inbox import Event, EventKind
from approvals.model.opener import opened_by_person
from approvals.model.release import DeliveryStatus, Release
from approvals.ports.book import Book, Ledger
from tests.builders import NOW, add_company, add_pending, make_action, make_release
from tests.fakes import Announcements, SteppedClock

SIGNERS = ["usr_1", "usr_2"]
ACTION = ActionId("act_1")
PATIENCE = Patience(first_pause=timedelta(seconds=10), longest_pause=timedelta(minutes=1), most_attempts=3)
DOWN = Undecided("unreachable")


class Scene:
    """One approved action whose release is due."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.clock = SteppedClock(NOW)
        self.announcer = Announcements()
        self.desk = DeliveryDesk(book=book, clock=self.clock, announcer=self.announcer, patience=PATIENCE)

    async def action(self) -> Action:
        action = await self.book.reading(lambda ledger: ledger.actions.load(ACTION))
        assert action is not None
        return action

    async def events(self, user_id: str) -> list[Event]:
        return list(await self.book.reading(lambda ledger: ledger.inboxes.read(UserId(user_id), 0, 100)))

    async def audit_codes(self) -> list[str]:
        return [entry.code for entry in await self.book.reading(lambda ledger: ledger.audit.of_action(ACTION))]

    async def claim(self) -> Release:
        (release,) = await self.desk.claim(10)
        return release

    async def give_up(self) -> Release:
        """Let the core be down until patience ends."""
        recorded = await self.desk.record(await self.claim(), DOWN, 0.5)
        while recorded.status is DeliveryStatus.DUE:
            self.clock.advance(hours=1)
            recorded = await self.desk.record(await self.claim(), DOWN, 0.5)
        return recorded


@pytest.fixture
async def scene(book: Book) -> Scene:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, SIGNERS)
        await add_pending(ledger, replace(make_action(ACTION), status=ActionStatus.APPROVED), SIGNERS)
        await ledger.releases.add(make_release(ACTION))

    await book.transaction(work)
    return Scene(book)


async def test_what_the_core_took_is_released_and_everybody_hears_of_it(scene: Scene) -> None:
    recorded = await scene.desk.record(await scene.claim(), Delivered(), 0.5)
    assert recorded.status is DeliveryStatus.DELIVERED
    assert (await scene.action()).status is ActionStatus.RELEASED
    assert [event.news.kind for event in await scene.events("usr_2")] == [EventKind.ACTION_ENDED]
    assert scene.announcer.told == set(SIGNERS)
    assert await scene.audit_codes() == ["release_delivered", "action_released"]


async def test_who_started_it_and_signs_nothing_hears_of_it_too(book: Book) -> None:
    starter = UserId("usr_9")
    approved = replace(make_action(ACTION), status=ActionStatus.APPROVED)
    begun = replace(approved, initiator=starter, opened_by=opened_by_person(starter))

    async def work(ledger: Ledger) -> None:
        await add_company(ledger, [*SIGNERS, starter])
        await add_pending(ledger, begun, SIGNERS)
        await ledger.releases.add(make_release(ACTION))

    await book.transaction(work)
    scene = Scene(book)
    await scene.desk.record(await scene.claim(), Delivered(), 0.5)
    assert [event.news.kind for event in await scene.events(starter)] == [EventKind.ACTION_ENDED]
    assert scene.announcer.told == {*SIGNERS, starter}


async def test_the_cores_definite_no_fails_the_action_with_its_code(scene: Scene) -> None:
    recorded = await scene.desk.record(await scene.claim(), Refused("account_closed"), 0.5)
    action = await scene.action()
    assert recorded.status is DeliveryStatus.REFUSED
    assert (action.status, action.reason) == (ActionStatus.FAILED, "core:account_closed")
    assert scene.announcer.told == set(SIGNERS)


async def test_a_delivery_given_up_leaves_the_action_approved(scene: Scene) -> None:
    recorded = await scene.give_up()
    assert (recorded.status, recorded.attempts) == (DeliveryStatus.GIVEN_UP, PATIENCE.most_attempts)
    assert (await scene.action()).status is ActionStatus.APPROVED
    assert await scene.desk.claim(10) == []
    assert [release.id for release in await scene.desk.listed(DeliveryStatus.GIVEN_UP, 10)] == [recorded.id]


async def test_a_failure_waits_for_its_pause_and_tells_nobody(scene: Scene) -> None:
    recorded = await scene.desk.record(await scene.claim(), DOWN, 0.5)
    assert recorded.next_at - scene.clock.now() == timedelta(seconds=5)
    assert await scene.desk.next_due() == recorded.next_at
    assert await scene.desk.claim(10) == []
    scene.clock.advance(seconds=5)
    assert (await scene.claim()).attempts == 1
    assert scene.announcer.told == set()


async def test_what_one_took_nobody_else_takes_until_the_lease_ends(scene: Scene) -> None:
    first = await scene.claim()
    assert await scene.desk.claim(10) == []
    scene.clock.advance(seconds=30)
    assert (await scene.claim()).id == first.id


async def test_a_late_record_of_an_older_attempt_changes_nothing(scene: Scene) -> None:
    slow = await scene.claim()
    scene.clock.advance(seconds=30)
    delivered = await scene.desk.record(await scene.claim(), Delivered(), 0.5)
    late = await scene.desk.record(slow, Refused("too_late"), 0.5)
    assert late.status is delivered.status is DeliveryStatus.DELIVERED
    assert (await scene.action()).status is ActionStatus.RELEASED


async def test_what_was_given_up_is_sent_again_with_the_same_bytes(scene: Scene) -> None:
    given_up = await scene.give_up()
    await scene.desk.resend(given_up.id)
    again = await scene.claim()
    assert (again.id, again.body, again.attempts) == (given_up.id, given_up.body, 0)
    await scene.desk.record(again, Delivered(), 0.5)
    assert (await scene.action()).status is ActionStatus.RELEASED


async def test_sending_again_what_was_delivered_changes_nothing(scene: Scene) -> None:
    delivered = await scene.desk.record(await scene.claim(), Delivered(), 0.5)
    assert (await scene.desk.resend(delivered.id)).status is DeliveryStatus.DELIVERED
    assert await scene.desk.next_due() is None


async def test_sending_again_an_unknown_release_is_refused(scene: Scene) -> None:
    with pytest.raises(NotFound):
        await scene.desk.resend(ReleaseId("rel_unknown"))
