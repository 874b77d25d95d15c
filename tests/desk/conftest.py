from pathlib import Path

import pytest

from approvals.store.book import SqlBook
from tests.house import House
from tests.joined_desks import Parts


@pytest.fixture
def house(book: SqlBook, tmp_path: Path) -> House:
    return House(Parts(book=book, folder=tmp_path))
