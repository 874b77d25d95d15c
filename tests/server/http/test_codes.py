"""First entry, letters and one's own code, as they are called over HTTP."""

from approvals.desk.tokens import digest_of
from approvals.model.api_key import ApiKey, Scope
from approvals.model.ids import ApiKeyId
from approvals.model.person import UserStatus
from tests.company import put_status
from tests.desk.letters import NEW_CODE, order
from tests.fakes import START
from tests.house import CLIENT, CODE, House, Person
from tests.server.http.site import Site
from tests.server.spec import Api


async def printer(site: Site) -> Api:
    """A client for who prints letters and does nothing else."""
    key = ApiKey(
        id=ApiKeyId("key_printer"),
        name="printer",
        scopes=frozenset({Scope.LETTERS}),
        token_digest=digest_of("ctk_printer"),
        created_at=START,
    )
    await site.house.book.transaction(lambda ledger: ledger.api_keys.add(key))
    return site.nobody.having("ctk_printer")


def activation(person: Person, secret: str, code: str = NEW_CODE) -> dict[str, str]:
    return {"client_identifier": CLIENT, "user_number": person.user.number, "secret": secret, "code": code}


async def test_core_and_printer_each_see_one_half_of_a_letter(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    await order(house, people[0], UserStatus.INVITED)
    (listed,) = (await site.core.get("/v1/letters")).items()
    assert (listed["client_identifier"], listed["user_number"], listed["status"]) == (CLIENT, "001", "due")
    printed = await (await printer(site)).post(f"/v1/letters/{listed['user']}/printing")
    assert printed.status == 200
    assert CLIENT not in str(printed.body)
    assert printed.text("secret") in str(printed.body["lines"])
    assert "user_number" not in printed.body


async def test_the_printer_reads_no_list_and_the_letters_scope_prints_nothing_for_others(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    await order(house, people[0])
    assert (await (await printer(site)).get("/v1/letters")).code == "forbidden"
    anne = await site.sign_in(people[1])
    assert (await anne.post(f"/v1/letters/{people[0].user.id}/printing")).code == "not_authenticated"


async def test_a_letter_nobody_ordered_is_not_found(site: Site, people: tuple[Person, ...]) -> None:
    assert (await (await printer(site)).post(f"/v1/letters/{people[0].user.id}/printing")).code == "not_found"


async def test_a_person_enters_first_by_letter_and_then_with_their_code(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    await order(house, people[0], UserStatus.INVITED)
    secret = (await (await printer(site)).post(f"/v1/letters/{people[0].user.id}/printing")).text("secret")
    assert (await site.nobody.post("/v1/activations", activation(people[0], secret))).status == 204
    claim = {"client_identifier": CLIENT, "user_number": people[0].user.number, "code": NEW_CODE}
    assert (await site.nobody.post("/v1/sessions", claim)).status == 201
    again = await site.nobody.post("/v1/activations", activation(people[0], secret))
    assert (again.status, again.code) == (401, "activation_refused")


async def test_a_code_easily_guessed_names_its_rule(site: Site, people: tuple[Person, ...]) -> None:
    refused = await site.nobody.post("/v1/activations", activation(people[0], "any", "123456"))
    assert (refused.status, refused.code) == (422, "code_not_allowed")
    assert (refused.body["field"], refused.body["rule"]) == ("code", "sequence")


async def test_the_last_failure_before_the_door_shuts_is_told_in_both_languages(
    site: Site, people: tuple[Person, ...]
) -> None:
    wrong = {**site.claim(people[0]), "code": "000000"}
    told = [await site.nobody.post("/v1/sessions", wrong) for _ in range(5)]
    assert [answer.body["attempts_left"] for answer in told] == [4, 3, 2, 1, 0]
    assert ["words" in answer.body for answer in told] == [False, False, False, True, True]
    assert set(told[3].node("words")) == {"fr", "en"}
    assert "Dernier essai" in str(told[3].body)


async def test_the_old_code_and_a_card_change_the_code(site: Site, people: tuple[Person, ...]) -> None:
    anne, elsewhere = await site.sign_in(people[0]), await site.sign_in(people[0])
    form = {"old": CODE, "cap": people[0].code_key().code, "code": NEW_CODE}
    assert (await anne.post("/v1/confidential-code", form)).status == 204
    assert (await elsewhere.get("/v1/sessions")).code == "login_ended"
    assert (await site.nobody.post("/v1/sessions", site.claim(people[0]))).code == "sign_in_refused"


async def test_a_wrong_proof_changes_nothing_and_says_what_is_left(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    form = {"old": "000000", "cap": people[0].code_key().code, "code": NEW_CODE}
    refused = await anne.post("/v1/confidential-code", form)
    assert (refused.status, refused.code, refused.body["attempts_left"]) == (422, "proof_refused", 4)
    assert (await site.nobody.post("/v1/sessions", site.claim(people[0]))).status == 201


async def test_one_person_signs_out_everywhere_but_here(site: Site, people: tuple[Person, ...]) -> None:
    here, there = await site.sign_in(people[0]), await site.sign_in(people[0])
    bruno = await site.sign_in(people[1])
    assert (await here.delete("/v1/sessions")).status == 204
    assert (await there.get("/v1/sessions")).code == "login_ended"
    assert len((await here.get("/v1/sessions")).items()) == 1
    assert (await bruno.get("/v1/sessions")).status == 200


async def test_a_lock_ends_every_login_over_http(site: Site, people: tuple[Person, ...]) -> None:
    here, there = await site.sign_in(people[0]), await site.sign_in(people[0])
    form = {"old": "000000", "cap": people[0].code_key().code, "code": NEW_CODE}
    told = [(await here.post("/v1/confidential-code", form)).code for _ in range(5)]
    assert told == ["proof_refused"] * 5
    for caller in (here, there):
        assert (await caller.get("/v1/sessions")).code == "login_ended"
    assert (await site.nobody.post("/v1/sessions", site.claim(people[0]))).code == "person_locked"


async def test_who_leaves_is_out_everywhere(site: Site, house: House, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    await put_status(house, people[0], UserStatus.LEFT)
    assert (await anne.get("/v1/sessions")).code == "login_ended"
    assert (await site.nobody.post("/v1/sessions", site.claim(people[0]))).code == "sign_in_refused"
