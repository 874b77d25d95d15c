"""What people say was not them, over HTTP: said once, read and taken by their advisers."""

import pytest

from tests.house import CLIENT, House, Person
from tests.server.http.offices import Office, enter
from tests.server.http.site import Site
from tests.staff import Staff


@pytest.fixture
async def office(site: Site, house: House) -> Office:
    bankers = await Staff(house).found()
    return Office(site=site, denise=await enter(site, bankers[0]), farid=await enter(site, bankers[1]), bankers=bankers)


async def test_a_disavowal_reaches_the_adviser_who_takes_it(
    office: Office, site: Site, people: tuple[Person, Person, Person]
) -> None:
    opened = await site.hold()
    anne = await site.sign_in(people[0])
    challenge = (await anne.get(f"/v1/actions/{opened.text('id')}")).node("challenge")["id"]
    for _ in range(2):
        disavowed = await anne.post(f"/v1/challenges/{challenge}/disavowal")
        assert (disavowed.status, disavowed.body["status"]) == (200, "refused")
    (alert,) = (await office.denise.get("/v1/alerts")).items("items")
    assert (alert["kind"], alert["found"], alert["taken_by"]) == ("action_disavowed", "open", None)
    assert (alert["client_identifier"], alert["action"]) == (CLIENT, opened.text("id"))
    taken = await office.denise.post(f"/v1/alerts/{alert['id']}/taking")
    assert taken.body["taken_by"] == office.bankers[0].user.id
    late = await office.farid.post(f"/v1/alerts/{alert['id']}/taking")
    assert (late.status, late.code) == (409, "alert_taken")


async def test_customers_read_no_alerts(site: Site, people: tuple[Person, Person, Person]) -> None:
    anne = await site.sign_in(people[0])
    assert (await anne.get("/v1/alerts")).status == 403
