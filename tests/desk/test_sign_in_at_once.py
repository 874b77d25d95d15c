"""Confidential codes offered at once on a known device, and checks that never end (RULES 7), on both databases."""

import asyncio
from pathlib import Path

import pytest
from typing_extensions import override

from approvals.model.person import UserStatus
from approvals.store.book import SqlBook
from tests.house import House, request_of
from tests.joined_desks import Parts


class CountingHasher:
    """Says no, slowly enough that all come at once; counts what it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def hash(self, code: str) -> str:
        return code

    async def verify(self, code_hash: str | None, code: str) -> bool:
        assert code_hash
        self.asked += 1
        await asyncio.sleep(0.2)
        return code == "the right one"


async def test_forty_guesses_of_a_code_at_once_buy_only_five_checks(book: SqlBook, tmp_path: Path) -> None:
    house = House(Parts(book=book, folder=tmp_path))
    anne, _, _ = await house.found()
    _, device_id = await house.enrol(anne)
    guessed = House(Parts(book=book, folder=tmp_path, hasher=(hasher := CountingHasher())))
    requests = [request_of(anne, code="000000", device=await house.claim(anne, device_id)) for _ in range(40)]
    outcomes = await asyncio.gather(*map(guessed.access.sign_in, requests), return_exceptions=True)
    assert {type(outcome).__name__ for outcome in outcomes} <= {"SignInRefused", "NoAttemptLeft", "PersonLocked"}
    assert hasher.asked == 5
    assert (await house.user(anne)).status is UserStatus.LOCKED


async def test_one_right_code_among_wrong_ones_at_once_locks_nobody(book: SqlBook, tmp_path: Path) -> None:
    house = House(Parts(book=book, folder=tmp_path))
    anne, _, _ = await house.found()
    _, device_id = await house.enrol(anne)
    guessed = House(Parts(book=book, folder=tmp_path, hasher=CountingHasher()))
    codes = ["the right one", "000000", "000001", "000002", "000003"]
    requests = [request_of(anne, code=code, device=await house.claim(anne, device_id)) for code in codes]
    outcomes = await asyncio.gather(*map(guessed.access.sign_in, requests), return_exceptions=True)
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert (await house.user(anne)).status is UserStatus.ACTIVE


class VanishingHasher(CountingHasher):
    """The process dies during the check."""

    @override
    async def verify(self, code_hash: str | None, code: str) -> bool:
        raise ConnectionError


async def test_a_check_that_never_ended_gives_its_attempt_back(book: SqlBook, tmp_path: Path) -> None:
    house = House(Parts(book=book, folder=tmp_path))
    anne, _, _ = await house.found()
    _, device_id = await house.enrol(anne)
    dying = House(Parts(book=book, folder=tmp_path, hasher=VanishingHasher()))
    with pytest.raises(ConnectionError):
        await dying.access.sign_in(request_of(anne, device=await house.claim(anne, device_id)))
    assert (await house.user(anne)).attempts_left == 4
    house.clock.advance(minutes=1)
    await house.sweeping.sweep()
    assert (await house.user(anne)).attempts_left == 5
