"""A bank whose desks announce to live connections.

The stream is the same on both databases, whose own tests run on both: here one is enough.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from approvals.store.book import SqlBook
from tests.channels.stream import Enrolled, Served, StreamingHouse, Ways, enrol, serving
from tests.house import Person
from tests.joined_desks import Parts
from tests.postgresql import PostgresqlServer


@pytest.fixture
def server_if_any() -> PostgresqlServer | None:
    return None


@pytest.fixture
def house(book: SqlBook, tmp_path: Path) -> StreamingHouse:
    return StreamingHouse(Parts(book=book, folder=tmp_path))


@pytest.fixture
async def people(house: StreamingHouse) -> tuple[Person, Person, Person]:
    return await house.found()


@pytest.fixture
async def anne(house: StreamingHouse, people: tuple[Person, Person, Person]) -> Enrolled:
    return await enrol(house, people[0])


@pytest.fixture
async def bruno(house: StreamingHouse, people: tuple[Person, Person, Person]) -> Enrolled:
    return await enrol(house, people[1])


@pytest.fixture
async def served(house: StreamingHouse) -> AsyncIterator[Served]:
    async with serving(house, Ways(page=3)) as running:
        yield running
