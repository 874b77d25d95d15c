import asyncio
from dataclasses import replace

from approvals.credentials.card_order import messages
from approvals.model.card_order import Maker
from approvals.model.release import DeliveryStatus
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.builders import NOW, add_company
from tests.server.cli.conftest import Operator
from tests.store.test_cards import make_order


def add_order(operator: Operator) -> None:
    """One order whose message to the PIN printer was given up."""

    async def work(ledger: Ledger) -> None:
        await add_company(ledger, ["usr_anna"])
        await ledger.card_orders.add(make_order("crd_1"))
        for maker, message in messages(make_order("crd_1"), NOW).items():
            given_up = replace(message, status=DeliveryStatus.GIVEN_UP, last_error="http_503", attempts=60)
            await ledger.outboxes.add(maker, given_up if maker is Maker.PIN_PRINTER else message)

    async def run() -> None:
        database = await open_database(operator.database_url)
        try:
            await SqlBook(database).transaction(work)
        finally:
            await database.close()

    asyncio.run(run())


def test_orders_are_listed_with_where_card_and_pin_are(house: Operator) -> None:
    add_order(house)
    (line,) = [line for line in house.types("cards", "orders").text.splitlines() if "crd_1" in line]
    assert {"secur_acces", "12345678", "anna", "blocked", "branch", "ordered"} <= set(line.split())
    assert "crd_1" in house.types("cards", "orders", "--not-produced").text
    assert "crd_1" not in house.types("cards", "orders", "--produced").text
    assert "crd_1" not in house.types("cards", "orders", "--kind", "professional").text


def test_a_message_given_up_is_listed_for_its_maker_alone_and_due_again_after_resend(house: Operator) -> None:
    add_order(house)
    (line,) = [line for line in house.types("cards", "messages", "pin_printer").text.splitlines() if "crd_1" in line]
    assert "http_503" in line
    assert "crd_1" not in house.types("cards", "messages", "manufacturer").text
    message_id = line.split()[0]
    assert f"{message_id} due" in house.types("cards", "resend", "pin_printer", message_id).text
    assert message_id in house.types("cards", "messages", "pin_printer", "--status", "due").text
    assert house.types("cards", "resend", "manufacturer", message_id).code == "not_found"


def test_each_neighbour_has_a_webhook_secret_of_its_own(house: Operator) -> None:
    secrets = set()
    for neighbour in ("core", "manufacturer", "pin_printer"):
        file = house.folder / f"{neighbour}.secret"
        assert house.types("keys", "export-webhook", "--to", neighbour, "--output", str(file)).refusal is None
        secrets.add(file.read_text())
    assert len(secrets) == 3
