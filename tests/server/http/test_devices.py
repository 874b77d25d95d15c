import base64

from approvals.credentials.device import ENROLMENT, SIGN_IN, signed_bytes
from tests.house import Person
from tests.server.http.site import ORIGIN, Site
from tests.server.spec import Answered, Api


def written(value: bytes) -> str:
    """Bytes as the wire writes them."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


async def enrol(site: Site, caller: Api, person: Person) -> Answered:
    nonce = (await site.nobody.post("/v1/nonces")).text("nonce")
    signature = person.sign(signed_bytes(ENROLMENT, ORIGIN, nonce, ""))
    form = {
        "name": "Téléphone d'Anne",
        "public_key": written(person.public_key()),
        "nonce": nonce,
        "signature": written(signature),
    }
    return await caller.post("/v1/devices", form)


async def test_the_first_device_is_enrolled_behind_code_and_card(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0], with_card=True)
    enrolled = await enrol(site, anne, people[0])
    assert enrolled.status == 201
    assert enrolled.text("token").startswith("ctd_")
    assert [item["name"] for item in (await anne.get("/v1/devices")).items()] == ["Téléphone d'Anne"]


async def test_the_confidential_code_alone_enrols_no_device(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    answered = await enrol(site, anne, people[0])
    assert (answered.status, answered.code) == (403, "fresh_proof_needed")


async def test_a_device_that_did_not_sign_our_number_is_refused(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0], with_card=True)
    form = {
        "name": "Autre",
        "public_key": written(people[0].public_key()),
        "nonce": "never-given",
        "signature": written(people[0].sign(b"something else")),
    }
    answered = await anne.post("/v1/devices", form)
    assert (answered.status, answered.code) == (401, "device_signature_refused")


async def test_nobody_enrols_without_signing_in(site: Site, people: tuple[Person, ...]) -> None:
    assert (await enrol(site, site.nobody, people[0])).code == "not_authenticated"


async def test_a_known_device_signs_in_with_its_key(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0], with_card=True)
    device = (await enrol(site, anne, people[0])).node("device")["id"]
    nonce = (await site.nobody.post("/v1/nonces")).text("nonce")
    signature = written(people[0].sign(signed_bytes(SIGN_IN, ORIGIN, nonce, str(device))))
    claim = {**site.claim(people[0]), "device": {"device": device, "nonce": nonce, "signature": signature}}
    signed_in = await site.nobody.post("/v1/sessions", claim)
    assert signed_in.status == 201
    assert signed_in.node("login")["factors"] == ["confidential_code", "device"]


async def test_a_revoked_device_takes_its_login_along(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0], with_card=True)
    device = (await enrol(site, anne, people[0])).node("device")["id"]
    assert (await anne.delete(f"/v1/devices/{device}")).status == 204
    assert (await anne.get("/v1/devices")).code == "login_ended"


async def test_somebody_elses_device_is_not_told_apart_from_none(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0], with_card=True)
    device = (await enrol(site, anne, people[0])).node("device")["id"]
    bruno = await site.sign_in(people[1])
    theirs, none = await bruno.delete(f"/v1/devices/{device}"), await bruno.delete("/v1/devices/dev_none")
    assert theirs.code == none.code == "not_found"
    assert theirs.body["detail"] == none.body["detail"]
