"""Further devices and screens confirmed by phone, as they are called over HTTP."""

from approvals.credentials.device import ENROLMENT, SIGN_IN, signed_bytes
from tests.house import CLIENT, Person
from tests.server.http.site import ORIGIN, Site
from tests.server.http.test_devices import enrol, written
from tests.server.spec import Answered, Api


async def scan(site: Site, ticket: str, key: Person) -> Answered:
    """What the new device sends, its key being this person's."""
    nonce = (await site.nobody.post("/v1/nonces")).text("nonce")
    form = {
        "ticket": ticket,
        "name": "Tablette",
        "public_key": written(key.public_key()),
        "nonce": nonce,
        "signature": written(key.sign(signed_bytes(ENROLMENT, ORIGIN, nonce, ""))),
    }
    return await site.nobody.post("/v1/enrolments/scans", form)


async def test_a_further_device_is_scanned_in_and_confirmed(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0], with_card=True)
    offered = await anne.post("/v1/enrolments")
    assert offered.status == 201
    assert offered.text("qr").startswith("<svg")
    scanned = await scan(site, offered.text("ticket"), people[1])
    assert scanned.status == 201
    shown = await anne.get(f"/v1/enrolments/{offered.text('id')}")
    assert (shown.body["status"], shown.body["device"]) == ("scanned", "Tablette")
    digits = {"digits": scanned.text("digits")}
    assert (await anne.post(f"/v1/enrolments/{offered.text('id')}/confirmation", digits)).status == 201
    state = await site.nobody.post("/v1/enrolments/state", {"ticket": offered.text("ticket")})
    assert state.body["status"] == "done"
    assert [item["name"] for item in (await anne.get("/v1/devices")).items()] == ["Tablette"]


async def test_each_wrong_step_has_its_own_code(site: Site, people: tuple[Person, ...]) -> None:
    weak = await site.sign_in(people[0])
    assert (await weak.post("/v1/enrolments")).code == "fresh_proof_needed"
    anne = await site.sign_in(people[0], with_card=True)
    offered = await anne.post("/v1/enrolments")
    confirmation = f"/v1/enrolments/{offered.text('id')}/confirmation"
    assert (await anne.post(confirmation, {"digits": "00"})).code == "enrolment_waiting"
    digits = (await scan(site, offered.text("ticket"), people[1])).text("digits")
    assert (await scan(site, offered.text("ticket"), people[2])).code == "enrolment_ticket_refused"
    wrong = {"digits": f"{(int(digits) + 1) % 100:02}"}
    assert (await anne.post(confirmation, wrong)).code == "digits_wrong"
    assert (await anne.post(confirmation, {"digits": digits})).code == "enrolment_closed"
    assert (await weak.post(confirmation, {"digits": digits})).code == "not_found"
    assert (await anne.post(confirmation, {"digits": "1"})).code == "invalid_request"


# --- a screen confirmed by phone --------------------------------------------------------------------------


async def phone_of(site: Site, person: Person) -> Api:
    """The person's enrolled phone, signed in there."""
    strong = await site.sign_in(person, with_card=True)
    device = str((await enrol(site, strong, person)).node("device")["id"])
    nonce = (await site.nobody.post("/v1/nonces")).text("nonce")
    signature = written(person.sign(signed_bytes(SIGN_IN, ORIGIN, nonce, device)))
    claim = {**site.claim(person), "device": {"device": device, "nonce": nonce, "signature": signature}}
    return site.nobody.having((await site.nobody.post("/v1/sessions", claim)).text("token"))


def who(person: Person) -> dict[str, str]:
    return {"client_identifier": CLIENT, "user_number": person.user.number}


async def test_a_screen_comes_in_once_its_digits_are_typed_on_the_phone(site: Site, people: tuple[Person, ...]) -> None:
    phone = await phone_of(site, people[0])
    asked = await site.nobody.post("/v1/confirmations", who(people[0]))
    completion = {**who(people[0]), "secret": asked.text("secret")}
    waiting = await site.nobody.post("/v1/confirmations/completion", completion)
    assert (waiting.status, waiting.code) == (409, "sign_in_waiting")
    (listed,) = (await phone.get("/v1/confirmations")).items()
    assert "digits" not in listed
    answer = f"/v1/confirmations/{listed['id']}/answer"
    assert (await phone.post(answer, {"digits": asked.text("digits")})).status == 204
    there = await site.nobody.post("/v1/confirmations/completion", completion)
    assert there.status == 201
    assert there.node("login")["factors"] == ["phone"]
    assert (await site.nobody.post("/v1/confirmations/completion", completion)).code == "confirmation_closed"


async def test_each_way_not_to_confirm_has_its_own_code(site: Site, people: tuple[Person, ...]) -> None:
    phone, browser = await phone_of(site, people[0]), await site.sign_in(people[0])
    asked = await site.nobody.post("/v1/confirmations", who(people[0]))
    (listed,) = (await phone.get("/v1/confirmations")).items()
    answer = f"/v1/confirmations/{listed['id']}/answer"
    digits = asked.text("digits")
    assert (await browser.post(answer, {"digits": digits})).code == "device_needed"
    assert (await phone.post(answer, {"digits": f"{(int(digits) + 1) % 100:02}"})).code == "digits_wrong"
    assert (await phone.post(answer, {"digits": digits})).code == "confirmation_closed"
    assert (await phone.post(f"/v1/confirmations/{listed['id']}/refusal")).code == "confirmation_closed"
    assert (await phone.post("/v1/confirmations/cfm_none/refusal")).code == "not_found"


async def test_a_refusal_on_the_phone_closes_it(site: Site, people: tuple[Person, ...]) -> None:
    phone = await phone_of(site, people[0])
    await site.nobody.post("/v1/confirmations", who(people[0]))
    (listed,) = (await phone.get("/v1/confirmations")).items()
    assert (await phone.post(f"/v1/confirmations/{listed['id']}/refusal")).status == 204
    assert (await phone.get("/v1/confirmations")).items() == []


async def test_a_screen_that_asks_for_nobody_is_answered_alike(site: Site, people: tuple[Person, ...]) -> None:
    known = await site.nobody.post("/v1/confirmations", who(people[0]))
    unknown = await site.nobody.post("/v1/confirmations", {**who(people[0]), "user_number": "999"})
    assert known.status == unknown.status == 201
    assert set(known.body) == set(unknown.body)
    assert known.body["expires"] == unknown.body["expires"]
