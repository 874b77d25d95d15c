"""Two people on one action at once: whoever wins, there is one end (RULES 1, 2, 4)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from approvals.errors import ActionClosed, ChallengeClosed
from approvals.model.action import Action, ActionStatus
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.idempotency import RequestKey
from approvals.model.ids import ActionId, ChallengeId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.policy import Policy
from approvals.model.proof import Answer
from approvals.model.release import Release
from approvals.ports.book import Book, Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.builders import (
    COMPANY,
    NOW,
    ONE_SIGNATURE,
    TOMORROW,
    TWO_SIGNATURES,
    add_company,
    add_pending,
    make_action,
    make_bundle,
    make_card,
    make_release,
    make_upload,
)
from tests.store.signing import expire, refuse, sign, withdraw

ANNA, BRUNO = "usr_anna", "usr_bruno"
JUST_IN_TIME = TOMORROW - timedelta(milliseconds=1)

Race = Callable[["Opened"], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Opened:
    """One action with a challenge for Anna and one for Bruno."""

    action: ActionId
    anna: ChallengeId
    bruno: ChallengeId


@dataclass(frozen=True, slots=True)
class End:
    """What came of it."""

    action: Action
    challenges: tuple[Challenge, ...]
    release: Release | None


async def open_many(book: Book, count: int, policy: Policy) -> list[Opened]:
    names = [f"act_{n:04}" for n in range(count)]

    async def work(ledger: Ledger) -> None:
        await add_company(ledger, [ANNA, BRUNO])
        for name in names:
            await add_pending(ledger, make_action(name, policy), [ANNA, BRUNO])

    await book.transaction(work)
    return [
        Opened(ActionId(name), ChallengeId(f"chl_{name}_{ANNA}"), ChallengeId(f"chl_{name}_{BRUNO}")) for name in names
    ]


async def run_races(opened: Sequence[Opened], *racers: Race) -> None:
    """Each action's racers start together, some actions side by side; who comes too late is told so."""
    lanes = asyncio.Semaphore(4)

    async def race(one: Opened) -> None:
        async with lanes:
            told = await asyncio.gather(*(racer(one) for racer in racers), return_exceptions=True)
        for answer in told:
            if isinstance(answer, BaseException) and not isinstance(answer, ChallengeClosed | ActionClosed):
                raise answer

    async with asyncio.TaskGroup() as group:
        for one in opened:
            group.create_task(race(one))


async def ends(book: Book, opened: Sequence[Opened]) -> list[End]:
    async def work(ledger: Ledger) -> list[End]:
        return [await _end(ledger, one.action) for one in opened]

    return await book.reading(work)


async def _end(ledger: Ledger, action_id: ActionId) -> End:
    action = await ledger.actions.load(action_id)
    assert action is not None
    challenges = await ledger.challenges.of_action(action_id)
    return End(action, challenges, await ledger.releases.of_action(action_id))


def assert_one_end(end: End, *allowed: ActionStatus) -> None:
    """The action came to one of these ends, every challenge with it, and a release exists only if approved."""
    assert end.action.status in allowed
    assert (end.release is not None) == (end.action.status is ActionStatus.APPROVED)
    assert all(challenge.status.is_final for challenge in end.challenges)


def anna_signs(book: Book) -> Race:
    return lambda one: sign(book, one.anna, NOW)


def bruno_signs(book: Book) -> Race:
    return lambda one: sign(book, one.bruno, NOW)


async def test_two_signers_at_once_write_one_release_500_times(book: SqlBook) -> None:
    opened = await open_many(book, 500, TWO_SIGNATURES)
    await run_races(opened, anna_signs(book), bruno_signs(book))
    for end in await ends(book, opened):
        assert_one_end(end, ActionStatus.APPROVED)
        assert [challenge.status for challenge in end.challenges] == [ChallengeStatus.SATISFIED] * 2


async def test_two_signers_race_for_a_policy_of_one_and_one_signature_counts(book: SqlBook) -> None:
    opened = await open_many(book, 100, ONE_SIGNATURE)
    await run_races(opened, anna_signs(book), bruno_signs(book))
    for end in await ends(book, opened):
        assert_one_end(end, ActionStatus.APPROVED)
        assert sorted(challenge.status for challenge in end.challenges) == ["closed", "satisfied"]


async def test_two_signers_on_two_nodes_write_one_release(book: SqlBook, database_url: str) -> None:
    opened = await open_many(book, 100, TWO_SIGNATURES)
    second_node = await open_database(database_url)
    await run_races(opened, anna_signs(book), bruno_signs(SqlBook(second_node)))
    await second_node.close()
    for end in await ends(book, opened):
        assert_one_end(end, ActionStatus.APPROVED)


async def test_a_signature_and_a_refusal_have_one_winner(book: SqlBook) -> None:
    opened = await open_many(book, 100, ONE_SIGNATURE)
    await run_races(opened, anna_signs(book), lambda one: refuse(book, one.bruno, NOW))
    for end in await ends(book, opened):
        assert_one_end(end, ActionStatus.APPROVED, ActionStatus.REJECTED)


async def test_a_signature_and_a_withdrawal_have_one_winner(book: SqlBook) -> None:
    opened = await open_many(book, 100, ONE_SIGNATURE)
    await run_races(opened, anna_signs(book), lambda one: withdraw(book, one.action, NOW))
    for end in await ends(book, opened):
        assert_one_end(end, ActionStatus.APPROVED, ActionStatus.WITHDRAWN)


async def test_a_signature_in_time_and_the_sweeper_have_one_winner(book: SqlBook) -> None:
    opened = await open_many(book, 100, ONE_SIGNATURE)
    await run_races(
        opened,
        lambda one: sign(book, one.anna, JUST_IN_TIME),
        lambda one: expire(book, one.action, TOMORROW),
    )
    for end in await ends(book, opened):
        assert_one_end(end, ActionStatus.APPROVED, ActionStatus.EXPIRED)


async def test_a_right_code_judged_too_late_is_consumed_and_told_whoever_expires_the_action(
    book: SqlBook,
) -> None:
    opened = await open_many(book, 100, ONE_SIGNATURE)
    answers: list[Answer | None] = []

    async def judged_late(one: Opened) -> None:
        answers.append(await sign(book, one.anna, TOMORROW, atc=len(answers) + 1))

    await run_races(opened, judged_late, lambda one: expire(book, one.action, TOMORROW))
    assert answers == [Answer.TOO_LATE] * 100
    for end in await ends(book, opened):
        assert_one_end(end, ActionStatus.EXPIRED)
    card = await book.reading(lambda ledger: ledger.cards.load(make_card(ANNA).id))
    assert card is not None
    assert card.last_atc > 0


async def test_a_code_offered_twice_at_once_moves_the_counter_once(book: SqlBook) -> None:
    await open_many(book, 0, ONE_SIGNATURE)
    card = make_card(ANNA)
    moved = await asyncio.gather(
        *(book.transaction(lambda ledger: ledger.cards.advance(card.id, 7)) for _ in range(20))
    )
    assert moved.count(True) == 1


@pytest.mark.parametrize("writers", [40])
async def test_forty_writers_of_one_row_all_get_through(book: SqlBook, writers: int) -> None:
    await open_many(book, 1, ONE_SIGNATURE)

    async def raise_version(ledger: Ledger) -> None:
        action = await ledger.actions.load(ActionId("act_0000"))
        assert action is not None
        await ledger.actions.save(action)

    await asyncio.gather(*(book.transaction(raise_version) for _ in range(writers)))
    action = await book.reading(lambda ledger: ledger.actions.load(ActionId("act_0000")))
    assert action is not None
    assert action.version == writers


async def test_one_message_opened_twice_at_once_is_one_bundle(book: SqlBook) -> None:
    await open_many(book, 0, ONE_SIGNATURE)

    def open_bundle(n: int) -> Callable[[Ledger], Awaitable[bool]]:
        bundle = make_bundle(f"bun_{n}", f"upl_{n}")

        async def work(ledger: Ledger) -> bool:
            live = await ledger.actions.live_bundle(COMPANY, bundle.initiating_party, bundle.message_id)
            if live is not None:
                return False
            await ledger.uploads.begin(make_upload(bundle.upload_id))
            await ledger.actions.add_bundle(bundle)
            await ledger.actions.add(replace(make_action(f"act_{n}"), bundle_id=bundle.id))
            return True

        return work

    opened = await asyncio.gather(*(book.transaction(open_bundle(n)) for n in range(8)))
    assert opened.count(True) == 1


async def test_one_request_sent_eight_times_at_once_is_done_once(book: SqlBook) -> None:
    request = RequestKey(caller="key_core", key="k-1", request_digest="aa")

    def answer(n: int) -> Callable[[Ledger], Awaitable[str]]:
        async def work(ledger: Ledger) -> str:
            kept = await ledger.requests.find(request)
            if kept is not None:
                return kept.result
            await ledger.requests.keep(request, f"result {n}", NOW)
            return f"result {n}"

        return work

    results = await asyncio.gather(*(book.transaction(answer(n)) for n in range(8)))
    assert len(set(results)) == 1


async def test_two_releasers_never_take_the_same_delivery(book: SqlBook) -> None:
    opened = await open_many(book, 30, ONE_SIGNATURE)

    async def release_all(ledger: Ledger) -> None:
        for one in opened:
            await ledger.releases.add(make_release(one.action))

    await book.transaction(release_all)
    taken = await asyncio.gather(
        *(book.transaction(lambda ledger: ledger.releases.claim(NOW, TOMORROW, 10)) for _ in range(4))
    )
    ids = [release.id for batch in taken for release in batch]
    assert sorted(ids) == sorted(f"rel_{one.action}" for one in opened)


async def test_events_written_by_many_at_once_are_numbered_without_gap(book: SqlBook) -> None:
    await open_many(book, 0, ONE_SIGNATURE)
    both = [
        News(user_id=UserId(BRUNO), kind=EventKind.ACTION_ENDED),
        News(user_id=UserId(ANNA), kind=EventKind.ACTION_ENDED),
    ]
    await asyncio.gather(*(book.transaction(lambda ledger: ledger.inboxes.append(both, NOW)) for _ in range(20)))
    anna = await book.reading(lambda ledger: ledger.inboxes.read(UserId(ANNA), 0, 100))
    bruno = await book.reading(lambda ledger: ledger.inboxes.read(UserId(BRUNO), 0, 100))
    assert [event.s for event in anna] == [event.s for event in bruno] == list(range(1, 21))
