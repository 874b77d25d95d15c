"""Advisers over HTTP: in by letter, password and authenticator; acts asked for and approved; portfolio and audit."""

from dataclasses import replace
from urllib.parse import unquote

import pytest

from approvals.model.adviser import Role
from approvals.model.ids import ActionId
from tests.authenticators import Authenticator
from tests.house import CLIENT, House, Person
from tests.server.http.offices import Office, enter
from tests.server.http.site import Site
from tests.staff import CHOSEN, Banker, Staff

UNLOCK: dict[str, object] = {"kind": "code_renewal", "payload": {"client": CLIENT, "user": "001"}}


@pytest.fixture
def staff(house: House) -> Staff:
    return Staff(house)


@pytest.fixture
async def bankers(staff: Staff) -> tuple[Banker, Banker]:
    return await staff.found()


@pytest.fixture
async def office(site: Site, bankers: tuple[Banker, Banker]) -> Office:
    return Office(site=site, denise=await enter(site, bankers[0]), farid=await enter(site, bankers[1]), bankers=bankers)


async def test_an_act_is_asked_for_and_approved(office: Office) -> None:
    opened = await office.denise.post("/v1/actions", UNLOCK)
    assert (opened.status, opened.body["status"]) == (201, "pending")
    assert opened.node("statement")["title"] == "Renouvellement du code confidentiel"
    assert (await office.approve(opened)).body["answer"] == "accepted"
    ended = await office.denise.get(f"/v1/actions/{opened.text('id')}")
    assert ended.body["status"] == "released"


async def test_whoever_asked_cannot_approve(office: Office) -> None:
    opened = await office.denise.post("/v1/actions", UNLOCK)
    shown = await office.farid.get(f"/v1/actions/{opened.text('id')}")
    body = {"method": "totp", "code": office.bankers[0].authenticator.show().code}
    refused = await office.denise.post(f"/v1/challenges/{shown.node('challenge')['id']}/answers", body)
    assert (refused.status, refused.code) == (403, "own_act_unsignable")


async def test_a_key_of_the_core_asks_for_no_act(office: Office) -> None:
    body = {**UNLOCK, "client_identifier": CLIENT, "initiator": "003"}
    assert (await office.site.core.post("/v1/actions", body)).code == "advisers_only"


async def test_the_portfolio_and_one_company_are_shown(office: Office) -> None:
    listed = await office.denise.get("/v1/portfolio")
    assert [each["client_identifier"] for each in listed.items("items")] == [CLIENT]
    of_nobody = await office.denise.get("/v1/portfolio?adviser=usr_nobody")
    assert of_nobody.items("items") == []
    shown = await office.denise.get(f"/v1/portfolio/{CLIENT}")
    assert [person["status"] for person in shown.items("people")] == ["active"] * 3
    assert (await office.denise.get("/v1/portfolio/49999999")).code == "outside_portfolio"


async def test_the_cards_of_a_person_one_looks_after_are_told(office: Office, people: tuple[Person, ...]) -> None:
    user, card = people[0].user, people[0].card
    shown = await office.denise.get(f"/v1/portfolio/{CLIENT}/people/{user.number}/cards")
    assert [(each["id"], each["last4"], each["status"]) for each in shown.items("items")] == [
        (card.id, card.last4, "active")
    ]
    assert (await office.denise.get(f"/v1/portfolio/{CLIENT}/people/999/cards")).code == "not_found"
    assert (await office.denise.get("/v1/portfolio/49999999/people/001/cards")).code == "outside_portfolio"


async def test_advisers_see_who_they_are_and_who_else_is_there(office: Office) -> None:
    me = await office.denise.get("/v1/advisers/me")
    assert (me.body["number"], me.body["role"]) == ("001", "supervisor")
    listed = await office.denise.get("/v1/advisers")
    assert [each["number"] for each in listed.items("items")] == ["001", "002"]


async def test_the_audit_is_read_filtered_and_paged(office: Office, house: House) -> None:
    begun = int(house.clock.now().timestamp() * 1000)
    opened = await office.denise.post("/v1/actions", UNLOCK)
    action = opened.text("id")
    house.clock.advance(seconds=1)
    await office.approve(opened)
    lines = (await office.denise.get("/v1/audit", action=action)).items("items")
    assert {str(line["code"]) for line in lines[:2]} == {"action_released", "challenge_satisfied"}
    assert [line["code"] for line in lines[2:]] == ["action_opened"]
    first = await office.denise.get("/v1/audit", action=action, limit=2)
    second = await office.denise.get("/v1/audit", action=action, limit=2, after=first.text("next"))
    assert [line["code"] for line in second.items("items")] == ["action_opened"]
    by_denise = await office.denise.get("/v1/audit", user=office.bankers[0].user.id, since=begun)
    assert [line["code"] for line in by_denise.items("items")] == ["action_opened"]
    before = await office.denise.get("/v1/audit", code="signed_in", until=begun)
    assert len(before.items("items")) == 2
    assert (await office.denise.get("/v1/audit", after="nonsense")).code == "invalid_request"


@pytest.mark.parametrize(
    "path", ["/v1/portfolio", f"/v1/portfolio/{CLIENT}", "/v1/audit", "/v1/advisers", "/v1/advisers/me"]
)
async def test_a_company_s_person_and_a_key_see_nothing_of_the_bank_s(
    site: Site, people: tuple[Person, ...], path: str
) -> None:
    anne = await site.sign_in(people[0])
    assert (await anne.get(path)).code == "advisers_only"
    assert (await site.core.get(path)).code == "not_authenticated"
    assert (await site.nobody.get(path)).code == "not_authenticated"


async def test_wrong_password_wrong_code_and_nobody_answer_alike(site: Site, bankers: tuple[Banker, Banker]) -> None:
    denise = bankers[0]
    right = denise.authenticator.show().code
    forms = (
        {"number": "001", "password": "wrong word 3 of it", "totp": right},
        {"number": "002", "password": CHOSEN, "totp": denise.authenticator.wrong().code},
        {"number": "777", "password": CHOSEN, "totp": right},
    )
    refused = [(await site.nobody.post("/v1/advisers/sessions", form)) for form in forms]
    assert {each.status for each in refused} == {401}
    told = [{name: value for name, value in each.body.items() if name != "request"} for each in refused]
    assert told[0] == told[1] == told[2]
    assert told[0]["code"] == "sign_in_refused"


async def test_one_second_factor_and_no_more_is_taken(site: Site, bankers: tuple[Banker, Banker]) -> None:
    form = {"number": bankers[0].number, "password": CHOSEN}
    both = {**form, "totp": "123456", "recovery_code": "AAAA-AAAA-AAAA-AAAA"}
    for body in (form, both):
        assert (await site.nobody.post("/v1/advisers/sessions", body)).code == "invalid_request"


async def test_a_further_adviser_comes_in_by_letter_qr_code_and_first_code(
    office: Office, staff: Staff, house: House
) -> None:
    payload = {"adviser": "003", "name": "Inès Roy", "language": "fr", "role": Role.AUDITOR.value}
    opened = await office.denise.post("/v1/actions", {"kind": "adviser_addition", "payload": payload})
    assert (await office.approve(opened)).body["answer"] == "accepted"
    mine = (await office.denise.get(f"/v1/actions/{opened.text('id')}")).node("challenge")
    code = office.bankers[0].authenticator.show().code
    await office.denise.post(f"/v1/challenges/{mine['id']}/answers", {"method": "totp", "code": code})
    user_id = str((await house.sheet(ActionId(opened.text("id")))).action.facts["adviser_id"])
    letter = await staff.letters.print("api_key:printer", (await staff.desk.colleagues())[2].user.id)
    assert user_id == letter.user.id
    claim = {"number": "003", "secret": letter.secret}
    nobody = office.site.nobody
    weak = await nobody.post("/v1/advisers/activation", {**claim, "password": "motdepasse12"})
    assert weak.code == "password_weak"
    shown = await nobody.post("/v1/advisers/activation", {**claim, "password": CHOSEN})
    assert shown.text("qr").startswith("data:image/svg+xml")
    assert "<svg" in unquote(shown.text("qr"))
    banker = await staff.banker("003")
    wrong = {**claim, "totp": banker.authenticator.wrong().code}
    assert (await nobody.post("/v1/advisers/activation/confirmation", wrong)).code == "enrolment_code_wrong"
    right = {**claim, "totp": banker.authenticator.show().code}
    confirmed = await nobody.post("/v1/advisers/activation/confirmation", right)
    codes = confirmed.body["recovery_codes"]
    assert isinstance(codes, list)
    assert len(codes) == 10
    assert (await nobody.post("/v1/advisers/activation/confirmation", right)).code == "activation_refused"
    by_code = {"number": "003", "password": CHOSEN, "recovery_code": str(codes[0])}
    signed_in = await nobody.post("/v1/advisers/sessions", by_code)
    ines = nobody.having(signed_in.text("token"))
    assert (await ines.post("/v1/actions", UNLOCK)).code == "role_insufficient"
    assert (await ines.get("/v1/audit")).status == 200
    assert (await nobody.post("/v1/advisers/sessions", by_code)).code == "sign_in_refused"


async def test_another_authenticator_is_enrolled_by_a_fresh_sign_in(office: Office, staff: Staff) -> None:
    shown = await office.denise.post("/v1/advisers/me/authenticator")
    assert shown.text("seed")
    new: Authenticator = (await staff.banker("001")).authenticator
    confirmed = await office.denise.post("/v1/advisers/me/authenticator/confirmation", {"totp": new.show().code})
    assert confirmed.status == 200
    office.site.house.clock.advance(seconds=30)
    await enter(office.site, replace(office.bankers[0], authenticator=new))
