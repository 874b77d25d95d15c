from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from approvals.store.book import SqlBook
from approvals.store.database import open_database
from approvals.store.migrate import migrate
from tests.house import House, Person
from tests.joined_desks import Parts
from tests.server.http.site import Site, serving


@pytest.fixture
async def sqlite_book(tmp_path: Path) -> AsyncIterator[SqlBook]:
    """One database is enough here: the store's own suite runs on both."""
    database = await open_database(f"sqlite:///{tmp_path / 'house.db'}")
    await migrate(database)
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
