"""A day's operations counted, on both databases: nothing of the day before, of a colleague, or of the house."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from approvals.model.action import Action, ActionStatus
from approvals.model.challenge import ChallengeStatus
from approvals.model.figures import SIGNED_WITHIN, Period
from approvals.model.ids import SubscriptionId, UserId
from approvals.model.person import SubscriptionKind
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from tests.builders import COMPANY, NOW, add_company, make_action, make_challenge, make_subscription

ANNA, DENISE = "usr_anna", UserId("usr_denise")
DAY = Period(since=NOW, until=NOW + timedelta(hours=24))
OTHERS, HOUSE = SubscriptionId("sub_others"), SubscriptionId("sub_house")


@pytest.fixture
async def filled(book: SqlBook) -> SqlBook:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, [ANNA])
        others = replace(make_subscription(), id=OTHERS, client_identifier="2", adviser_id=DENISE)
        await ledger.people.add_subscription(others)
        house = replace(others, id=HOUSE, client_identifier="3", kind=SubscriptionKind.HOUSE)
        await ledger.people.add_subscription(house)

    await book.transaction(work)
    return book


async def open_one(
    book: SqlBook, name: str, *, of: SubscriptionId = COMPANY, at: datetime = NOW, life: timedelta = timedelta(hours=24)
) -> Action:
    action = replace(make_action(f"act_{name}"), subscription_id=of, created_at=at, expires_at=at + life)
    await book.transaction(lambda ledger: ledger.actions.add(action))
    return action


async def sign(
    book: SqlBook, action: Action, *, after: timedelta, status: ChallengeStatus = ChallengeStatus.SATISFIED
) -> None:
    ended = replace(make_challenge(action.id, ANNA), status=status, ended_at=action.created_at + after)
    await book.transaction(lambda ledger: ledger.challenges.add([ended]))


async def by_status(
    book: SqlBook, portfolio_of: UserId | None = None, now: datetime = NOW
) -> Mapping[ActionStatus, int]:
    return await book.reading(lambda ledger: ledger.figures.by_status(DAY, portfolio_of, now))


async def signed_within(book: SqlBook, portfolio_of: UserId | None = None) -> Mapping[timedelta | None, int]:
    return await book.reading(lambda ledger: ledger.figures.signed_within(DAY, portfolio_of))


async def test_the_operations_of_a_day_are_counted_by_what_became_of_them(filled: SqlBook) -> None:
    for n in range(3):
        await open_one(filled, f"pending_{n}")
    released = await open_one(filled, "released")
    await filled.transaction(lambda ledger: ledger.actions.save(replace(released, status=ActionStatus.RELEASED)))
    assert await by_status(filled) == {ActionStatus.PENDING: 3, ActionStatus.RELEASED: 1}


async def test_a_day_ends_where_the_next_one_begins(filled: SqlBook) -> None:
    await open_one(filled, "before", at=DAY.since - timedelta(milliseconds=1))
    await open_one(filled, "first", at=DAY.since)
    await open_one(filled, "last", at=DAY.until - timedelta(milliseconds=1))
    await open_one(filled, "after", at=DAY.until)
    assert await by_status(filled) == {ActionStatus.PENDING: 2}


async def test_what_is_past_its_time_is_expired_before_the_sweeper_comes(filled: SqlBook) -> None:
    await open_one(filled, "short", life=timedelta(minutes=5))
    assert await by_status(filled, now=NOW + timedelta(minutes=4)) == {ActionStatus.PENDING: 1}
    assert await by_status(filled, now=NOW + timedelta(minutes=5)) == {ActionStatus.EXPIRED: 1}


async def test_a_signature_counts_under_the_first_bound_it_was_faster_than(filled: SqlBook) -> None:
    for n, after in enumerate((0, 59, 60, 3599, 3600, 14_400, 90_000)):
        await sign(filled, await open_one(filled, str(n)), after=timedelta(seconds=after))
    minute, _, _, hour, four = SIGNED_WITHIN
    assert await signed_within(filled) == {minute: 2, SIGNED_WITHIN[1]: 1, hour: 1, four: 1, None: 2}


async def test_a_refusal_is_no_signature(filled: SqlBook) -> None:
    refused = await open_one(filled, "refused")
    await sign(filled, refused, after=timedelta(seconds=1), status=ChallengeStatus.REFUSED)
    assert await signed_within(filled) == {}


async def test_an_adviser_counts_the_own_portfolio_and_nobody_the_house_s_acts(filled: SqlBook) -> None:
    await sign(filled, await open_one(filled, "ours"), after=timedelta(seconds=1))
    await sign(filled, await open_one(filled, "theirs", of=OTHERS), after=timedelta(minutes=2))
    await sign(filled, await open_one(filled, "act", of=HOUSE), after=timedelta(seconds=1))
    assert await by_status(filled) == {ActionStatus.PENDING: 2}
    assert await by_status(filled, DENISE) == {ActionStatus.PENDING: 1}
    assert await by_status(filled, UserId("usr_nobody")) == {}
    assert await signed_within(filled) == {SIGNED_WITHIN[0]: 1, SIGNED_WITHIN[1]: 1}
    assert await signed_within(filled, DENISE) == {SIGNED_WITHIN[1]: 1}
