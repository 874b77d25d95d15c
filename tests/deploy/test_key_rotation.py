"""Two nodes run while the keyring is rotated under them; neither is restarted, neither refuses anybody."""

from pathlib import Path

from aiohttp import ClientSession

from approvals.store.book import SqlBook
from approvals.store.database import open_database
from deploy.demo.places import Places
from tests.demo_bank import SetUp
from tests.deploy.nodes import Bank, Node, running_bank


async def sign_in(session: ClientSession, bank: Bank, node: Node) -> int:
    """Sign in with code and card at one node: it opens the card's sealed number and the issuer's key."""
    async with session.post(f"{node.origin}/v1/sessions", json=bank.claim()) as response:
        return response.status


async def key_versions(places: Places) -> set[int]:
    """Which keys the card and the secrets of the house are sealed under."""
    database = await open_database(f"sqlite:///{places.database}")
    try:
        book = SqlBook(database)
        cards = await book.reading(lambda ledger: ledger.cards.browse(None, 100))
        secrets = await book.reading(lambda ledger: ledger.secrets.all())
    finally:
        await database.close()
    sealed = [*(card.pan_sealed for card in cards), *(secret.sealed for secret in secrets)]
    return {int.from_bytes(each[:4]) for each in sealed}


async def test_the_keyring_is_rotated_under_two_running_nodes(places: Places, demo_bank: SetUp) -> None:
    await demo_bank(places)
    async with running_bank(places, {}) as bank, ClientSession() as session:
        first, second = bank.nodes
        assert await sign_in(session, bank, first) == 201
        await bank.run("keys", "add-keyring-version")
        assert await sign_in(session, bank, first) == 201
        await bank.run("keys", "rotate-keyring")
        assert await key_versions(places) == {2}
        assert await sign_in(session, bank, first) == 201  # knew the card under the old key
        assert await sign_in(session, bank, second) == 201  # never saw it before
        drop_first_key(places.keyring)
        assert await sign_in(session, bank, second) == 201
    async with running_bank(places, {}) as bank, ClientSession() as session:
        assert await sign_in(session, bank, bank.nodes[0]) == 201  # knows the new key alone


def drop_first_key(file: Path) -> None:
    """Leave the newest line alone."""
    newest = file.read_text("ascii").splitlines()[-1]
    assert newest.startswith("2 ")
    file.write_text(f"{newest}\n", "ascii")
