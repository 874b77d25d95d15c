import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from approvals.errors import NotFound
from approvals.ports.vault import SealedSecret
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.server.cli.conftest import Operator

ISSUER_KEY = "0123456789abcdeffedcba9876543210"


def secrets_of(operator: Operator, kind: str) -> Sequence[SealedSecret]:
    async def read() -> Sequence[SealedSecret]:
        database = await open_database(operator.database_url)
        try:
            return await SqlBook(database).reading(lambda ledger: ledger.secrets.of_kind(kind))
        finally:
            await database.close()

    return asyncio.run(read())


def test_init_makes_a_key_file_its_owner_alone_may_read(house: Operator) -> None:
    assert house.keyring.stat().st_mode & 0o777 == 0o600


def test_init_twice_keeps_what_the_house_has(house: Operator) -> None:
    key_file, signer = house.keyring.read_text(), secrets_of(house, "release")
    assert "already" in house.types("keys", "init").text
    assert house.keyring.read_text() == key_file
    assert secrets_of(house, "release") == signer


def test_init_again_gives_an_older_house_what_it_lacks(house: Operator) -> None:
    async def forget() -> None:
        database = await open_database(house.database_url)
        book = SqlBook(database)
        (vapid,) = await book.reading(lambda ledger: ledger.secrets.of_kind("vapid"))
        await book.transaction(lambda ledger: ledger.secrets.drop(vapid))
        await database.close()

    asyncio.run(forget())
    assert "made the VAPID key" in house.types("keys", "init").text
    (vapid,) = secrets_of(house, "vapid")
    assert "already" in house.types("keys", "init").text
    assert secrets_of(house, "vapid") == [vapid]


def test_init_before_migrate_says_what_to_run_first(operator: Operator) -> None:
    said = operator.types("keys", "init")
    assert said.code == "schema_unknown"
    assert "contreseing migrate" in str(said.refusal)


def test_init_with_another_key_file_is_refused(house: Operator) -> None:
    house.keyring.unlink()
    assert house.types("keys", "init").code == "keyring_invalid"


def test_nothing_secret_is_listed(house: Operator) -> None:
    token_file = house.folder / "core.key"
    assert house.types("keys", "add-api-key", "core", "--scope", "open", "--output", str(token_file)).refusal is None
    listed = house.types("keys", "list").text
    assert "core" in listed
    assert token_file.read_text().strip() not in listed
    for line in house.keyring.read_text().split():
        assert len(line) == 1 or line not in listed


def test_an_api_key_goes_to_a_new_file_of_its_owner(house: Operator) -> None:
    token_file = house.folder / "core.key"
    said = house.types("keys", "add-api-key", "core", "--scope", "open", "--scope", "read", "--output", str(token_file))
    token = token_file.read_text().strip()
    assert token.startswith("ctk_")
    assert token not in said.text
    assert token_file.stat().st_mode & 0o777 == 0o600


def test_an_api_key_is_not_made_when_its_file_is_there_already(house: Operator) -> None:
    token_file = house.folder / "core.key"
    token_file.write_text("something of somebody's")
    said = house.types("keys", "add-api-key", "core", "--scope", "open", "--output", str(token_file))
    assert said.code == "invalid_request"
    assert token_file.read_text() == "something of somebody's"
    assert "core" not in house.types("keys", "list").text


def test_a_revoked_api_key_stays_listed_with_its_end(house: Operator) -> None:
    house.types("keys", "add-api-key", "core", "--scope", "open", "--output", str(house.folder / "core.key"))
    (key_id,) = [word for word in house.types("keys", "list").text.split() if word.startswith("key_")]
    assert house.types("keys", "revoke-api-key", key_id).refusal is None
    (line,) = [line for line in house.types("keys", "list").text.splitlines() if key_id in line]
    assert not line.rstrip().endswith("-")
    assert isinstance(house.types("keys", "revoke-api-key", key_id).refusal, NotFound)


def test_a_rotated_release_key_joins_the_old_one(house: Operator) -> None:
    (old,) = secrets_of(house, "release")
    said = house.types("keys", "rotate-release")
    after = secrets_of(house, "release")
    (new,) = [key for key in after if key.id != old.id]
    assert old in after
    assert new.created_at >= old.created_at
    assert new.id in said.text


@pytest.mark.parametrize("from_file", [True, False])
def test_an_issuer_key_comes_from_a_file_or_a_prompt_and_is_never_shown(house: Operator, *, from_file: bool) -> None:
    file = house.folder / "issuer.hex"
    file.write_text(f"{ISSUER_KEY}\n")
    if from_file:
        said = house.types("keys", "import-issuer", "cards", "--version", "2", "--file", str(file))
    else:
        said = house.types("keys", "import-issuer", "cards", "--version", "2", prompted=f"{ISSUER_KEY}\n")
    (sealed,) = secrets_of(house, "issuer-key")
    assert (sealed.id, sealed.version) == ("cards", 2)
    assert ISSUER_KEY not in said.text
    assert bytes.fromhex(ISSUER_KEY) not in (house.folder / "contreseing.db").read_bytes()


@pytest.mark.parametrize("wrong", ["", "0123", ISSUER_KEY + "00", "g" * 32, "01 23" * 8, f"{ISSUER_KEY}\n{ISSUER_KEY}"])
def test_a_file_that_holds_no_issuer_key_is_refused_without_showing_it(house: Operator, wrong: str) -> None:
    file = house.folder / "issuer.hex"
    file.write_text(wrong)
    said = house.types("keys", "import-issuer", "cards", "--file", str(file))
    assert said.code == "invalid_request"
    assert not wrong or wrong not in str(said.refusal)
    assert secrets_of(house, "issuer-key") == []


def test_the_webhook_secret_goes_to_a_file(house: Operator, tmp_path: Path) -> None:
    file = tmp_path / "webhook.secret"
    said = house.types("keys", "export-webhook", "--output", str(file))
    assert said.refusal is None
    assert file.read_text().startswith("whsec_")
    assert file.read_text().strip() not in said.text
