from dataclasses import replace
from datetime import date, timedelta

import pytest

from approvals.errors import StaleVersion
from approvals.model.entitlement import Ceiling, Entitlement, Substitution
from approvals.model.ids import ActionId, SubstitutionId, UserId
from approvals.model.person import UserStatus
from approvals.ports.book import Ledger
from approvals.ports.rights import Review, Use
from approvals.store.book import SqlBook
from tests.builders import COMPANY, NOW, REMITTANCE, add_company, make_user

ANNA, BRUNO = UserId("usr_anna"), UserId("usr_bruno")
IBAN = "FR7630006000011234567890189"
WHOLE = Entitlement(
    user_id=ANNA,
    initiates=frozenset({REMITTANCE}),
    signs=frozenset({REMITTANCE}),
    group="A",
    accounts=frozenset({IBAN}),
    ceilings=(Ceiling(kind=REMITTANCE, account=IBAN, currency="EUR", per_remittance=1, per_day=2),),
    valid_from=date(2026, 3, 29),
    valid_until=date(2026, 10, 25),
)
TODAY = Use(user_id=ANNA, kind=REMITTANCE, account=IBAN, day=date(2026, 3, 2))


@pytest.fixture
async def filled(book: SqlBook) -> SqlBook:
    await book.transaction(lambda ledger: add_company(ledger, [ANNA, BRUNO]))
    return book


async def test_an_entitlement_comes_back_as_it_was_put_and_none_is_written_over_unseen(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        assert await ledger.rights.of_user(ANNA) == Entitlement(user_id=ANNA)
        assert await ledger.rights.put(COMPANY, WHOLE)
        assert await ledger.rights.of_user(ANNA) == replace(WHOLE, version=1)
        assert not await ledger.rights.put(COMPANY, WHOLE)
        assert await ledger.rights.put(COMPANY, replace(WHOLE, version=1, group="B"))
        assert not await ledger.rights.put(COMPANY, replace(WHOLE, version=1, group="C"))
        assert (await ledger.rights.of_users([ANNA, BRUNO])) == {ANNA: replace(WHOLE, version=2, group="B")}

    await filled.transaction(work)


@pytest.mark.parametrize("status", [UserStatus.INVITED, UserStatus.LOCKED, UserStatus.LEFT])
async def test_who_is_not_active_has_no_rights(filled: SqlBook, status: UserStatus) -> None:
    async def work(ledger: Ledger) -> None:
        for user_id in (ANNA, BRUNO):
            await ledger.rights.put(COMPANY, Entitlement(user_id=user_id))
        await ledger.people.save_user(replace(make_user(ANNA), status=status))

    await filled.transaction(work)
    rights = await filled.reading(lambda ledger: ledger.rights.of_subscription(COMPANY))
    assert rights.entitlements.keys() == {BRUNO}


async def test_substitutions_come_with_the_rights_and_end_once(filled: SqlBook) -> None:
    first, second = [
        Substitution(
            id=SubstitutionId(f"sbt_{n}"),
            subscription_id=COMPANY,
            absent_id=ANNA,
            substitute_id=BRUNO,
            first_day=date(2026, 4, n),
            last_day=date(2026, 4, n),
        )
        for n in (1, 2)
    ]

    async def work(ledger: Ledger) -> None:
        await ledger.rights.put(COMPANY, Entitlement(user_id=BRUNO))
        for each in (second, first):
            await ledger.rights.add_substitution(each)
        rights = await ledger.rights.of_subscription(COMPANY)
        assert (list(rights.entitlements), rights.substitutions) == ([BRUNO], [first, second])
        assert await ledger.rights.substitutions(COMPANY) == [first, second]
        assert [await ledger.rights.end_substitution(first.id) for _ in range(2)] == [True, False]
        assert await ledger.rights.substitutions(COMPANY) == [second]

    await filled.transaction(work)


async def test_a_sum_moves_up_to_its_limit_and_no_further_and_each_day_has_its_own(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        tomorrow = replace(TODAY, day=TODAY.day + timedelta(days=1))
        assert [await ledger.rights.use(TODAY, 4, 10) for _ in range(3)] == [True, True, False]
        assert await ledger.rights.use(TODAY, 2, 10)
        assert await ledger.rights.use(tomorrow, 10, 10)
        assert await ledger.rights.use(TODAY, -10, 0)
        assert (await ledger.rights.used(TODAY), await ledger.rights.used(tomorrow)) == (0, 10)
        assert await ledger.rights.used_on(tomorrow.day, [ANNA, BRUNO]) == {tomorrow: 10}
        assert await ledger.rights.used_on(tomorrow.day, []) == {}

    await filled.transaction(work)


async def test_reviews_of_one_moment_are_one_that_begins_at_the_earlier_place(filled: SqlBook) -> None:
    whole = Review(subscription_id=COMPANY, due_at=NOW)
    rest, later = replace(whole, after=ActionId("act_5")), replace(whole, due_at=NOW + timedelta(days=1))

    async def work(ledger: Ledger) -> None:
        for review in (rest, whole, rest, later):
            await ledger.rights.plan_review(review)
        assert await ledger.rights.due_reviews(NOW, 10) == [whole]
        await ledger.rights.finish_review(whole)
        with pytest.raises(StaleVersion):
            await ledger.rights.finish_review(whole)
        assert await ledger.rights.due_reviews(NOW + timedelta(days=1), 10) == [later]

    await filled.transaction(work)
