"""What most commands need: the database of this installation, and its keyring."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from approvals.desk.house import HouseDesk
from approvals.keys.canaries import CANARY, require_canaries
from approvals.keys.keyring import Keyring, read_key_file
from approvals.ports.book import Book
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from approvals.store.migrate import require_schema
from server.clock import SystemClock
from server.ids import RandomIds
from server.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One installation, opened for a command."""

    book: Book
    clock: SystemClock
    ids: RandomIds

    @property
    def desk(self) -> HouseDesk:
        return HouseDesk(book=self.book, clock=self.clock, ids=self.ids)


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Open the database. Raises SchemaUnknown unless its schema is the one this version knows."""
    database = await open_database(settings.database.url)
    try:
        await require_schema(database)
        clock = SystemClock()
        yield House(book=SqlBook(database), clock=clock, ids=RandomIds(clock))
    finally:
        await database.close()


async def open_keyring(settings: Settings, house: House) -> Keyring:
    """Read the key file, and check that the database's secrets are sealed under it. Raises KeyringError."""
    keyring = read_key_file(Path(settings.keyring.file))
    require_canaries(keyring, await house.desk.secrets(CANARY))
    return keyring
