"""Certificates over HTTP: enrolled, refused each for its own reason, renewed, removed, ordered."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from approvals.model.certificate import CertificateStatus, Level
from approvals.model.ids import SubscriptionId
from approvals.model.inbox import EventKind
from approvals.model.json import Facts
from approvals.model.person import Subscription
from approvals.model.policy import Means
from approvals.ports.audit_lines import AuditFilter
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from tests.fakes import START, ToldValidator
from tests.holders import ANNE, accept, form, held, pasted
from tests.house import COMPANY, House, Person
from tests.joined_desks import Parts
from tests.pki import FOREIGN_POLICY, ONE_STAR, THREE_STARS, TWO_STARS, Issued, IssuingAuthority, Wish, open_authority
from tests.server.http.site import Site
from tests.server.spec import Answered, Api

BRUNO = replace(ANNE, given_name="Bruno", surname="Keller", serial_number="IDCFR-42")


@pytest.fixture
def anne(people: tuple[Person, Person, Person]) -> Person:
    return people[0]


@pytest.fixture
def bruno(people: tuple[Person, Person, Person]) -> Person:
    return people[1]


@pytest.fixture
def validator() -> ToldValidator:
    return ToldValidator()


@pytest.fixture
def house(sqlite_book: SqlBook, tmp_path: Path, validator: ToldValidator) -> House:
    return House(Parts(book=sqlite_book, folder=tmp_path, validator=validator))


@pytest.fixture
async def authority(house: House, anne: Person) -> IssuingAuthority:
    assert anne.user.subscription_id == COMPANY
    opened = open_authority()
    await accept(house, opened)
    return opened


async def told(house: House, person: Person) -> list[EventKind]:
    events = await house.book.reading(lambda ledger: ledger.inboxes.read(person.user.id, 0, 100))
    return [event.news.kind for event in events]


async def noted(house: House, code: str) -> list[Facts]:
    """What the audit holds of a kind of line."""
    page = await house.book.reading(lambda ledger: ledger.audit_lines.browse(AuditFilter(code=code), None, 100))
    return [entry.value for entry in page.items]


async def enrol(site: Site, caller: Api, issued: Issued) -> Answered:
    return await caller.post("/v1/certificates", await form(site.house, issued))


async def test_a_certificate_that_names_the_person_is_enrolled_after_a_fresh_strong_proof(
    site: Site, authority: IssuingAuthority, anne: Person
) -> None:
    caller = await site.sign_in(anne, with_card=True)
    enrolled = await enrol(site, caller, authority.issue(ANNE))
    assert (enrolled.status, enrolled.body["status"], enrolled.body["level"]) == (201, "active", "**")
    assert enrolled.body["uses"] == ["approval", "sign_in"]
    mine = await caller.get("/v1/certificates")
    assert mine.body["certificates"] == [enrolled.body]
    assert EventKind.CERTIFICATE_ENROLLED in await told(site.house, anne)


async def test_a_confidential_code_alone_enrols_nothing(site: Site, authority: IssuingAuthority, anne: Person) -> None:
    refused = await enrol(site, await site.sign_in(anne), authority.issue(ANNE))
    assert (refused.status, refused.code) == (403, "fresh_proof_needed")
    assert await held(site.house, anne.user.id) == []


# --- bad certificates -------------------------------------------------------------------------------------

UNFIT: list[tuple[str, Wish]] = [
    ("expired", replace(ANNE, not_before=START - timedelta(days=9), not_after=START - timedelta(days=1))),
    ("not_yet_valid", replace(ANNE, not_before=START + timedelta(days=1))),
    ("no_usage", replace(ANNE, has_key_usage=False)),
    ("wrong_policy", replace(ANNE, policies=(FOREIGN_POLICY,))),
    ("not_personal", replace(ANNE, is_authority=True)),
    ("other_person", replace(ANNE, given_name="Chloé", surname="Diallo")),
    ("other_person", replace(ANNE, given_name="Anne Marie")),
    ("other_company", replace(ANNE, siren="732829320")),
    ("person_unreadable", replace(ANNE, serial_number=None)),
    ("company_unreadable", replace(ANNE, organization_identifier="VATFR-1")),
]


@pytest.mark.parametrize(("reason", "wish"), UNFIT)
async def test_each_unfit_certificate_is_refused_for_its_own_reason(
    site: Site, authority: IssuingAuthority, anne: Person, reason: str, wish: Wish
) -> None:
    refused = await enrol(site, await site.sign_in(anne, with_card=True), authority.issue(wish))
    assert (refused.status, refused.code, refused.body["rule"]) == (422, "certificate_enrolment_refused", reason)
    assert set(refused.node("words")) == {"fr", "en"}
    assert await held(site.house, anne.user.id) == []


async def test_a_certificate_of_an_authority_nobody_accepted_is_refused(
    site: Site, authority: IssuingAuthority, anne: Person
) -> None:
    assert authority.issued.der
    stranger = open_authority("AC Test")  # the same name, another key
    refused = await enrol(site, await site.sign_in(anne, with_card=True), stranger.issue(ANNE))
    assert refused.body["rule"] == "unknown_authority"


async def test_a_withdrawn_authority_s_certificates_are_enrolled_no_more(
    site: Site, authority: IssuingAuthority, anne: Person
) -> None:
    await accept(site.house, authority, withdrawn_at=START)
    refused = await enrol(site, await site.sign_in(anne, with_card=True), authority.issue(ANNE))
    assert refused.body["rule"] == "authority_withdrawn"


async def test_a_revoked_certificate_is_refused(
    site: Site, authority: IssuingAuthority, anne: Person, validator: ToldValidator
) -> None:
    issued = authority.issue(ANNE)
    validator.revoked.add(issued.der)
    refused = await enrol(site, await site.sign_in(anne, with_card=True), issued)
    assert refused.body["rule"] == "revoked"
    assert await held(site.house, anne.user.id) == []


async def test_nothing_is_enrolled_while_nobody_says_what_is_revoked(
    site: Site, authority: IssuingAuthority, anne: Person, validator: ToldValidator
) -> None:
    validator.is_silent = True
    refused = await enrol(site, await site.sign_in(anne, with_card=True), authority.issue(ANNE))
    assert (refused.status, refused.code) == (503, "revocation_unavailable")
    assert await held(site.house, anne.user.id) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:28] + "AAAA" + text[-27:],
        lambda text: text[:-40],
        lambda text: f"not a certificate {text}",
        lambda text: text + text,
    ],
    ids=["no certificate", "cut short", "words", "twice"],
)
async def test_what_is_no_certificate_is_refused_as_such(
    site: Site, authority: IssuingAuthority, anne: Person, spoil: Callable[[str], str]
) -> None:
    caller, issued = await site.sign_in(anne, with_card=True), authority.issue(ANNE)
    body = {**await form(site.house, issued), "certificate": spoil(pasted(issued))}
    refused = await caller.post("/v1/certificates", body)
    assert (refused.status, refused.body["rule"]) == (422, "malformed")


async def test_a_paste_of_two_megabytes_is_not_read(site: Site, authority: IssuingAuthority, anne: Person) -> None:
    signed_in = await site.nobody.post("/v1/sessions", site.claim(anne, with_card=True))
    body = {**await form(site.house, authority.issue(ANNE)), "certificate": "A" * 2_000_000}
    headers = {"Authorization": f"Bearer {signed_in.text('token')}", "Content-Type": "application/json"}
    content = BytesIO(json.dumps(body).encode())
    async with site.session.post(f"{site.origin}/v1/certificates", data=content, headers=headers) as answered:
        assert (answered.status, (await answered.json())["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize(("policy", "status"), [(ONE_STAR, 201), (TWO_STARS, 422), (THREE_STARS, 422)])
async def test_a_browsers_key_is_enrolled_at_one_star_alone(
    site: Site, authority: IssuingAuthority, anne: Person, policy: str, status: int
) -> None:
    levels = {ONE_STAR: Level.ONE_STAR, TWO_STARS: Level.TWO_STARS, THREE_STARS: Level.THREE_STARS}
    await accept(site.house, authority, policies=levels)
    caller, issued = await site.sign_in(anne, with_card=True), authority.issue(replace(ANNE, policies=(policy,)))
    answered = await caller.post("/v1/certificates", {**await form(site.house, issued), "in_browser": True})
    assert (answered.status, answered.body.get("rule")) == (status, None if status == 201 else "key_in_browser")
    assert len(await held(site.house, anne.user.id)) == (status == 201)


# --- whose it is ------------------------------------------------------------------------------------------


async def test_a_lent_certificate_is_refused_and_the_audit_says_so(
    site: Site, authority: IssuingAuthority, anne: Person, bruno: Person
) -> None:
    issued = authority.issue(ANNE)
    assert (await enrol(site, await site.sign_in(anne, with_card=True), issued)).status == 201
    lent = await enrol(site, await site.sign_in(bruno, with_card=True), issued)
    assert (lent.status, lent.code) == (409, "certificate_taken")
    assert await held(site.house, bruno.user.id) == []
    assert await noted(site.house, "certificate_enrolment_refused") == [{"reason": "other_user"}]


async def test_a_certificate_enrolled_already_is_not_enrolled_twice(
    site: Site, authority: IssuingAuthority, anne: Person
) -> None:
    caller, issued = await site.sign_in(anne, with_card=True), authority.issue(ANNE)
    assert (await enrol(site, caller, issued)).status == 201
    again = await enrol(site, caller, issued)
    assert (again.status, again.code) == (409, "certificate_known_already")


async def test_another_s_key_does_not_enrol_a_certificate(
    site: Site, authority: IssuingAuthority, anne: Person
) -> None:
    caller, issued = await site.sign_in(anne, with_card=True), authority.issue(ANNE)
    stolen = {**await form(site.house, issued), "jws": (await form(site.house, authority.issue(ANNE)))["jws"]}
    refused = await caller.post("/v1/certificates", stolen)
    assert (refused.status, refused.code) == (422, "signature_refused")


async def test_a_nonce_enrols_once(site: Site, authority: IssuingAuthority, anne: Person) -> None:
    caller, body = await site.sign_in(anne, with_card=True), await form(site.house, authority.issue(ANNE))
    assert (await caller.post("/v1/certificates", body)).status == 201
    assert (await caller.post("/v1/certificates", body)).code == "signature_refused"


async def test_a_company_that_takes_no_certificates_has_none(site: Site, authority: IssuingAuthority) -> None:
    other = SubscriptionId("sub_cards")
    zoe = site.house.newcomer(4, "Anne Morvan")
    user = replace(zoe.user, subscription_id=other)

    async def take_in(ledger: Ledger) -> None:
        company = Subscription(id=other, client_identifier="40090000", name="Toits", siren=ANNE.siren)
        await ledger.people.add_subscription(replace(company, means=frozenset({Means.CAP})))
        await ledger.people.add_user(user)
        await ledger.cards.add(zoe.card)

    await site.house.book.transaction(take_in)
    claim = {**site.claim(zoe, with_card=True), "client_identifier": "40090000"}
    caller = site.nobody.having((await site.nobody.post("/v1/sessions", claim)).text("token"))
    assert (await enrol(site, caller, authority.issue(ANNE))).code == "means_not_accepted"
    assert (await caller.post("/v1/certificate-orders", {})).code == "means_not_accepted"


# --- renewal and end --------------------------------------------------------------------------------------


async def test_a_renewal_signed_by_the_old_one_needs_no_card_and_supersedes_it(
    site: Site, authority: IssuingAuthority, anne: Person
) -> None:
    old, new = authority.issue(ANNE), authority.issue(ANNE)
    first = await enrol(site, await site.sign_in(anne, with_card=True), old)
    site.house.clock.advance(seconds=1)
    caller = await site.sign_in(anne)
    body = await form(site.house, new, renews=first.text("id"), old=old)
    assert (await caller.post("/v1/certificates", body)).status == 201
    statuses = [certificate.status for certificate in await held(site.house, anne.user.id)]
    assert statuses == [CertificateStatus.SUPERSEDED, CertificateStatus.ACTIVE]
    back = await enrol(site, await site.sign_in(anne, with_card=True), old)
    assert back.code == "certificate_not_active"


async def test_a_renewal_signed_by_any_other_key_is_refused(
    site: Site, authority: IssuingAuthority, anne: Person
) -> None:
    old, new = authority.issue(ANNE), authority.issue(ANNE)
    first = await enrol(site, await site.sign_in(anne, with_card=True), old)
    caller = await site.sign_in(anne)
    body = await form(site.house, new, renews=first.text("id"), old=new)
    assert (await caller.post("/v1/certificates", body)).code == "signature_refused"
    unsigned = await form(site.house, new, renews=first.text("id"))
    assert (await caller.post("/v1/certificates", unsigned)).code == "fresh_proof_needed"


async def test_a_renewal_does_not_change_hands(
    site: Site, authority: IssuingAuthority, anne: Person, bruno: Person
) -> None:
    old = authority.issue(ANNE)
    first = await enrol(site, await site.sign_in(anne, with_card=True), old)
    body = await form(site.house, authority.issue(BRUNO), renews=first.text("id"), old=old)
    assert (await (await site.sign_in(anne)).post("/v1/certificates", body)).body["rule"] == "other_person"
    again = await form(site.house, authority.issue(BRUNO), renews=first.text("id"), old=old)
    assert (await (await site.sign_in(bruno)).post("/v1/certificates", again)).code == "not_found"


async def test_an_old_certificate_found_revoked_renews_nothing_and_its_person_is_told(
    site: Site, authority: IssuingAuthority, anne: Person, validator: ToldValidator
) -> None:
    old = authority.issue(ANNE)
    first = await enrol(site, await site.sign_in(anne, with_card=True), old)
    validator.revoked.add(old.der)
    body = await form(site.house, authority.issue(ANNE), renews=first.text("id"), old=old)
    refused = await (await site.sign_in(anne)).post("/v1/certificates", body)
    assert refused.body["rule"] == "revoked"
    (kept,) = await held(site.house, anne.user.id)
    assert kept.status is CertificateStatus.REVOKED
    assert (await told(site.house, anne))[-1] is EventKind.CERTIFICATE_REVOKED


async def test_a_person_removes_their_own_certificate_and_may_bring_it_back(
    site: Site, authority: IssuingAuthority, anne: Person, bruno: Person
) -> None:
    issued, caller = authority.issue(ANNE), await site.sign_in(anne, with_card=True)
    address = f"/v1/certificates/{(await enrol(site, caller, issued)).text('id')}"
    assert (await (await site.sign_in(bruno)).delete(address)).status == 404
    assert (await caller.delete(address)).status == 204
    assert (await caller.delete(address)).status == 204
    assert (await told(site.house, anne)).count(EventKind.CERTIFICATE_REMOVED) == 1
    assert (await enrol(site, caller, issued)).body["status"] == "active"


# --- orders -----------------------------------------------------------------------------------------------


async def test_an_order_is_given_the_shop_and_followed_to_the_enrolment(
    site: Site, authority: IssuingAuthority, anne: Person, bruno: Person
) -> None:
    caller = await site.sign_in(anne, with_card=True)
    asked = await caller.post("/v1/certificate-orders", {})
    assert (asked.status, asked.body["shop"], asked.body["status"]) == (201, "https://shop.test/order/", "requested")
    assert (await caller.post("/v1/certificate-orders", {})).code == "certificate_order_open"
    moves = f"/v1/certificate-orders/{asked.text('id')}/moves"
    assert (await (await site.sign_in(bruno)).post(moves, {"status": "ordered"})).status == 404
    assert (await caller.post(moves, {"status": "ordered"})).body["status"] == "ordered"
    enrolled = await enrol(site, caller, authority.issue(ANNE))
    (order,) = (await caller.get("/v1/certificates")).items("orders")
    assert (order["status"], order["certificate"]) == ("enrolled", enrolled.body["id"])
    late = await caller.post(moves, {"status": "abandoned"})
    assert (late.status, late.code) == (409, "certificate_order_closed")
