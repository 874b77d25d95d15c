from pathlib import Path

import pytest

from approvals.store.book import SqlBook
from tests.fakes import Directory
from tests.house import CHEQUEBOOK, CLIENT, PAYEE_IBAN, House, Person
from tests.joined_desks import Parts
from tests.remittance.files import make_file
from tests.server.http.site import Site
from tests.server.spec import Answered


@pytest.fixture
def house(sqlite_book: SqlBook, tmp_path: Path) -> House:
    directory = Directory({PAYEE_IBAN: "Menuiserie Goff"})
    return House(Parts(book=sqlite_book, folder=tmp_path, payee_check=directory))


async def send(site: Site, key: str | None = None) -> Answered:
    headers = {"Content-Type": "application/xml", **({"Idempotency-Key": key} if key else {})}
    query = {"client": CLIENT, "initiator": "003"}
    return await site.core.call("POST", "/v1/remittances", content=make_file(), headers=headers, query=query)


async def test_a_file_whose_payees_are_asked_about_is_accepted_and_its_progress_shown(site: Site) -> None:
    accepted = await send(site)
    assert (accepted.status, accepted.body["status"], accepted.body["actions"]) == (202, "checking", [])
    assert (accepted.body["done"], accepted.body["total"]) == (0, 3)
    assert (await site.core.get("/v1/actions")).items() == []
    assert await site.house.preparations.advance()
    address = f"/v1/preparations/{accepted.text('id')}"
    half = await site.core.get(address)
    assert (half.body["status"], half.body["done"]) == ("checking", 3)
    assert half.body["answers"] == {"MTCH": 0, "CMTC": 0, "NMTC": 0, "NOAP": 3}
    assert await site.house.preparations.advance()
    done = await site.core.get(address)
    assert done.body["status"] == "opened"
    (action,) = done.items("actions")
    assert (action["kind"], action["status"]) == ("remittance", "pending")


async def test_a_beneficiary_is_accepted_too_and_the_name_returned_is_in_the_text(
    site: Site, people: tuple[Person, ...]
) -> None:
    accepted = await site.hold()
    assert accepted.status == 202
    while await site.house.preparations.advance():
        pass
    done = await site.core.get(f"/v1/preparations/{accepted.text('id')}", language="en")
    (shown,) = done.items("actions")
    anne = await site.sign_in(people[0])
    mine = await anne.get(f"/v1/actions/{shown['id']}")
    assert "nom proche, le compte est celui de Menuiserie Goff" in mine.content.decode()


async def test_what_needs_no_check_is_created_at_once(site: Site) -> None:
    held = await site.hold(kind="chequebook", payload=CHEQUEBOOK)
    assert (held.status, held.body["status"]) == (201, "pending")


async def test_a_repeat_is_answered_as_its_first_time_and_shows_what_became_of_it(site: Site) -> None:
    first = await send(site, "file-1")
    while await site.house.preparations.advance():
        pass
    repeat = await send(site, "file-1")
    assert (repeat.status, repeat.headers["Idempotency-Replayed"]) == (202, "true")
    assert (repeat.body["id"], repeat.body["status"]) == (first.body["id"], "opened")
    assert len(repeat.items("actions")) == 1


async def test_a_preparation_is_withdrawn_twice_is_once_and_then_no_action_comes(site: Site) -> None:
    accepted = await send(site)
    address = f"/v1/preparations/{accepted.text('id')}/withdrawal"
    assert (await site.core.post(address)).body["status"] == "withdrawn"
    assert (await site.core.post(address)).body["status"] == "withdrawn"
    assert not await site.house.preparations.advance()
    assert (await site.core.get("/v1/actions")).items() == []


async def test_one_that_is_open_is_withdrawn_no_more(site: Site) -> None:
    accepted = await send(site)
    while await site.house.preparations.advance():
        pass
    refused = await site.core.post(f"/v1/preparations/{accepted.text('id')}/withdrawal")
    assert (refused.status, refused.code, refused.body["state"]) == (409, "preparation_closed", "opened")


async def test_people_see_only_what_they_started(site: Site, people: tuple[Person, ...]) -> None:
    accepted = await send(site)
    anne, chloe = await site.sign_in(people[0]), await site.sign_in(people[2])
    address = f"/v1/preparations/{accepted.text('id')}"
    assert (await chloe.get(address)).status == 200, "the file was sent in her name"
    assert (await anne.get(address)).code == "not_found"
    assert (await chloe.post(f"{address}/withdrawal")).code == "not_found"
