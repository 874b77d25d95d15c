"""What advisers and auditors follow of companies: operations, their evidence, a day's figures; and who may not."""

from datetime import timedelta

import pytest

from approvals.evidence.file_check import Trust, check_file
from approvals.evidence.signatures import read_key_set
from approvals.model.adviser import Role
from tests.house import CHEQUEBOOK, CLIENT, House, Person, mine
from tests.sealing import Sealer
from tests.server.http.offices import enter, look_after, take_in
from tests.server.http.site import Site
from tests.server.spec import Api
from tests.staff import Banker, Staff

OPERATIONS = f"/v1/portfolio/{CLIENT}/actions"


@pytest.fixture
def staff(house: House) -> Staff:
    return Staff(house)


@pytest.fixture
async def bankers(staff: Staff) -> tuple[Banker, Banker]:
    return await staff.found()


@pytest.fixture
async def supervisor(site: Site, bankers: tuple[Banker, Banker]) -> Api:
    return await enter(site, bankers[0])


async def sign_one(site: Site, house: House, person: Person, *, after: timedelta) -> str:
    """The person signs a new operation so long after its opening; return its id."""
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    challenge = mine(sheet, person)
    house.clock.advance(seconds=after.total_seconds())
    signer = await site.sign_in(person)
    answer = {"method": "cap", "code": person.answer(challenge.reader_input).code}
    assert (await signer.post(f"/v1/challenges/{challenge.id}/answers", answer)).body["answer"] == "accepted"
    return sheet.id


async def test_a_company_s_operations_are_listed_and_narrowed(
    site: Site, house: House, people: tuple[Person, ...], supervisor: Api
) -> None:
    signed = await sign_one(site, house, people[0], after=timedelta(seconds=20))
    held = (await house.hold("chequebook", CHEQUEBOOK)).id
    listed = await supervisor.get(OPERATIONS)
    assert [(each["id"], each["status"]) for each in listed.items()] == [(held, "pending"), (signed, "approved")]
    assert [each["id"] for each in (await supervisor.get(OPERATIONS, status="pending")).items()] == [held]
    first = await supervisor.get(OPERATIONS, limit=1)
    following = await supervisor.get(OPERATIONS, limit=1, after=first.text("next"))
    assert [each["id"] for each in following.items()] == [signed]


async def test_one_operation_tells_where_it_stands_and_who_signed(
    site: Site, house: House, people: tuple[Person, ...], supervisor: Api
) -> None:
    action = await sign_one(site, house, people[0], after=timedelta(seconds=20))
    shown = await supervisor.get(f"{OPERATIONS}/{action}")
    signed = [each for each in shown.items("signatures") if each["status"] == "satisfied"]
    assert [each["signer"] for each in signed] == [{"id": people[0].user.id, "number": "001", "name": "Anne Morvan"}]
    assert shown.body["challenge"] is None
    assert (await supervisor.get(f"{OPERATIONS}/act_none")).code == "not_found"
    assert (await supervisor.get(f"/v1/portfolio/49999999/actions/{action}")).code == "outside_portfolio"


async def test_an_act_of_the_house_is_no_company_s_operation(
    bankers: tuple[Banker, Banker], staff: Staff, supervisor: Api
) -> None:
    presence = await staff.enter(bankers[1])
    act = await staff.ask(presence, "code_renewal", {"client": CLIENT, "user": "001"})
    assert (await supervisor.get(f"{OPERATIONS}/{act.id}")).code == "not_found"
    assert (await supervisor.get(f"/v1/actions/{act.id}/evidence")).code == "not_found"


async def test_the_evidence_an_auditor_downloads_verifies(
    site: Site, house: House, people: tuple[Person, ...], staff: Staff, bankers: tuple[Banker, Banker]
) -> None:
    action = await sign_one(site, house, people[0], after=timedelta(seconds=20))
    await Sealer(book=house.book, clock=house.clock, signer=house.audit_signer).desk.run()
    _, auditor = await take_in(site, staff, bankers, Role.AUDITOR)
    given = await auditor.get(f"/v1/actions/{action}/evidence")
    trust = Trust(
        audit_keys=read_key_set(house.audit_signer.published_keys()),
        release_keys=read_key_set(house.signer.published_keys()),
    )
    report = check_file(given.content, trust)
    assert (report.action, report.unsealed) == (action, 0)


async def test_an_adviser_follows_the_own_portfolio_and_learns_nothing_of_another(
    site: Site, house: House, staff: Staff, bankers: tuple[Banker, Banker]
) -> None:
    action = (await house.hold()).id
    banker, adviser = await take_in(site, staff, bankers, Role.ADVISER)
    for path in (OPERATIONS, f"{OPERATIONS}/{action}", "/v1/portfolio/49999999/actions"):
        assert (await adviser.get(path)).code == "outside_portfolio"
    for unknown in (action, "act_none"):
        assert (await adviser.get(f"/v1/actions/{unknown}/evidence")).code == "not_found"
    await look_after(house, banker)
    assert [each["id"] for each in (await adviser.get(OPERATIONS)).items()] == [action]
    assert (await adviser.get(f"/v1/actions/{action}/evidence")).status == 200


async def test_a_day_s_figures_count_operations_and_how_soon_they_were_signed(
    site: Site, house: House, people: tuple[Person, ...], supervisor: Api
) -> None:
    await sign_one(site, house, people[0], after=timedelta(seconds=20))
    await sign_one(site, house, people[0], after=timedelta(minutes=2))
    await house.hold("chequebook", CHEQUEBOOK)
    figures = await supervisor.get("/v1/figures")
    counted = {each["status"]: each["count"] for each in figures.items("operations")}
    assert {status: count for status, count in counted.items() if count} == {"pending": 1, "approved": 2}
    assert [(each["seconds"], each["count"]) for each in figures.items("signatures")] == [
        (60, 1),
        (300, 1),
        (900, 0),
        (3600, 0),
        (14400, 0),
        (None, 0),
    ]
    other = await supervisor.get("/v1/figures", day="2001-01-01")
    assert (other.body["day"], sum(int(str(each["count"])) for each in other.items("operations"))) == ("2001-01-01", 0)


@pytest.mark.parametrize("day", ["2026-02-30", "0001-01-01", "9999-12-31", "yesterday"])
async def test_a_day_that_cannot_be_is_refused(supervisor: Api, day: str) -> None:
    assert (await supervisor.get("/v1/figures", day=day)).code == "invalid_request"


@pytest.mark.parametrize("path", [OPERATIONS, f"{OPERATIONS}/act_1", "/v1/figures"])
async def test_a_company_s_person_and_a_key_follow_nothing(site: Site, people: tuple[Person, ...], path: str) -> None:
    anne = await site.sign_in(people[0])
    assert (await anne.get(path)).code == "advisers_only"
    assert (await site.core.get(path)).code == "not_authenticated"
    assert (await site.nobody.get(path)).code == "not_authenticated"
