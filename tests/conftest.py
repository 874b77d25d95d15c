"""Fixtures every room may use: a Book on each of the two databases, both real."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from approvals.store.book import SqlBook
from approvals.store.database import Database, open_database
from tests.migrated import open_migrated
from tests.postgresql import PostgresqlServer, running_server
from tests.soft_token import SoftTokens

pytest_plugins = ["tests.demo_bank", "tests.log_watch", "tests.times", "tests.workers"]

# How long one example takes is the machine's affair; the tests that promise a time measure it themselves.
settings.register_profile("contreseing", deadline=None)
settings.load_profile("contreseing")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def server_if_any(request: pytest.FixtureRequest) -> PostgresqlServer | None:
    """The PostgreSQL server, started only for a test that asks for it; None for SQLite."""
    if request.param == "sqlite":
        return None
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    return server


@pytest.fixture
async def database_url(server_if_any: PostgresqlServer | None, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database with no rows, on each kind in turn."""
    if server_if_any is None:
        yield f"sqlite:///{tmp_path / 'contreseing.sqlite3'}"
        return
    url = await server_if_any.borrow_database()
    yield url
    await server_if_any.give_back(url)


@pytest.fixture
async def database(database_url: str, server_if_any: PostgresqlServer | None) -> AsyncIterator[Database]:
    """The same, with every migration."""
    if server_if_any is None:
        opened = await open_migrated(Path(database_url.removeprefix("sqlite:///")))
    else:
        opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def book(database: Database) -> SqlBook:
    return SqlBook(database)


@pytest.fixture(scope="session")
def soft_tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftTokens]:
    """The one store of tokens of this process: SoftHSM2 reads where it is when it is loaded."""
    tokens = SoftTokens(folder=tmp_path_factory.mktemp("softhsm"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", tokens.environment["SOFTHSM2_CONF"])
        yield tokens
