"""Substitutes, on both databases: named like an entitlement, asked while the period runs, for nobody's second time."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from approvals.credentials.refusals import (
    PeriodReversed,
    PersonNotHere,
    SelfGranting,
    SubstituteLoop,
    SubstitutePowerless,
    SubstituteTaken,
)
from approvals.errors import ApprovalError, InvalidRequest, NotFound
from approvals.model.action import ActionStatus
from approvals.model.challenge import ChallengeStatus
from approvals.model.json import Json
from approvals.model.policy import Policy, Seat, Signatures
from tests.company import entitle, put_policy
from tests.desk.test_entitlements import approve
from tests.house import ALONE, CHEQUEBOOK, House, Person, entitlement, mine

GROUP_A = Policy(clauses=(Signatures(count=1, group="A"),))
NAME: Mapping[str, Json] = {
    "change": "name",
    "absent": "001",
    "substitute": "002",
    "from": "2026-11-23",
    "until": "2026-11-24",
}


@pytest.fixture
async def people(house: House) -> tuple[Person, Person, Person]:
    """Chequebooks take a signature of group A: Anne has it, Bruno signs in B, Chloé decides about substitutes."""
    anne, bruno, chloe = await house.found(GROUP_A, kinds=("chequebook",))
    await put_policy(house, "substitute", ALONE)
    await entitle(house, entitlement(chloe, "B"))
    return anne, bruno, chloe


async def name(house: House, chloe: Person, payload: Mapping[str, Json] = NAME) -> str:
    """Have it decided; return its id."""
    ended = await approve(house, await house.hold("substitute", payload, "001"), chloe)
    assert ended.action.status is ActionStatus.RELEASED
    return str(ended.action.facts["substitution"])


async def test_a_substitute_is_asked_for_what_is_pending_in_the_place_of_the_absent(
    house: House, people: tuple[Person, ...]
) -> None:
    anne, bruno, chloe = people
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    await name(house, chloe)
    now = await house.sheet(sheet.id)
    assert mine(now, anne).status is ChallengeStatus.CLOSED
    assert mine(now, bruno).seat == Seat(group="A", in_place_of=anne.user.id)
    assert (await approve(house, now, bruno)).action.status is ActionStatus.APPROVED


async def test_the_period_over_the_absent_is_asked_again_and_the_substitute_no_longer(
    house: House, people: tuple[Person, ...]
) -> None:
    anne, bruno, chloe = people
    await name(house, chloe, {**NAME, "until": "2026-11-23"})
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    assert [each.user_id for each in sheet.challenges] == [bruno.user.id]
    house.clock.move_to(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))
    await house.sweeping.sweep()
    now = await house.sheet(sheet.id)
    assert mine(now, bruno).status is ChallengeStatus.CLOSED
    assert mine(now, anne).status is ChallengeStatus.OPEN


async def test_a_substitution_that_is_ended_is_over_at_once(house: House, people: tuple[Person, ...]) -> None:
    anne, _, chloe = people
    substitution = await name(house, chloe)
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    end = {"change": "end", "substitution": substitution}
    await approve(house, await house.hold("substitute", end, "001"), chloe)
    assert mine(await house.sheet(sheet.id), anne).status is ChallengeStatus.OPEN
    with pytest.raises(NotFound):
        await house.hold("substitute", end, "001")


@pytest.mark.parametrize(
    ("wrong", "initiator", "refused"),
    [
        ({"absent": "002", "substitute": "001"}, "003", SubstituteLoop),
        ({"absent": "002", "substitute": "003"}, "001", SubstituteLoop),
        ({"absent": "001", "substitute": "003"}, "001", SubstituteTaken),
        ({"absent": "001", "substitute": "001"}, "003", SubstituteLoop),
        ({"absent": "003", "substitute": "009"}, "001", PersonNotHere),
        ({"from": "2026-11-22"}, "001", PeriodReversed),
        ({"until": "2026-11-22"}, "001", PeriodReversed),
        ({"until": None}, "001", InvalidRequest),
        ({"change": "end"}, "001", InvalidRequest),
        ({}, "002", SelfGranting),
    ],
)
async def test_a_loop_and_what_else_could_not_be_meant_is_refused(
    house: House,
    people: tuple[Person, ...],
    wrong: Mapping[str, Json],
    initiator: str,
    refused: type[ApprovalError],
) -> None:
    if "absent" in wrong:
        await name(house, people[2])
    with pytest.raises(refused):
        await house.hold("substitute", {**NAME, **wrong}, initiator)


async def test_who_signs_nothing_stands_in_for_nobody(house: House, people: tuple[Person, ...]) -> None:
    anne, _, chloe = people
    del anne
    await entitle(house, entitlement(chloe, "B", []))
    with pytest.raises(SubstitutePowerless):
        await house.hold("substitute", {**NAME, "substitute": "003"}, "002")


async def test_of_two_substitutes_named_at_once_the_second_fails(house: House, people: tuple[Person, ...]) -> None:
    _, bruno, chloe = people
    await entitle(house, entitlement(bruno, "B"))
    first = await house.hold("substitute", NAME, "001")
    second = await house.hold("substitute", {**NAME, "substitute": "003"}, "001")
    await approve(house, first, chloe)
    ended = await approve(house, second, bruno)
    assert (ended.action.status, ended.action.reason) == (ActionStatus.FAILED, "substitute_taken")
