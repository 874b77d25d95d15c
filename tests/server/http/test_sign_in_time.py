"""An unknown person and a wrong code take the same time (RULES 9, issue: 200 tries each, medians within 10 %).

Noise of a busy machine falls on both alike: they alternate, in turns that swap who comes first, and only medians are
compared. Where the medians still differ, as many tries again are pooled with the first: noise shrinks with the number
of tries, a difference the code makes does not.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.model.change import DoorOpened
from approvals.model.ids import UserId
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from tests.house import CLIENT, House, Parts, Person
from tests.server.http.site import Site, serving

TRIES = 200
ROUNDS = 3
CLOSE = 0.10
Form = dict[str, str]


async def settle(house: House) -> None:
    """Let the house forget who failed, so that every try is the first: its waits and doors are others' tests."""

    async def work(ledger: Ledger) -> None:
        await ledger.failures.sweep(house.clock.now())
        await ledger.changes.apply(DoorOpened(user_id=UserId("usr_1")), house.clock.now())

    house.clock.advance(minutes=10)
    await house.book.transaction(work)


async def timed(site: Site, claim: Form) -> float:
    """Seconds one refused sign-in takes."""
    await settle(site.house)
    began = perf_counter()
    answered = await site.nobody.post("/v1/sessions", claim)
    took = perf_counter() - began
    assert answered.code == "sign_in_refused"
    return took


async def compare(one: Callable[[int], Awaitable[float]], other: Callable[[int], Awaitable[float]]) -> float:
    """Return by how much the medians differ, as a part of the smaller."""
    times: tuple[list[float], list[float]] = ([], [])
    difference = 1.0
    for _ in range(ROUNDS):
        for n in range(TRIES):
            first, second = ((one, 0), (other, 1)) if n % 2 else ((other, 1), (one, 0))
            times[first[1]].append(await first[0](n))
            times[second[1]].append(await second[0](n))
        low, high = sorted((median(times[0]), median(times[1])))
        difference = high / low - 1
        if difference <= CLOSE:
            break
    return difference


@pytest.fixture
async def hashed(site: Site, people: Sequence[Person]) -> Site:
    """People's codes are hashed as the product hashes them, not as cheaply as other tests may."""
    hasher = ConfidentialCodes()
    user = await site.house.user(people[0])
    code_hash = await hasher.hash("739164")
    hasher.close()
    await site.house.book.transaction(lambda ledger: ledger.people.save_user(replace(user, code_hash=code_hash)))
    return site


def claims(people: Sequence[Person], **typed: str) -> tuple[Callable[[int], Form], Callable[[int], Form]]:
    """What is typed for somebody who exists, and for somebody who does not: another number each time."""
    known = {"client_identifier": CLIENT, "user_number": people[0].user.number, **typed}
    return lambda _: known, lambda n: {**known, "user_number": f"9{n}"}


async def test_an_unknown_person_and_a_wrong_code_take_the_same_time(hashed: Site, people: Sequence[Person]) -> None:
    known, unknown = claims(people, code="000000")
    difference = await compare(lambda n: timed(hashed, known(n)), lambda n: timed(hashed, unknown(n)))
    assert difference <= CLOSE


async def test_an_unknown_person_and_a_wrong_card_code_alone_take_the_same_time(
    sqlite_book: SqlBook, tmp_path: Path
) -> None:
    house = House(Parts(book=sqlite_book, folder=tmp_path, profile="mastercard-cap-tree"))
    people = await house.found()
    known, unknown = claims(people, cap=people[0].wrong().code)
    async with serving(house) as site:
        difference = await compare(lambda n: timed(site, known(n)), lambda n: timed(site, unknown(n)))
    assert difference <= CLOSE
