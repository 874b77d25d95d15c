import hashlib
import json

from approvals.evidence.file import read_file, signed_bytes
from approvals.evidence.file_check import Trust, check_file
from approvals.evidence.signatures import read_key_set
from tests.house import House, Person, mine
from tests.sealing import Sealer
from tests.server.http.site import Site


async def test_the_evidence_of_a_signed_action_is_whole(site: Site, house: House, people: tuple[Person, ...]) -> None:
    sheet = await house.hold()
    challenge = mine(sheet, people[0])
    anne = await site.sign_in(people[0])
    address = f"/v1/challenges/{challenge.id}/answers"
    await anne.post(address, {"method": "cap", "code": "00000000"})
    house.clock.advance(seconds=1)
    await anne.post(address, {"method": "cap", "code": people[0].answer(challenge.reader_input).code})
    await Sealer(book=house.book, clock=house.clock, signer=house.audit_signer).desk.run()
    evidence = await site.core.get(f"/v1/actions/{sheet.id}/evidence")
    trust = Trust(
        audit_keys=read_key_set(house.audit_signer.published_keys()),
        release_keys=read_key_set(house.signer.published_keys()),
    )
    assert check_file(evidence.content, trust).unsealed == 0
    file = read_file(evidence.content).evidence
    (signer,) = [each for each in file.signers if each.signer == people[0].user.id]
    assert [proof["answer"] for proof in signer.proofs] == ["proof_refused", "accepted"]
    codes = [str(line.row["code"]) for line in file.audit]
    assert (codes[:2], codes[-1]) == (["action_opened", "proof_refused"], "action_approved")
    assert sorted(codes[2:-1]) == ["challenge_closed", "challenge_satisfied"]


async def test_an_envelopes_digest_is_of_its_bytes_as_they_stand(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    sheet = await house.hold()
    evidence = await site.core.get(f"/v1/actions/{sheet.id}/evidence")
    signers = read_file(evidence.content).evidence.signers
    (signer,) = [each for each in signers if each.signer == people[0].user.id]
    written = json.dumps(signer.envelope, separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode()
    assert written in evidence.content
    assert signer.envelope_sha256 == hashlib.sha256(written).hexdigest()


async def test_what_is_signed_stands_in_the_reply_byte_by_byte(site: Site, house: House) -> None:
    sheet = await house.hold()
    evidence = await site.core.get(f"/v1/actions/{sheet.id}/evidence")
    assert signed_bytes(read_file(evidence.content).evidence) in evidence.content


async def test_an_action_nobody_signed_has_no_release(site: Site, house: House) -> None:
    sheet = await house.hold()
    file = read_file((await site.core.get(f"/v1/actions/{sheet.id}/evidence")).content).evidence
    assert file.release is None
    assert [signer.proofs for signer in file.signers] == [[], []]


async def test_evidence_is_not_for_a_company_s_own_people(site: Site, house: House, people: tuple[Person, ...]) -> None:
    sheet = await house.hold()
    anne = await site.sign_in(people[0])
    assert (await anne.get(f"/v1/actions/{sheet.id}/evidence")).code == "advisers_only"
    assert (await site.nobody.get(f"/v1/actions/{sheet.id}/evidence")).code == "not_authenticated"
    assert (await site.core.get("/v1/actions/act_none/evidence")).code == "not_found"
