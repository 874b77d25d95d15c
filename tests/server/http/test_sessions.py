from approvals.credentials.login import IDLE
from tests.house import CLIENT, House, Person
from tests.server.http.site import Site


async def test_a_sign_in_gives_a_token_that_opens_the_persons_own_pages(site: Site, people: tuple[Person, ...]) -> None:
    signed_in = (await site.nobody.post("/v1/sessions", site.claim(people[0]))).body
    anne = site.nobody.having(str(signed_in["token"]))
    listed = await anne.get("/v1/sessions")
    (session,) = listed.items()
    assert session["current"] is True
    assert session["device_name"] is None
    assert session["login"] == signed_in["login"]


async def test_a_wrong_code_and_a_person_nobody_knows_are_refused_alike(site: Site, people: tuple[Person, ...]) -> None:
    wrong = await site.nobody.post("/v1/sessions", {**site.claim(people[0]), "code": "000000"})
    nobody = await site.nobody.post("/v1/sessions", {**site.claim(people[0]), "user_number": "999"})
    assert wrong.status == nobody.status == 401
    same = {"code", "title", "detail", "type"}
    assert {name: wrong.body[name] for name in same} == {name: nobody.body[name] for name in same}
    assert wrong.code == "sign_in_refused"


async def test_a_sign_in_without_any_proof_is_no_sign_in(site: Site) -> None:
    answered = await site.nobody.post("/v1/sessions", {"client_identifier": CLIENT, "user_number": "001"})
    assert (answered.status, answered.code) == (422, "invalid_request")


async def test_too_many_failures_of_one_address_are_told_when_to_come_back(site: Site) -> None:
    claim = {"client_identifier": CLIENT, "code": "000000"}
    answers = [await site.nobody.post("/v1/sessions", {**claim, "user_number": f"9{n}"}) for n in range(12)]
    assert answers[-1].status == 429
    assert int(answers[-1].headers["Retry-After"]) == answers[-1].body["retry_after"]


async def test_nobody_lists_logins_without_a_token(site: Site) -> None:
    answered = await site.nobody.get("/v1/sessions")
    assert (answered.status, answered.code) == (401, "not_authenticated")
    assert answered.headers["WWW-Authenticate"] == "Bearer"


async def test_an_api_key_is_no_person(site: Site) -> None:
    assert (await site.core.get("/v1/sessions")).code == "not_authenticated"


async def test_a_token_nobody_was_given_opens_nothing(site: Site) -> None:
    assert (await site.nobody.having("ctl_" + "x" * 43).get("/v1/sessions")).code == "not_authenticated"


async def test_signing_out_ends_the_token_at_once(site: Site, people: tuple[Person, ...]) -> None:
    signed_in = await site.nobody.post("/v1/sessions", site.claim(people[0]))
    anne = site.nobody.having(signed_in.text("token"))
    left = await anne.delete(f"/v1/sessions/{signed_in.node('login')['id']}")
    assert left.status == 204
    assert (await anne.get("/v1/sessions")).code == "login_ended"


async def test_nobody_signs_another_person_out(site: Site, people: tuple[Person, ...]) -> None:
    theirs = await site.nobody.post("/v1/sessions", site.claim(people[1]))
    anne = await site.sign_in(people[0])
    assert (await anne.delete(f"/v1/sessions/{theirs.node('login')['id']}")).code == "not_found"


async def test_five_minutes_without_a_human_act_end_the_login(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    anne = await site.sign_in(people[0])
    house.clock.advance(seconds=IDLE.total_seconds())
    assert (await anne.get("/v1/cards")).code == "login_ended"


async def test_a_call_of_the_persons_begins_the_five_minutes_again(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    anne = await site.sign_in(people[0])
    for _ in range(3):
        house.clock.advance(minutes=4)
        assert (await anne.get("/v1/cards")).status == 200


async def test_a_snapshot_fetched_by_the_device_keeps_nobody_signed_in(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    anne = await site.sign_in(people[0])
    house.clock.advance(minutes=4)
    assert (await anne.get("/v1/inbox")).status == 200
    house.clock.advance(minutes=1)
    assert (await anne.get("/v1/inbox")).code == "login_ended"
