from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from approvals.store.book import SqlBook
from tests.house import House, Person
from tests.joined_desks import Parts
from tests.migrated import open_migrated
from tests.server.http.site import Site, serving


@pytest.fixture
async def sqlite_book(tmp_path: Path) -> AsyncIterator[SqlBook]:
    """One database is enough here: the store's own suite runs on both."""
    database = await open_migrated(tmp_path / "house.db")
    yield SqlBook(database)
    await database.close()


@pytest.fixture
def house(sqlite_book: SqlBook, tmp_path: Path) -> House:
    return House(Parts(book=sqlite_book, folder=tmp_path))


@pytest.fixture
async def people(house: House) -> tuple[Person, Person, Person]:
    """Anne and Bruno sign, each alone; Chloé starts actions."""
    return await house.found()


@pytest.fixture
async def site(house: House, people: tuple[Person, Person, Person]) -> AsyncIterator[Site]:
    assert people
    async with serving(house) as served:
        yield served
