import asyncio
from datetime import date

from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.builders import COMPANY, add_company
from tests.server.cli.conftest import Operator


def with_company(operator: Operator) -> Operator:
    async def run() -> None:
        database = await open_database(operator.database_url)
        try:
            await SqlBook(database).transaction(add_company)
        finally:
            await database.close()

    asyncio.run(run())
    return operator


def opted_out(operator: Operator) -> date | None:
    async def look(ledger: Ledger) -> date | None:
        return await ledger.preparations.opted_out(COMPANY)

    async def run() -> date | None:
        database = await open_database(operator.database_url)
        try:
            return await SqlBook(database).reading(look)
        finally:
            await database.close()

    return asyncio.run(run())


def test_a_company_s_renunciation_is_written_down_and_taken_back(house: Operator) -> None:
    operator = with_company(house)
    assert opted_out(operator) is None
    assert "since 2026-01-15" in operator.types("payee-checks", "opt-out", "12345678", "--since", "2026-01-15").text
    assert opted_out(operator) == date(2026, 1, 15)
    assert operator.types("payee-checks", "opt-in", "12345678").refusal is None
    assert opted_out(operator) is None


def test_an_unknown_company_or_a_day_to_come_is_refused(house: Operator) -> None:
    operator = with_company(house)
    assert operator.types("payee-checks", "opt-in", "00000000").code == "not_found"
    late = operator.types("payee-checks", "opt-out", "12345678", "--since", "2999-01-01")
    assert late.code == "invalid_request"
    assert opted_out(operator) is None
