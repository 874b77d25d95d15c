"""Who signs what, in whose place, up to which ceiling: the rules by themselves (RULES 18, 27)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from approvals.credentials.refusals import SubstituteError, SubstituteLoop, SubstituteTaken
from approvals.errors import PolicyMissing
from approvals.model.entitlement import Ceiling, Entitlement, Substitution
from approvals.model.ids import ActionKind, SubscriptionId, SubstitutionId, UserId
from approvals.model.money import Money
from approvals.model.policy import Band, Policy, Seat, Signatures
from approvals.policy import for_money
from approvals.rights import CompanyRights, Matter, business_day, clash, day_limit, may_initiate, seats, turns_of

ANNE, BRUNO, CHLOE, DAVID = (UserId(f"usr_{name}") for name in ("anne", "bruno", "chloe", "david"))
REMITTANCE = ActionKind("remittance")
MAIN, OTHER = "FR7630006000011234567890189", "FR1420041010050500013M02606"
TODAY = date(2026, 11, 23)


def of(user_id: UserId, group: str = "A") -> Entitlement:
    return Entitlement(user_id=user_id, signs=frozenset({REMITTANCE}), group=group)


def ceiling(per_remittance: int | None = None, per_day: int | None = None, currency: str = "EUR") -> Ceiling:
    return Ceiling(kind=REMITTANCE, account=MAIN, currency=currency, per_remittance=per_remittance, per_day=per_day)


def company(*entitlements: Entitlement, substitutions: tuple[Substitution, ...] = ()) -> CompanyRights:
    return CompanyRights(entitlements={each.user_id: each for each in entitlements}, substitutions=substitutions)


def paying(amount: int = 1000, currency: str = "EUR") -> Matter:
    return Matter(kind=REMITTANCE, account=MAIN, money=Money(amount=amount, currency=currency))


def standing_in(
    absent: UserId, substitute: UserId, first: date = TODAY, last: date = TODAY, name: str = "1"
) -> Substitution:
    return Substitution(
        id=SubstitutionId(f"sbt_{name}"),
        subscription_id=SubscriptionId("sub_1"),
        absent_id=absent,
        substitute_id=substitute,
        first_day=first,
        last_day=last,
    )


# --- entitlements -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"group": None},
        {"signs": frozenset()},
        {"accounts": frozenset({OTHER})},
        {"accounts": frozenset()},
        {"valid_from": date(2026, 11, 24)},
        {"valid_until": date(2026, 11, 22)},
        {"ceilings": (ceiling(per_remittance=999),)},
        {"ceilings": (ceiling(per_day=999),)},
        {"ceilings": (ceiling(per_day=10**9, currency="USD"),)},
    ],
)
def test_whose_entitlement_does_not_reach_so_far_is_not_asked(changed: Mapping[str, object]) -> None:
    assert seats(company(of(ANNE)), paying(), TODAY) == {ANNE: Seat(group="A")}
    assert seats(company(replace(of(ANNE), **changed)), paying(), TODAY) == {}  # type: ignore[arg-type]  # one field each


def test_the_last_cent_and_the_last_day_are_within() -> None:
    exact = replace(of(ANNE), ceilings=(ceiling(1000, 1000),), valid_from=TODAY, valid_until=TODAY)
    assert ANNE in seats(company(exact), paying(1000), TODAY)
    assert ANNE not in seats(company(exact), paying(1001), TODAY)


def test_a_ceiling_holds_for_its_own_account_and_kind() -> None:
    low = company(replace(of(ANNE), ceilings=(ceiling(1),)))
    assert seats(low, replace(paying(), account=OTHER), TODAY) == {ANNE: Seat(group="A")}


def test_starting_and_signing_are_two_rights() -> None:
    starts = Entitlement(user_id=ANNE, initiates=frozenset({REMITTANCE}), accounts=frozenset({MAIN}))
    assert may_initiate(starts, paying(), TODAY)
    assert not may_initiate(of(ANNE), paying(), TODAY)
    assert not may_initiate(starts, replace(paying(), account=OTHER), TODAY)
    assert not may_initiate(None, paying(), TODAY)


# --- substitutes --------------------------------------------------------------------------------------------


def test_a_substitute_signs_once_in_the_place_and_group_of_the_absent_who_is_not_asked() -> None:
    rights = company(of(ANNE), of(BRUNO, "B"), substitutions=(standing_in(ANNE, BRUNO),))
    assert seats(rights, paying(), TODAY) == {BRUNO: Seat(group="A", in_place_of=ANNE)}
    assert seats(rights, paying(), date(2026, 11, 24)) == {ANNE: Seat(group="A"), BRUNO: Seat(group="B")}


def test_a_substitute_is_held_to_the_lower_of_the_two_ceilings() -> None:
    absent = replace(of(ANNE), ceilings=(ceiling(500, 3000),))
    own = replace(of(BRUNO, "B"), ceilings=(ceiling(5000, 2000),))
    rights = company(absent, own, substitutions=(standing_in(ANNE, BRUNO),))
    taken = Seat(group="A", in_place_of=ANNE)
    assert seats(rights, paying(500), TODAY) == {BRUNO: taken}
    assert seats(rights, paying(501), TODAY) == {BRUNO: Seat(group="B")}
    assert day_limit(rights, paying(), BRUNO, taken) == 2000
    assert day_limit(rights, paying(), BRUNO, Seat(group="B")) == 2000


def test_who_could_not_sign_themself_signs_for_nobody() -> None:
    powerless = replace(of(BRUNO, "B"), signs=frozenset())
    rights = company(of(ANNE), powerless, substitutions=(standing_in(ANNE, BRUNO),))
    assert seats(rights, paying(), TODAY) == {ANNE: Seat(group="A")}


def test_what_the_absent_signed_before_they_left_stays_and_nobody_signs_it_again() -> None:
    rights = company(of(ANNE), of(BRUNO, "B"), substitutions=(standing_in(ANNE, BRUNO),))
    signed = {ANNE: Seat(group="A")}
    assert seats(rights, paying(), TODAY, signed) == {ANNE: Seat(group="A"), BRUNO: Seat(group="B")}


def test_a_substitute_who_signed_for_themself_has_signed() -> None:
    rights = company(of(ANNE), of(BRUNO, "B"), substitutions=(standing_in(ANNE, BRUNO),))
    assert seats(rights, paying(), TODAY, {BRUNO: Seat(group="B")})[BRUNO] == Seat(group="B")


def test_a_chain_that_was_stored_all_the_same_gives_nobody_two_places() -> None:
    chain = (standing_in(ANNE, BRUNO, name="1"), standing_in(BRUNO, CHLOE, name="2"))
    found = seats(company(of(ANNE), of(BRUNO, "B"), of(CHLOE, "B"), substitutions=chain), paying(), TODAY)
    assert len(found) <= 2
    assert [seat.in_place_of for seat in found.values()].count(ANNE) <= 1


@pytest.mark.parametrize(
    ("wanted", "refused"),
    [
        (standing_in(ANNE, ANNE), SubstituteLoop),
        (standing_in(BRUNO, ANNE), SubstituteLoop),
        (standing_in(BRUNO, CHLOE), SubstituteLoop),
        (standing_in(CHLOE, ANNE), SubstituteLoop),
        (standing_in(ANNE, CHLOE), SubstituteTaken),
        (standing_in(CHLOE, BRUNO), SubstituteTaken),
        (standing_in(CHLOE, DAVID), None),
        (standing_in(BRUNO, ANNE, date(2026, 11, 24), date(2026, 11, 24)), None),
    ],
)
def test_nobody_stands_in_for_a_substitute_nor_for_two(
    wanted: Substitution, refused: type[SubstituteError] | None
) -> None:
    assert clash(wanted, [standing_in(ANNE, BRUNO)]) is refused


# --- days ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 23, 22, 59, 59, 999_000, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),  # the day summer time begins: 23 hours long
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),  # the day it ends: 25 hours long
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_a_day_is_a_day_in_paris_in_winter_in_summer_and_when_the_clock_changes(at: datetime, day: date) -> None:
    assert business_day(at) == day


def test_rights_of_a_period_come_and_go_at_midnight_in_paris() -> None:
    assert turns_of(date(2026, 3, 29), date(2026, 3, 29)) == (
        datetime(2026, 3, 28, 23, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 22, 0, tzinfo=UTC),
    )
    assert turns_of(None, None) == ()


# --- amount bands -------------------------------------------------------------------------------------------


ONE, TWO, A_AND_B = (Signatures(count=1),), (Signatures(count=2),), (Signatures(count=1, group="A"),)
BANDED = Policy(
    clauses=ONE,
    bands=(
        Band(currency="EUR", from_amount=100_000, clauses=A_AND_B),
        Band(currency="EUR", from_amount=10_000, clauses=TWO),
        Band(currency="CHF", from_amount=5_000, clauses=TWO),
    ),
)


@pytest.mark.parametrize(
    ("amount", "currency", "clauses"),
    [
        (9_999, "EUR", ONE),
        (10_000, "EUR", TWO),
        (99_999, "EUR", TWO),
        (100_000, "EUR", A_AND_B),
        (9_999, "CHF", TWO),
    ],
)
def test_the_highest_band_an_amount_reaches_says_who_signs(
    amount: int, currency: str, clauses: tuple[Signatures, ...]
) -> None:
    found = for_money(BANDED, Money(amount=amount, currency=currency))
    assert (found.clauses, found.bands) == (clauses, ())


def test_a_currency_without_a_band_is_small_money_for_nobody() -> None:
    with pytest.raises(PolicyMissing):
        for_money(BANDED, Money(amount=1, currency="USD"))


def test_where_no_money_moves_bands_say_nothing() -> None:
    assert for_money(BANDED, None) == replace(BANDED, bands=())
