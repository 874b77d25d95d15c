import hashlib
import json

from tests.house import House, Person, mine
from tests.server.http.site import Site


async def test_the_evidence_of_a_signed_action_is_whole(site: Site, house: House, people: tuple[Person, ...]) -> None:
    sheet = await house.hold()
    challenge = mine(sheet, people[0])
    anne = await site.sign_in(people[0])
    address = f"/v1/challenges/{challenge.id}/answers"
    await anne.post(address, {"method": "cap", "code": "00000000"})
    house.clock.advance(seconds=1)
    await anne.post(address, {"method": "cap", "code": people[0].answer(challenge.reader_input).code})
    evidence = await site.core.get(f"/v1/actions/{sheet.id}/evidence")
    assert [attempt["answer"] for attempt in evidence.items("attempts")] == ["proof_refused", "accepted"]
    assert {attempt["asserted_by"] for attempt in evidence.items("attempts")} == {"bank"}
    assert str(evidence.node("release")["token"]).count(".") == 2
    codes = [entry["code"] for entry in evidence.items("audit")]
    assert codes[0] == "action_opened"
    assert codes[-1] == "action_approved"


async def test_an_envelopes_digest_is_of_its_bytes_as_they_stand(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    sheet = await house.hold()
    evidence = await site.core.get(f"/v1/actions/{sheet.id}/evidence")
    envelope = next(one for one in evidence.items("envelopes") if one["signer"] == people[0].user.id)
    written = json.dumps(envelope["content"], separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode()
    assert written in evidence.content
    assert envelope["sha256"] == hashlib.sha256(written).hexdigest()


async def test_an_action_nobody_signed_has_no_release(site: Site, house: House) -> None:
    sheet = await house.hold()
    evidence = await site.core.get(f"/v1/actions/{sheet.id}/evidence")
    assert evidence.body["release"] is None
    assert evidence.items("attempts") == []


async def test_evidence_is_the_cores_to_read(site: Site, house: House, people: tuple[Person, ...]) -> None:
    sheet = await house.hold()
    anne = await site.sign_in(people[0])
    assert (await anne.get(f"/v1/actions/{sheet.id}/evidence")).code == "not_authenticated"
    assert (await site.core.get("/v1/actions/act_none/evidence")).code == "not_found"
