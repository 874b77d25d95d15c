"""An unknown person and a wrong code take the same time (RULES 9, issue: 200 tries each, medians within 10 %).

Noise of a busy machine falls on both alike: they alternate, in turns that swap who comes first, and only medians are
compared. Where the medians still differ, as many tries again are pooled with the first: noise shrinks with the number
of tries, a difference the code makes does not.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeAlias

import pytest

from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.model.change import DoorOpened
from approvals.model.ids import UserId
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from tests.desk.letters import order
from tests.house import CLIENT, House, Person
from tests.joined_desks import Parts
from tests.server.http.site import Site, serving

TRIES = 200
ROUNDS = 3
CLOSE = 0.10
WRONG_LETTER = {"secret": "0000-0000-0000-0000", "code": "840271"}
Form: TypeAlias = dict[str, str]
Claims: TypeAlias = Callable[[int], Form]
"""What is typed at the nth try."""


async def settle(house: House) -> None:
    """Let the house forget who failed, so that every try is the first: its waits and doors are others' tests."""

    async def work(ledger: Ledger) -> None:
        await ledger.failures.sweep(house.clock.now())
        await ledger.changes.apply(DoorOpened(user_id=UserId("usr_1")), house.clock.now())

    house.clock.advance(minutes=10)
    await house.book.transaction(work)


async def timed(site: Site, path: str, claim: Form) -> float:
    """Seconds one answer takes that lets nobody in."""
    await settle(site.house)
    began = perf_counter()
    answered = await site.nobody.post(path, claim)
    took = perf_counter() - began
    assert answered.status == (201 if path == "/v1/confirmations" else 401)
    return took


async def difference(site: Site, path: str, one: Claims, other: Claims, *, tries: int = 60) -> float:
    """Return by how much the medians differ, as a part of the smaller."""
    times: tuple[list[float], list[float]] = ([], [])
    apart = 1.0
    for _ in range(ROUNDS):
        for n in range(tries):
            turns = [(one, times[0]), (other, times[1])]
            for claims_of, taken in turns if n % 2 else reversed(turns):
                taken.append(await timed(site, path, claims_of(n)))
        low, high = sorted(map(median, times))
        apart = high / low - 1
        if apart <= CLOSE:
            break
    return apart


@pytest.fixture
async def hashed(site: Site, people: Sequence[Person]) -> Site:
    """People's codes are hashed as the product hashes them, not as cheaply as other tests may."""
    hasher = ConfidentialCodes()
    user = await site.house.user(people[0])
    code_hash = await hasher.hash("739164")
    hasher.close()
    await site.house.book.transaction(lambda ledger: ledger.people.save_user(replace(user, code_hash=code_hash)))
    return site


def claims(people: Sequence[Person], **typed: str) -> tuple[Claims, Claims]:
    """What is typed for somebody who exists, and for somebody who does not: another number each time."""
    known = {"client_identifier": CLIENT, "user_number": people[0].user.number, **typed}
    return lambda _: known, lambda n: {**known, "user_number": f"9{n}"}


@pytest.mark.alone
async def test_an_unknown_person_and_a_wrong_code_take_the_same_time(hashed: Site, people: Sequence[Person]) -> None:
    known, unknown = claims(people, code="000000")
    assert await difference(hashed, "/v1/sessions", known, unknown, tries=TRIES) <= CLOSE


@pytest.mark.alone
async def test_an_unknown_person_and_a_wrong_card_code_alone_take_the_same_time(
    sqlite_book: SqlBook, tmp_path: Path
) -> None:
    house = House(Parts(book=sqlite_book, folder=tmp_path, profile="mastercard-cap-tree"))
    people = await house.found()
    known, unknown = claims(people, cap=people[0].wrong().code)
    async with serving(house) as site:
        assert await difference(site, "/v1/sessions", known, unknown, tries=TRIES) <= CLOSE


@pytest.mark.alone
async def test_a_first_entry_refused_takes_the_same_time_for_nobody(hashed: Site, people: Sequence[Person]) -> None:
    await order(hashed.house, people[0])
    known, unknown = claims(people, **WRONG_LETTER)
    assert await difference(hashed, "/v1/activations", known, unknown) <= CLOSE


@pytest.mark.alone
async def test_asking_somebodys_phone_takes_the_same_time_for_nobody(hashed: Site, people: Sequence[Person]) -> None:
    known, unknown = claims(people)
    assert await difference(hashed, "/v1/confirmations", known, unknown) <= CLOSE
