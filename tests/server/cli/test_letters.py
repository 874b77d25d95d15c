"""Letters of activation, as an operator prints them."""

import asyncio
import stat

from approvals.model.change import ActivationRenewed
from approvals.model.ids import UserId
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.builders import NOW, add_company
from tests.server.cli.conftest import Operator


def order_letter(operator: Operator) -> None:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, ["usr_1"])
        await ledger.changes.apply(ActivationRenewed(user_id=UserId("usr_1")), NOW)

    async def run() -> None:
        database = await open_database(operator.database_url)
        try:
            await SqlBook(database).transaction(work)
        finally:
            await database.close()

    asyncio.run(run())


def test_a_letter_is_listed_printed_and_then_listed_as_printed(house: Operator) -> None:
    order_letter(house)
    (line,) = [line for line in house.types("letters", "list").text.splitlines() if "usr_1" in line]
    assert "12345678" in line
    letter = house.folder / "letter.txt"
    assert house.types("letters", "print", "usr_1", "--output", str(letter)).refusal is None
    assert stat.S_IMODE(letter.stat().st_mode) == 0o600
    text = letter.read_text("utf-8")
    assert "Code d'activation : " in text
    assert "12345678" not in text
    assert "usr_1" not in house.types("letters", "list").text
    assert "usr_1" in house.types("letters", "list", "--status", "printed").text


def test_the_secret_is_on_paper_alone(house: Operator) -> None:
    order_letter(house)
    letter = house.folder / "letter.txt"
    said = house.types("letters", "print", "usr_1", "--output", str(letter)).text
    secret = next(line for line in letter.read_text("utf-8").splitlines() if line.startswith("Code"))[-19:]
    assert len(secret.replace("-", "")) == 16
    assert secret not in said


def test_nothing_is_printed_where_a_file_is(house: Operator) -> None:
    order_letter(house)
    letter = house.folder / "letter.txt"
    letter.write_text("kept")
    assert house.types("letters", "print", "usr_1", "--output", str(letter)).code == "invalid_request"
    assert "usr_1" in house.types("letters", "list").text


def test_a_letter_nobody_ordered_is_refused(house: Operator) -> None:
    letter = str(house.folder / "letter.txt")
    assert house.types("letters", "print", "usr_9", "--output", letter).code == "not_found"


def test_who_prints_secrets_gets_no_other_scope(house: Operator) -> None:
    key = str(house.folder / "printer.key")
    both = ("keys", "add-api-key", "printer", "--scope", "letters", "--scope", "read", "--output", key)
    assert house.types(*both).code == "invalid_request"
    assert house.types("keys", "add-api-key", "printer", "--scope", "letters", "--output", key).refusal is None
