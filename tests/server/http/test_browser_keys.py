"""Keys kept by browsers over HTTP and the stream: enrolled, answered with, and neither where the house allows none."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import rfc8785
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from approvals.certificates.signature import SignedType
from approvals.model.json import Json
from approvals.store.book import SqlBook
from tests.certified import BY_CERTIFICATE, name_house
from tests.channels import stream
from tests.fakes import ToldValidator
from tests.holders import ANNE, accept, form, held, token
from tests.house import CODE, House, Person
from tests.joined_desks import Parts
from tests.pki import ONE_STAR, Issued, open_authority
from tests.server.http.site import Site, serving
from tests.server.spec import Answered, Api


@pytest.fixture
def house(sqlite_book: SqlBook, tmp_path: Path) -> House:
    return House(Parts(book=sqlite_book, folder=tmp_path, validator=ToldValidator()))


@pytest.fixture
async def people(house: House) -> tuple[Person, Person, Person]:
    await name_house(house)
    return await house.found(BY_CERTIFICATE)


@pytest.fixture
async def closed(house: House, people: tuple[Person, Person, Person], tmp_path: Path) -> AsyncIterator[Site]:
    """The same bank, which allows no such key any more."""
    assert people
    parts = Parts(book=house.book, folder=tmp_path, validator=ToldValidator(), keys_in_browsers=False)
    async with serving(House(parts)) as served:
        yield served


async def enrol(site: Site, person: Person) -> tuple[Api, Issued, Answered]:
    """Anne's certificate, its key in her browser."""
    authority = open_authority()
    await accept(site.house, authority)
    issued = authority.issue(replace(ANNE, policies=(ONE_STAR,)))
    caller = await site.sign_in(person, with_card=True)
    asked = {**await form(site.house, issued), "in_browser": True}
    return caller, issued, await caller.post("/v1/certificates", asked)


async def ask(site: Site, caller: Api, issued: Issued) -> tuple[str, dict[str, object]]:
    """Something waits for her; return her challenge, and her answer to it but for the code."""
    opened = await site.hold()
    shown = (await caller.get("/v1/inbox")).items("actions")
    (action,) = [each for each in shown if each["id"] == opened.text("id")]
    challenge = action["challenge"]
    assert isinstance(challenge, dict)
    jws = token(issued).jws(SignedType.APPROVAL, rfc8785.dumps(challenge["envelope"]))
    return str(challenge["id"]), {"method": "certificate", "jws": jws}


async def test_a_person_sees_which_of_their_certificates_a_browser_keeps(
    site: Site, people: tuple[Person, ...]
) -> None:
    caller, _, enrolled = await enrol(site, people[0])
    assert (enrolled.status, enrolled.body["in_browser"], enrolled.body["level"]) == (201, True, "*")
    mine = await caller.get("/v1/certificates")
    assert mine.body["keys_in_browsers"] is True
    assert [each["in_browser"] for each in mine.items("certificates")] == [True]


async def test_an_answer_takes_the_confidential_code_and_a_wrong_one_is_counted_and_replayed(
    site: Site, people: tuple[Person, ...]
) -> None:
    caller, issued, _ = await enrol(site, people[0])
    challenge, proof = await ask(site, caller, issued)
    path = f"/v1/challenges/{challenge}/answers"
    alone = await caller.post(path, proof)
    assert (alone.status, alone.code) == (422, "confidential_code_needed")
    wrong = [await caller.post(path, {**proof, "code": "000000"}, key="once") for _ in range(2)]
    assert [each.body["answer"] for each in wrong] == ["proof_refused", "proof_refused"]
    assert [each.body["attempts_left"] for each in wrong] == [2, 2]
    other = await caller.post(path, {**proof, "code": "000001"}, key="once")
    assert (other.status, other.code) == (409, "idempotency_key_reused")
    right = await caller.post(path, {**proof, "code": CODE}, key="twice")
    assert right.body["answer"] == "accepted"


async def test_the_code_goes_over_the_stream_too(site: Site, people: tuple[Person, ...]) -> None:
    caller, issued, _ = await enrol(site, people[0])
    challenge, proof = await ask(site, caller, issued)
    phone = await stream.enrol(site.house, people[0])
    answers = []
    async with connect(
        f"ws{site.origin.removeprefix('http')}/v1/stream",
        subprotocols=[Subprotocol("contreseing.v1")],
        logger=stream.QUIET,
    ) as socket:
        talking = stream.Phone(socket, phone, site.house.terms.origin)
        await talking.greet_signed_in()
        for req, code in (("r1", None), ("r2", "000000"), ("r3", CODE)):
            told: dict[str, Json] = {"method": "certificate", "jws": str(proof["jws"]), "code": code}
            await talking.send({"type": "answer", "req": req, "challenge": challenge, "proof": told})
            answers.append(str((await talking.receive_until("result"))[-1]))
    said = ("confidential_code_needed", "proof_refused", "accepted")
    assert all(expected in answer for expected, answer in zip(said, answers, strict=True))


async def test_where_the_house_allows_none_none_is_enrolled(closed: Site, people: tuple[Person, ...]) -> None:
    caller, _, refused = await enrol(closed, people[0])
    assert (refused.status, refused.code) == (403, "browser_keys_off")
    assert (await caller.get("/v1/certificates")).body["keys_in_browsers"] is False
    assert await held(closed.house, people[0].user.id) == []


async def test_where_the_house_allows_no_more_what_was_enrolled_signs_nothing(
    site: Site, closed: Site, people: tuple[Person, ...]
) -> None:
    before, issued, enrolled = await enrol(site, people[0])
    assert enrolled.status == 201
    challenge, proof = await ask(site, before, issued)
    assert (await closed.hold()).code == "nobody_can_sign"
    caller = await closed.sign_in(people[0])
    refused = await caller.post(f"/v1/challenges/{challenge}/answers", {**proof, "code": CODE})
    assert (refused.status, refused.code) == (403, "browser_keys_off")
