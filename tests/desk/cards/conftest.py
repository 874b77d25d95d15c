from pathlib import Path

import pytest

from approvals.store.book import SqlBook
from approvals.store.database import Database
from tests.house import House
from tests.joined_desks import Parts


@pytest.fixture
def audit() -> list[str]:
    """The codes of what the audit was told, once committed."""
    return []


@pytest.fixture
def house(database: Database, audit: list[str], tmp_path: Path) -> House:
    watched = SqlBook(database, [lambda entries: audit.extend(entry.code for entry in entries)])
    return House(Parts(book=watched, folder=tmp_path))
