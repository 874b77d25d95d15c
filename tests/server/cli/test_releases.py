import asyncio
from dataclasses import replace

from approvals.model.action import ActionStatus
from approvals.model.release import DeliveryStatus
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.builders import add_company, add_pending, make_action, make_release
from tests.server.cli.conftest import Operator


def add_release(operator: Operator, action_id: str, status: DeliveryStatus) -> None:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, ["usr_1"])
        await add_pending(ledger, replace(make_action(action_id), status=ActionStatus.APPROVED), ["usr_1"])
        await ledger.releases.add(replace(make_release(action_id), status=status, last_error="http_500", attempts=60))

    async def run() -> None:
        database = await open_database(operator.database_url)
        try:
            await SqlBook(database).transaction(work)
        finally:
            await database.close()

    asyncio.run(run())


def test_a_delivery_given_up_is_listed_with_its_reason(house: Operator) -> None:
    add_release(house, "act_1", DeliveryStatus.GIVEN_UP)
    (line,) = [line for line in house.types("releases", "list").text.splitlines() if "rel_act_1" in line]
    assert "http_500" in line
    assert "rel_act_1" not in house.types("releases", "list", "--status", "due").text


def test_a_delivery_given_up_is_due_again_after_resend(house: Operator) -> None:
    add_release(house, "act_1", DeliveryStatus.GIVEN_UP)
    assert "rel_act_1 due" in house.types("releases", "resend", "rel_act_1").text
    assert "rel_act_1" in house.types("releases", "list", "--status", "due").text


def test_a_delivered_one_stays_delivered(house: Operator) -> None:
    add_release(house, "act_1", DeliveryStatus.DELIVERED)
    assert "rel_act_1 delivered" in house.types("releases", "resend", "rel_act_1").text


def test_an_unknown_release_is_refused(house: Operator) -> None:
    assert house.types("releases", "resend", "rel_unknown").code == "not_found"
