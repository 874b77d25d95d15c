"""A day goes by after a backup, then the backup comes back: nothing is released twice (RULES 30)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from approvals.credentials.card_refusals import CardResyncDue
from approvals.credentials.refusals import ActivationRefused
from approvals.delivery import Delivered, Patience, Recollection
from approvals.desk.deliveries import DeliveryDesk
from approvals.desk.restoring import Finished, RestoringDesk
from approvals.errors import InvalidRequest, RestoreUnfinished, SignInRefused
from approvals.model.action import ActionStatus
from approvals.model.challenge import ChallengeStatus, RefusalReason
from approvals.model.ids import ActionId, ActionKind
from approvals.model.proof import Answer
from approvals.model.release import DeliveryStatus
from approvals.model.sheet import ActionSheet
from approvals.store.backup import back_up, restore
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.desk.letters import entry, invited, letter
from tests.house import PAYEE_IBAN, TWO_TOGETHER, House, Person, mine, release_of, request_of
from tests.joined_desks import Parts
from tests.postgresql import PostgresqlServer

CHEQUES = {"account": "FR7630006000011234567890189", "book": "desk", "delivery": "branch"}


@dataclass
class Core:
    """The bank's core: carries an action out once however often its release comes, and remembers."""

    carried_out: list[ActionId] = field(default_factory=list)

    async def take_releases(self, house: House) -> None:
        """Deliver everything that is due, as the releaser does."""
        desk = deliveries(house)
        for release in await desk.claim(100):
            self.carried_out.append(release.action_id)
            await desk.record(release, Delivered(), 0.5)

    def recall(self, action_id: ActionId) -> Recollection:
        return Recollection.CARRIED_OUT if action_id in self.carried_out else Recollection.NEVER_SEEN


@dataclass
class Story:
    """A house before and after, with the people and the core that lived through both."""

    house: House
    people: tuple[Person, ...]
    core: Core
    url: str
    empty_url: str
    folder: Path

    async def back_up(self) -> None:
        await back_up(self.url, self.folder / "backup")

    async def come_back(self) -> House:
        """Lose the database, restore yesterday's, serve it."""
        await restore(self.empty_url, self.folder / "backup", self.house.clock.now())
        self.restored = await open_database(self.empty_url)
        return House(Parts(book=SqlBook(self.restored), folder=self.folder, clock=self.house.clock))

    async def finish(self, house: House) -> Finished:
        desk = RestoringDesk(book=house.book, clock=house.clock)
        return await desk.finish({each: self.core.recall(each) for each in await desk.unsettled()})


@pytest.fixture
async def story(
    house: House, database_url: str, server_if_any: PostgresqlServer | None, tmp_path: Path
) -> AsyncIterator[Story]:
    people = await house.found()
    empty = f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    if server_if_any is not None:
        empty = await server_if_any.make_empty_database()
    told = Story(house=house, people=people, core=Core(), url=database_url, empty_url=empty, folder=tmp_path)
    yield told
    if hasattr(told, "restored"):
        await told.restored.close()
    if server_if_any is not None:
        await server_if_any.drop(empty)


def deliveries(house: House) -> DeliveryDesk:
    return DeliveryDesk(book=house.book, clock=house.clock, announcer=house.announcements, patience=Patience())


async def hold(house: House, number: int) -> ActionSheet:
    return await house.hold("chequebook", {**CHEQUES, "number": number})


async def sign(house: House, person: Person, sheet: ActionSheet) -> Answer:
    signed_in = await house.sign_in(person)
    challenge = mine(sheet, person)
    answered = await house.answers.answer(signed_in.login.id, challenge.id, person.answer(challenge.reader_input))
    return answered.answer


async def resynchronise(house: House, person: Person) -> None:
    signed_in = await house.sign_in(person)
    await house.cards.own.resynchronise(signed_in.login.id, person.card.id, person.code_key(), person.code_key())


async def status(house: House, sheet: ActionSheet) -> ActionStatus:
    return (await house.sheet(sheet.id)).action.status


async def test_what_was_released_after_the_backup_is_not_released_again(story: Story) -> None:
    anne = story.people[0]
    before = await hold(story.house, 1)
    open_still = await hold(story.house, 2)
    await story.back_up()
    assert await sign(story.house, anne, before) is Answer.ACCEPTED
    await story.core.take_releases(story.house)
    assert story.core.carried_out == [before.id]

    house = await story.come_back()
    assert await status(house, before) is ActionStatus.PENDING
    assert (await story.finish(house)).recognised == 1
    found = await house.sheet(before.id)
    assert (found.action.status, found.action.reason) == (ActionStatus.RELEASED, "found_at_core")
    assert mine(found, anne).status is ChallengeStatus.CLOSED

    await resynchronise(house, anne)
    assert await sign(house, anne, open_still) is Answer.ACCEPTED
    await story.core.take_releases(house)
    assert story.core.carried_out == [before.id, open_still.id]


async def test_a_release_delivered_after_the_backup_is_known_as_delivered(story: Story) -> None:
    sheet = await hold(story.house, 1)
    assert await sign(story.house, story.people[0], sheet) is Answer.ACCEPTED
    await story.back_up()
    await story.core.take_releases(story.house)

    house = await story.come_back()
    await story.finish(house)
    release = await release_of(house, sheet)
    assert release is not None
    assert release.status is DeliveryStatus.DELIVERED
    assert await status(house, sheet) is ActionStatus.RELEASED
    await story.core.take_releases(house)
    assert story.core.carried_out == [sheet.id]


async def test_nothing_is_released_before_the_end_of_the_restore_and_everything_after(story: Story) -> None:
    sheet = await hold(story.house, 1)
    assert await sign(story.house, story.people[0], sheet) is Answer.ACCEPTED
    await story.back_up()

    house = await story.come_back()
    assert await deliveries(house).claim(100) == []
    assert await deliveries(house).next_due() is None
    await story.finish(house)
    assert await deliveries(house).next_due() is not None
    await story.core.take_releases(house)
    assert story.core.carried_out == [sheet.id]


async def test_no_code_of_a_card_counts_before_the_end_of_the_restore(story: Story) -> None:
    anne = story.people[0]
    sheet = await hold(story.house, 1)
    await story.back_up()
    house = await story.come_back()
    signed_in = await house.sign_in(anne)
    with pytest.raises(CardResyncDue):
        await sign(house, anne, sheet)
    with pytest.raises(CardResyncDue):
        await house.sign_in(anne, with_card=True)
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, code=None, cap=anne.code_key()))
    with pytest.raises(RestoreUnfinished):
        await house.cards.own.resynchronise(signed_in.login.id, anne.card.id, anne.code_key(), anne.code_key())
    assert (await house.card(anne)).attempts_left == anne.card.attempts_left


async def test_a_code_used_between_backup_and_loss_buys_nothing_afterwards(story: Story) -> None:
    anne = story.people[0]
    sheet = await hold(story.house, 1)
    await story.back_up()
    used = anne.answer(mine(sheet, anne).reader_input)
    signed_in = await story.house.sign_in(anne)
    answered = await story.house.answers.answer(signed_in.login.id, mine(sheet, anne).id, used)
    assert answered.answer is Answer.ACCEPTED

    house = await story.come_back()
    await story.finish(house)  # the core never got it: it is open again
    again = await house.sign_in(anne)
    with pytest.raises(CardResyncDue):
        await house.answers.answer(again.login.id, mine(sheet, anne).id, used)
    await resynchronise(house, anne)
    replayed = await house.answers.answer(again.login.id, mine(sheet, anne).id, used)
    assert replayed.answer is Answer.PROOF_REFUSED
    assert await sign(house, anne, sheet) is Answer.ACCEPTED


async def test_no_action_ends_otherwise_while_nobody_knows_how_it_ended(story: Story) -> None:
    anne = story.people[0]
    sheet = await hold(story.house, 1)
    await story.back_up()
    house = await story.come_back()
    signed_in = await house.sign_in(anne)
    with pytest.raises(RestoreUnfinished):
        await house.answers.refuse(signed_in.login.id, mine(sheet, anne).id, RefusalReason.NOT_NOW)
    with pytest.raises(RestoreUnfinished):
        await house.withdraw(sheet)
    house.clock.advance(days=2)
    await house.sweeping.sweep()
    assert await status(house, sheet) is ActionStatus.PENDING
    await story.finish(house)
    await house.sweeping.sweep()
    assert await status(house, sheet) is ActionStatus.EXPIRED


async def test_logins_of_before_are_void_and_devices_start_afresh(story: Story) -> None:
    signed_in, _ = await story.house.enrol(story.people[0])
    epoch = (await story.house.inbox.state(story.people[0].user.id)).epoch
    await story.back_up()
    house = await story.come_back()
    assert signed_in.login.id not in [stay.login.id for stay in await house.access.stays(story.people[0].user.id)]
    assert (await house.inbox.state(story.people[0].user.id)).epoch != epoch


async def test_a_letter_on_its_way_then_may_have_been_used_since_and_is_printed_anew(story: Story) -> None:
    anne = story.people[0]
    secret = await invited(story.house, anne)
    await story.back_up()
    house = await story.come_back()
    with pytest.raises(ActivationRefused):
        await house.ways_in.first_entry.run(entry(anne, secret))
    await house.ways_in.first_entry.run(entry(anne, await letter(house, anne)))


async def test_where_the_core_does_not_say_the_restore_waits_for_a_person(story: Story) -> None:
    known, unknown = await hold(story.house, 1), await hold(story.house, 2)
    await story.back_up()
    house = await story.come_back()
    desk = RestoringDesk(book=house.book, clock=house.clock)
    said = {known.id: Recollection.CARRIED_OUT, unknown.id: Recollection.NO_ANSWER}
    assert (await desk.finish(said)).undecided == [unknown.id]
    with pytest.raises(RestoreUnfinished):
        await house.withdraw(unknown)
    assert await desk.unsettled() == [unknown.id]
    await desk.finish({unknown.id: Recollection.NEVER_SEEN})
    assert (await house.withdraw(unknown)).action.status is ActionStatus.WITHDRAWN


async def test_what_a_release_changed_of_ours_is_changed_again(story: Story) -> None:
    sheet = await story.house.hold()
    await story.back_up()
    await sign(story.house, story.people[0], sheet)
    await story.core.take_releases(story.house)
    house = await story.come_back()
    await story.finish(house)
    payees = await house.book.reading(lambda ledger: ledger.beneficiaries.all(sheet.action.subscription_id))
    assert [payee.iban for payee in payees] == [PAYEE_IBAN]


async def test_a_first_signature_of_before_the_backup_still_counts(
    house: House, database_url: str, story: Story
) -> None:
    del database_url
    anne, bruno, _ = story.people
    await house.book.transaction(
        lambda ledger: ledger.policies.put(anne.user.subscription_id, ActionKind("chequebook"), None, TWO_TOGETHER)
    )
    sheet = await hold(house, 1)
    assert await sign(house, anne, sheet) is Answer.ACCEPTED
    await story.back_up()
    restored = await story.come_back()
    await story.finish(restored)
    await resynchronise(restored, bruno)
    assert await sign(restored, bruno, sheet) is Answer.ACCEPTED
    assert await status(restored, sheet) is ActionStatus.APPROVED


async def test_a_house_that_was_not_restored_has_nothing_to_finish(house: House) -> None:
    desk = RestoringDesk(book=house.book, clock=house.clock)
    with pytest.raises(InvalidRequest):
        await desk.unsettled()
    with pytest.raises(InvalidRequest):
        await desk.finish({})
