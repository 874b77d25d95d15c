import asyncio
from functools import partial
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from approvals.desk.house import HouseDesk, require_identity
from approvals.errors import CapProfileError, DemoStampMismatch, HouseMismatch, KeyringError, SchemaUnknown
from approvals.keys.house_secrets import make_house_secrets, make_issuer_key
from approvals.keys.keyring import read_key_file
from approvals.keys.push_secrets import VAPID
from approvals.ports.book import Ledger
from approvals.ports.vault import SealedSecret
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from approvals.store.migrate import migrate
from server.clock import SystemClock
from server.foundation import identity_of, open_foundation, require_house
from server.ids import RandomIds
from server.settings import (
    ApprovalSettings,
    DatabaseSettings,
    KeyringSettings,
    ProfileSettings,
    PushSettings,
    ServerSettings,
    Settings,
)

PUBLISHED = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
OWN = bytes.fromhex("8F1D4C0AB7E93562D0C48B7A61F52E93")


def make_key_file(folder: Path, name: str = "keyring.txt", key: str = "A" * 43) -> Path:
    file = folder / name
    file.touch(mode=0o600)
    file.write_text(f"1 {key}\n")
    return file


def settings_of(folder: Path, key_file: Path, profiles: Path | None = None) -> Settings:
    return Settings(
        database=DatabaseSettings(url=f"sqlite:///{folder / 'house.db'}"),
        keyring=KeyringSettings(file=str(key_file)),
        profiles=ProfileSettings(file=str(profiles) if profiles else None),
    )


async def set_up(settings: Settings, *, demo: bool = False, issuer_key: bytes = OWN) -> None:
    """Migrate, and keep what `keys init` and `keys import-issuer` keep."""
    database = await open_database(settings.database.url)
    await migrate(database, demo=demo)
    clock = SystemClock()
    keyring = read_key_file(Path(settings.keyring.file))
    desk = HouseDesk(book=SqlBook(database), clock=clock, ids=RandomIds(clock))
    secrets = make_house_secrets(keyring, clock.now())
    issuer = make_issuer_key(keyring, "maker", 1, issuer_key, clock.now())
    await desk.keep([*secrets, issuer], code="house_made")
    await database.close()


async def test_a_house_with_its_own_keys_opens(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(settings)
    async with open_foundation(settings, demo=False) as foundation:
        assert len(foundation.vault.linking) == 32
        assert foundation.vault.webhook.startswith("whsec_")
        assert set(foundation.vault.issuer_keys) == {("maker", 1)}


async def test_a_database_that_was_never_migrated_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaUnknown, match="contreseing migrate"):
        async with open_foundation(settings_of(tmp_path, make_key_file(tmp_path)), demo=False):
            pass


async def test_a_demo_database_is_served_as_a_demo_only(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(settings, demo=True)
    with pytest.raises(DemoStampMismatch, match="--demo"):
        async with open_foundation(settings, demo=False):
            pass
    async with open_foundation(settings, demo=True) as foundation:
        assert foundation.profiles


async def test_a_real_database_is_never_served_as_a_demo(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(settings)
    with pytest.raises(DemoStampMismatch, match="without --demo"):
        async with open_foundation(settings, demo=True):
            pass


async def test_another_key_file_than_the_houses_is_refused(tmp_path: Path) -> None:
    await set_up(settings_of(tmp_path, make_key_file(tmp_path)))
    other = make_key_file(tmp_path, "other.txt", "B" * 43)
    with pytest.raises(KeyringError, match="wrong file"):
        async with open_foundation(settings_of(tmp_path, other), demo=False):
            pass


async def test_a_key_file_others_may_read_is_refused(tmp_path: Path) -> None:
    key_file = make_key_file(tmp_path)
    await set_up(settings_of(tmp_path, key_file))
    key_file.chmod(0o644)
    with pytest.raises(KeyringError, match="0600"):
        async with open_foundation(settings_of(tmp_path, key_file), demo=False):
            pass


async def test_a_house_older_than_web_push_says_how_it_gets_its_key(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(settings)
    await forget(settings, VAPID)
    async with open_foundation(settings, demo=False) as foundation:
        assert foundation.vault.vapid is None
    wanted = msgspec.structs.replace(settings, push=PushSettings(contact="mailto:push@bank.test"))
    with pytest.raises(KeyringError, match="keys init"):
        async with open_foundation(wanted, demo=False):
            pass


async def forget(settings: Settings, kind: str) -> None:
    """Drop a secret, as if the house had been made before there was such a kind."""
    database = await open_database(settings.database.url)
    book = SqlBook(database)
    for secret in await book.reading(lambda ledger: ledger.secrets.of_kind(kind)):
        await book.transaction(partial(_drop, secret=secret))
    await database.close()


async def _drop(ledger: Ledger, *, secret: SealedSecret) -> None:
    await ledger.secrets.drop(secret)


async def test_a_published_test_key_is_refused_outside_a_demo(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(settings, issuer_key=PUBLISHED)
    with pytest.raises(KeyringError, match="published test key"):
        async with open_foundation(settings, demo=False):
            pass


async def test_a_published_test_key_serves_a_demo(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(settings, demo=True, issuer_key=PUBLISHED)
    async with open_foundation(settings, demo=True) as foundation:
        assert set(foundation.vault.issuer_keys) == {("maker", 1)}


async def test_profiles_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path), tmp_path / "none.toml")
    with pytest.raises(CapProfileError, match="No such file"):
        async with open_foundation(settings, demo=False):
            pass


async def test_the_first_node_says_what_the_others_are_held_to(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(settings)
    async with open_foundation(settings, demo=False):
        pass
    for other, named in (
        (replace(settings, approvals=ApprovalSettings(environment="rehearsal")), "another environment:"),
        (replace(settings, approvals=ApprovalSettings(issuer="elsewhere")), "another issuer:"),
        (replace(settings, approvals=ApprovalSettings(audience="elsewhere")), "another audience:"),
        (replace(settings, server=ServerSettings(public_origin="https://elsewhere.test")), "another origin:"),
    ):
        with pytest.raises(HouseMismatch, match=named):
            async with open_foundation(other, demo=False):
                pass
    async with open_foundation(settings, demo=False) as foundation:
        await require_house(foundation)


async def test_a_node_under_which_the_house_is_restamped_may_serve_no_more(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    await set_up(settings)
    moved = replace(settings, server=ServerSettings(public_origin="https://elsewhere.test"))
    async with open_foundation(settings, demo=False) as foundation:
        desk = HouseDesk(book=foundation.book, clock=foundation.clock, ids=foundation.ids)
        await desk.restamp(identity_of(moved))
        with pytest.raises(HouseMismatch, match="contreseing restamp"):
            await require_house(foundation)
    async with open_foundation(moved, demo=False):
        pass


async def test_two_first_nodes_at_once_agree(tmp_path: Path, book: SqlBook) -> None:
    """Whoever writes first, the other is held to it."""
    settings = settings_of(tmp_path, make_key_file(tmp_path))
    other = replace(settings, approvals=ApprovalSettings(environment="rehearsal"))
    tried = (require_identity(book, identity_of(each)) for each in (settings, other))
    refusals = [each for each in await asyncio.gather(*tried, return_exceptions=True) if each is not None]
    assert [type(refusal) for refusal in refusals] == [HouseMismatch]
