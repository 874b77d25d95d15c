"""Files advisers offer, over HTTP: summed up, confirmed or declined, and what is refused."""

import pytest

from approvals.desk.conversations.offering import LARGEST_OFFERED
from tests.house import House, Person
from tests.remittance.files import make_file
from tests.server.http.offices import Office, enter
from tests.server.http.site import Site
from tests.server.spec import Answered, Api
from tests.staff import Staff


@pytest.fixture
async def office(site: Site, house: House) -> Office:
    bankers = await Staff(house).found()
    return Office(site=site, denise=await enter(site, bankers[0]), farid=await enter(site, bankers[1]), bankers=bankers)


@pytest.fixture
async def anne(site: Site, people: tuple[Person, Person, Person]) -> Api:
    return await site.sign_in(people[0])


async def claimed(anne: Api, office: Office) -> str:
    """The address of Anne's conversation, which Denise has."""
    await anne.post("/v1/conversation/adviser")
    path = f"/v1/conversations/{(await anne.get('/v1/conversation')).node('conversation')['id']}"
    await office.denise.post(f"{path}/claim")
    return path


async def send(adviser: Api, path: str, file: bytes, media_type: str = "application/xml") -> Answered:
    return await adviser.call("POST", f"{path}/files", content=file, headers={"Content-Type": media_type})


async def test_an_advisers_file_is_confirmed_by_its_person_who_is_its_initiator(anne: Api, office: Office) -> None:
    path = await claimed(anne, office)
    offered = await send(office.denise, path, make_file())
    assert (offered.status, offered.body["status"], offered.items("actions")[0]["kind"]) == (
        201,
        "offered",
        "remittance",
    )
    message = (await anne.get("/v1/conversation")).items("messages")[-1]
    assert (message["kind"], message["author"], message["subject"]) == ("file", "adviser", offered.body["id"])
    own = f"/v1/conversation/files/{offered.body['id']}"
    assert (await anne.get(own)).body == offered.body
    opened = await anne.post(f"{own}/confirmation")
    assert opened.status == 201
    (action,) = opened.items("actions")
    assert action["id"] == (await anne.post(f"{own}/confirmation")).items("actions")[0]["id"]
    assert (await anne.get(f"/v1/actions/{action['id']}")).node("initiator")["name"] == "Anne Morvan"
    shown = await office.denise.get(f"{path}/files/{offered.body['id']}")
    assert shown.body["status"] == "confirmed"
    assert (await anne.post(f"{own}/refusal")).code == "file_offer_over"


async def test_declined_or_taken_back_it_can_be_confirmed_no_more(anne: Api, office: Office) -> None:
    path = await claimed(anne, office)
    first = (await send(office.denise, path, make_file())).body["id"]
    assert (await send(office.denise, path, make_file())).code == "file_offered"
    assert (await anne.post(f"/v1/conversation/files/{first}/refusal")).status == 204
    second = (await send(office.denise, path, make_file())).body["id"]
    assert (await office.denise.post(f"{path}/files/{second}/withdrawal")).status == 204
    for each in (first, second):
        refused = await anne.post(f"/v1/conversation/files/{each}/confirmation")
        assert (refused.status, refused.code) == (409, "file_offer_over")
    subjects = [each["subject"] for each in (await anne.get("/v1/conversation")).items("messages")]
    assert subjects[-4:] == [first, "file_declined", second, "file_taken_back"]


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_files_that_cannot_be_taken_are_refused(anne: Api, office: Office) -> None:
    path = await claimed(anne, office)
    large = await send(office.denise, path, bytes(LARGEST_OFFERED + 1))
    assert (large.status, large.code) == (413, "payload_too_large")
    assert (await send(office.denise, path, b"PK", "application/zip")).status == 415
    assert (await send(office.denise, path, b"<cat/>")).status == 422
    assert (await send(office.farid, path, make_file())).code == "conversation_not_claimed"
    assert (await send(anne, path, make_file())).code == "advisers_only"
    assert (await send(office.denise, "/v1/conversations/cnv_none", make_file())).code == "not_found"


async def test_a_file_of_nobody_and_of_somebody_else_answer_the_same(
    anne: Api, office: Office, site: Site, people: tuple[Person, Person, Person]
) -> None:
    path = await claimed(anne, office)
    offered = (await send(office.denise, path, make_file())).body["id"]
    bruno = await site.sign_in(people[1])
    for file in (offered, "off_none"):
        assert (await bruno.get(f"/v1/conversation/files/{file}")).code == "not_found"
        assert (await bruno.post(f"/v1/conversation/files/{file}/confirmation")).code == "not_found"
        assert (await bruno.post(f"/v1/conversation/files/{file}/refusal")).code == "not_found"
    assert (await office.denise.get(f"{path}/files/off_none")).code == "not_found"
    assert (await office.denise.post(f"{path}/files/off_none/withdrawal")).code == "not_found"
