"""Authorities over HTTP: accepted, changed, withdrawn by two advisers; a certificate pasted, and what is told of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from approvals.model.certificate import CompanyFrom, Level
from approvals.store.book import SqlBook
from tests.fakes import START, ToldValidator
from tests.holders import ANNE, accept, form, held, pasted
from tests.house import CLIENT, House, Person
from tests.joined_desks import Parts
from tests.pki import FOREIGN_POLICY, TWO_STARS, IssuingAuthority, open_authority
from tests.server.http.offices import Office, enter
from tests.server.http.site import Site
from tests.server.spec import Answered
from tests.staff import Staff


@pytest.fixture
def validator() -> ToldValidator:
    return ToldValidator()


@pytest.fixture
def house(sqlite_book: SqlBook, tmp_path: Path, validator: ToldValidator) -> House:
    return House(Parts(book=sqlite_book, folder=tmp_path, validator=validator))


@pytest.fixture
async def office(site: Site) -> Office:
    staff = Staff(site.house)
    bankers = await staff.found()
    return Office(site=site, denise=await enter(site, bankers[0]), farid=await enter(site, bankers[1]), bankers=bankers)


@pytest.fixture
def authority() -> IssuingAuthority:
    return open_authority()


def entry(**changed: object) -> dict[str, object]:
    return {
        "name": "AC Test",
        "policies": [{"policy": TWO_STARS, "level": "**"}],
        "uses": ["sign_in", "approval"],
        "both_uses": "yes",
        "company_from": "organization_identifier",
        "ocsp_url": "http://ocsp.test/",
        "crl_url": None,
        "nonce": "no",
        **changed,
    }


def acceptance(authority: IssuingAuthority, **changed: object) -> dict[str, object]:
    return {"certificate": pasted(authority.issued), **entry(**changed)}


async def ask(office: Office, kind: str, payload: dict[str, object]) -> Answered:
    return await office.denise.post("/v1/actions", {"kind": kind, "payload": payload})


async def done(office: Office, kind: str, payload: dict[str, object]) -> None:
    opened = await ask(office, kind, payload)
    assert opened.status == 201, opened.content
    assert (await office.approve(opened)).body["answer"] == "accepted"
    office.site.house.clock.advance(seconds=30)


async def accepted(office: Office) -> list[dict[str, object]]:
    return [dict(each) for each in (await office.denise.get("/v1/authorities")).items()]


# --- kept by advisers -------------------------------------------------------------------------------------


async def test_an_authority_is_accepted_once_another_adviser_approved(
    office: Office, authority: IssuingAuthority
) -> None:
    opened = await ask(office, "authority_acceptance", acceptance(authority))
    statement = str(opened.node("statement"))
    assert f"{TWO_STARS} **" in statement
    assert "validation ; connexion" in statement
    assert await accepted(office) == []
    await office.approve(opened)
    (kept,) = await accepted(office)
    assert (kept["name"], kept["policies"], kept["both_uses"]) == ("AC Test", {TWO_STARS: "**"}, True)


async def test_an_authority_is_changed_and_the_text_says_what_it_was(
    office: Office, authority: IssuingAuthority
) -> None:
    await done(office, "authority_acceptance", acceptance(authority))
    (kept,) = await accepted(office)
    payload = {"authority": kept["id"], **entry(both_uses="no", company_from="organizational_unit")}
    opened = await ask(office, "authority_change", payload)
    assert "oui → non" in opened.content.decode()
    await office.approve(opened)
    (changed,) = await office.site.house.book.reading(lambda ledger: ledger.authorities.all())
    assert (changed.both_uses, changed.company_from) == (False, CompanyFrom.ORGANIZATIONAL_UNIT)
    assert (changed.policies, changed.certificate) == ({TWO_STARS: Level.TWO_STARS}, authority.issued.der)


async def test_a_withdrawn_authority_stays_listed_and_may_be_accepted_anew(
    office: Office, authority: IssuingAuthority
) -> None:
    await done(office, "authority_acceptance", acceptance(authority))
    (kept,) = await accepted(office)
    await done(office, "authority_withdrawal", {"authority": kept["id"]})
    (withdrawn,) = await accepted(office)
    assert withdrawn["withdrawn"] is not None
    assert (await ask(office, "authority_withdrawal", {"authority": kept["id"]})).code == "not_found"
    await done(office, "authority_acceptance", acceptance(authority))
    assert len(await accepted(office)) == 2


async def test_an_authority_accepted_already_is_not_accepted_twice(office: Office, authority: IssuingAuthority) -> None:
    await done(office, "authority_acceptance", acceptance(authority))
    assert (await ask(office, "authority_acceptance", acceptance(authority, name="X"))).code == "authority_known"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"certificate": "AAAA"}, "certificate"),
        ({"policies": []}, "policies"),
        ({"policies": [{"policy": "1.02.3", "level": "*"}]}, "policies"),
        ({"policies": [{"policy": TWO_STARS, "level": "****"}]}, "level"),
        ({"uses": []}, "uses"),
        ({"uses": ["tls"]}, "uses"),
        ({"ocsp_url": None}, "ocsp_url"),
        ({"ocsp_url": "ldap://ocsp.test/"}, "ocsp_url"),
        ({"crl_url": "http://someone@crl.test/"}, "crl_url"),
        ({"crl_url": "http://crl.test/", "ocsp_url": None, "nonce": "yes"}, "nonce"),
        ({"name": "AC T\N{CYRILLIC SMALL LETTER IE}st"}, "name"),
    ],
)
async def test_what_no_authority_can_be_is_refused_by_field(
    office: Office, authority: IssuingAuthority, changed: dict[str, object], field: str
) -> None:
    refused = await ask(office, "authority_acceptance", acceptance(authority) | changed)
    assert (refused.status, refused.body["field"]) == (422, field)


async def test_a_person_s_certificate_is_no_authority_and_one_past_its_end_is_none_any_more(
    office: Office, authority: IssuingAuthority
) -> None:
    persons = acceptance(authority) | {"certificate": pasted(authority.issue(ANNE))}
    assert (await ask(office, "authority_acceptance", persons)).body["field"] == "certificate"
    ended = open_authority(not_after=START - timedelta(days=1))
    assert (await ask(office, "authority_acceptance", acceptance(ended))).body["field"] == "certificate"


async def test_a_company_s_person_sees_no_authorities(site: Site, people: tuple[Person, Person, Person]) -> None:
    refused = await (await site.sign_in(people[0])).get("/v1/authorities")
    assert (refused.status, refused.code) == (403, "advisers_only")


# --- a certificate pasted ---------------------------------------------------------------------------------


async def test_an_adviser_is_told_that_and_for_whom_a_certificate_is_accepted(
    office: Office, authority: IssuingAuthority
) -> None:
    await accept(office.site.house, authority)
    body = {"certificate": pasted(authority.issue(ANNE)), "client": CLIENT, "user": "001"}
    told = await office.denise.post("/v1/certificates/checks", body)
    assert (told.body["accepted"], told.body["reasons"], told.body["authority"]) == (True, [], "AC Test")
    assert (told.body["level"], told.node("holder")["surname"]) == ("**", "MORVAN")
    assert told.node("words")["fr"] == "La banque accepte ce certificat."


async def test_an_adviser_is_told_every_reason_in_words(office: Office, authority: IssuingAuthority) -> None:
    await accept(office.site.house, authority)
    wish = replace(ANNE, policies=(FOREIGN_POLICY,), not_after=START - timedelta(days=1), has_key_usage=False)
    body = {"certificate": pasted(authority.issue(wish)), "client": CLIENT, "user": "002"}
    told = await office.denise.post("/v1/certificates/checks", body)
    assert not told.body["accepted"]
    reasons = told.items("reasons")
    assert [each["code"] for each in reasons] == ["expired", "wrong_policy", "no_usage", "other_person"]
    assert "Il a expiré : il faut le renouveler." in told.content.decode()


async def test_an_adviser_is_told_of_revocation_and_of_silence(
    office: Office, authority: IssuingAuthority, house: House, validator: ToldValidator
) -> None:
    await accept(house, authority)
    issued = authority.issue(ANNE)
    validator.is_silent = True
    silent = await office.denise.post("/v1/certificates/checks", {"certificate": pasted(issued)})
    assert [each["code"] for each in silent.items("reasons")] == ["revocation_no_answer"]
    validator.is_silent = False
    validator.revoked.add(issued.der)
    revoked = await office.denise.post("/v1/certificates/checks", {"certificate": pasted(issued)})
    assert (revoked.body["accepted"], revoked.items("reasons")[0]["code"]) == (False, "revoked")


@pytest.mark.parametrize("text", ["rubbish", "AAAA", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
async def test_an_adviser_is_told_what_is_no_certificate(office: Office, text: str) -> None:
    told = await office.denise.post("/v1/certificates/checks", {"certificate": text})
    assert [each["code"] for each in told.items("reasons")] == ["malformed"]


async def test_an_adviser_is_told_of_strangers_and_of_lent_certificates(
    office: Office, authority: IssuingAuthority, house: House, people: tuple[Person, Person, Person]
) -> None:
    await accept(house, authority)
    stranger = await office.denise.post(
        "/v1/certificates/checks", {"certificate": pasted(open_authority().issue(ANNE))}
    )
    assert [each["code"] for each in stranger.items("reasons")] == ["unknown_authority"]
    issued, anne = authority.issue(ANNE), await office.site.sign_in(people[0], with_card=True)
    await anne.post("/v1/certificates", await form(house, issued))
    body = {"certificate": pasted(issued), "client": CLIENT, "user": "002"}
    lent = await office.denise.post("/v1/certificates/checks", body)
    assert [each["code"] for each in lent.items("reasons")] == ["other_person", "other_user"]


# --- admitted by two advisers -----------------------------------------------------------------------------


def admission(pem: str) -> dict[str, object]:
    return {"client": CLIENT, "user": "001", "certificate": pem}


async def test_two_advisers_let_a_person_enrol_a_certificate_under_another_spelling_without_a_card(
    office: Office, authority: IssuingAuthority, house: House, people: tuple[Person, Person, Person]
) -> None:
    await accept(house, authority)
    issued, other = (authority.issue(replace(ANNE, given_name="Anne Marie")) for _ in range(2))
    await done(office, "certificate_admission", admission(pasted(issued)))
    caller = await office.site.sign_in(people[0])
    assert (await caller.post("/v1/certificates", await form(house, other))).code == "fresh_proof_needed"
    assert (await caller.post("/v1/certificates", await form(house, issued))).status == 201


async def test_an_admission_is_over_after_a_month(
    office: Office, authority: IssuingAuthority, house: House, people: tuple[Person, Person, Person]
) -> None:
    await accept(house, authority)
    issued = authority.issue(ANNE)
    await done(office, "certificate_admission", admission(pasted(issued)))
    house.clock.advance(days=31)
    caller = await office.site.sign_in(people[0])
    assert (await caller.post("/v1/certificates", await form(house, issued))).code == "fresh_proof_needed"


async def test_no_advisers_admit_another_company_s_certificate(
    office: Office, authority: IssuingAuthority, house: House
) -> None:
    await accept(house, authority)
    refused = await ask(
        office, "certificate_admission", admission(pasted(authority.issue(replace(ANNE, siren="732829320"))))
    )
    assert (refused.code, refused.body["rule"]) == ("certificate_enrolment_refused", "other_company")


async def test_an_adviser_sees_and_removes_what_the_company_s_people_hold_and_follows_orders(
    office: Office, authority: IssuingAuthority, house: House, people: tuple[Person, Person, Person]
) -> None:
    await accept(house, authority)
    anne = await office.site.sign_in(people[0], with_card=True)
    enrolled = await anne.post("/v1/certificates", await form(house, authority.issue(ANNE)))
    asked = await office.denise.post("/v1/certificate-orders", {"client": CLIENT, "user": "002"})
    assert (asked.status, asked.body["status"]) == (201, "requested")
    moves = f"/v1/certificate-orders/{asked.text('id')}/moves"
    assert (await office.denise.post(moves, {"status": "abandoned"})).body["status"] == "abandoned"
    shown = await office.denise.get(f"/v1/portfolio/{CLIENT}/certificates")
    assert [each["id"] for each in shown.items("certificates")] == [enrolled.body["id"]]
    assert [each["status"] for each in shown.items("orders")] == ["abandoned"]
    assert (await office.denise.delete(f"/v1/certificates/{enrolled.text('id')}")).status == 204
    assert [each.status for each in await held(house, people[0].user.id)] == ["removed"]
