from joserfc import jws
from joserfc.jwk import KeySet

from approvals.errors import SchemaUnknown
from approvals.evidence.file import read_file
from tests.house import House, Person, mine, release_of
from tests.server.http.site import Site


async def test_a_node_that_can_work_is_live_and_ready(site: Site) -> None:
    assert (await site.nobody.get("/health/live")).body == {"status": "ok"}
    assert (await site.nobody.get("/health/ready")).body == {"status": "ok"}


async def test_a_draining_node_is_live_and_not_ready(site: Site) -> None:
    site.health.drain()
    answered = await site.nobody.get("/health/ready")
    assert (answered.status, answered.code) == (503, "not_ready")
    assert "Retry-After" in answered.headers
    assert (await site.nobody.get("/health/live")).status == 200


async def test_a_schema_nobody_knows_is_not_ready(site: Site) -> None:
    site.schema.trouble = SchemaUnknown("run migrate")
    answered = await site.nobody.get("/health/ready")
    assert (answered.code, answered.body["detail"]) == ("not_ready", "run migrate")


async def test_the_published_keys_check_a_release_token(site: Site, house: House, people: tuple[Person, ...]) -> None:
    sheet = await house.hold()
    challenge = mine(sheet, people[0])
    anne = await site.sign_in(people[0])
    code = people[0].answer(challenge.reader_input).code
    await anne.post(f"/v1/challenges/{challenge.id}/answers", {"method": "cap", "code": code})
    assert await release_of(house, sheet) is not None
    evidence = await site.core.get(f"/v1/actions/{sheet.id}/evidence")
    keys = KeySet.import_key_set((await site.nobody.get("/.well-known/jwks.json")).body)  # type: ignore[arg-type]  # its own TypedDict
    release = read_file(evidence.content).evidence.release
    assert release is not None
    token = jws.deserialize_compact(release.token, keys, algorithms=["ES256"])
    assert sheet.id.encode() in (token.payload or b"")
