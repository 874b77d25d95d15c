"""The stream is the same on both databases, whose own tests run on both: here one is enough."""

import pytest

from tests.postgresql import PostgresqlServer


@pytest.fixture
def server_if_any() -> PostgresqlServer | None:
    return None
