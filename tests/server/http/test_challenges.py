from approvals.model.ids import ChallengeId
from approvals.model.inbox import EventKind
from approvals.model.proof import CapProof
from channels.frames.content import CapCode
from channels.frames.from_device import Answer as Frame
from channels.websocket.request_key import answer_key
from tests.house import House, Person, mine
from tests.server.http.site import SECRET, Site
from tests.server.spec import Answered, Api


class Asked:
    """Anne, signed in, asked to sign one action of the core's."""

    def __init__(self, *, site: Site, anne: Api, person: Person, action: str, challenge: str, code: str) -> None:
        self.site = site
        self.anne = anne
        self.person = person
        self.action = action
        self.challenge = challenge
        self.code = code

    async def answer(self, code: str, *, key: str | None = None) -> Answered:
        body = {"method": "cap", "code": code}
        return await self.anne.post(f"/v1/challenges/{self.challenge}/answers", body, key=key)

    async def status(self) -> object:
        return (await self.site.core.get(f"/v1/actions/{self.action}")).body["status"]


async def ask(site: Site, house: House, person: Person) -> Asked:
    sheet = await house.hold()
    challenge = mine(sheet, person)
    return Asked(
        site=site,
        anne=await site.sign_in(person),
        person=person,
        action=sheet.id,
        challenge=challenge.id,
        code=person.answer(challenge.reader_input).code,
    )


async def test_the_right_code_signs(site: Site, house: House, people: tuple[Person, ...]) -> None:
    asked = await ask(site, house, people[0])
    answered = await asked.answer(asked.code)
    assert (answered.status, answered.body["answer"]) == (200, "accepted")
    assert await asked.status() == "approved"


async def test_a_wrong_code_is_an_answer_with_the_attempts_left(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    asked = await ask(site, house, people[0])
    answered = await asked.answer("00000000")
    assert (answered.status, answered.body) == (200, {"answer": "proof_refused", "attempts_left": 2, "warning": None})
    assert await asked.status() == "pending"


async def test_the_same_answer_under_one_key_spends_one_attempt(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    asked = await ask(site, house, people[0])
    first, again = await asked.answer("00000000", key="a1"), await asked.answer("00000000", key="a1")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.body == first.body == {"answer": "proof_refused", "attempts_left": 2, "warning": None}


async def test_another_code_under_the_same_key_is_another_request(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    asked = await ask(site, house, people[0])
    await asked.answer("00000000", key="a1")
    assert (await asked.answer(asked.code, key="a1")).code == "idempotency_key_reused"


async def test_an_answer_cut_off_on_the_stream_and_sent_again_here_is_one_answer(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    asked = await ask(site, house, people[0])
    login = (await house.sign_in(people[0])).login
    frame = Frame(req="r-1", challenge=asked.challenge, proof=CapCode(code="00000000"))
    key = answer_key(SECRET, people[0].user.id, frame)
    over_the_stream = await house.answers.answer(login.id, ChallengeId(asked.challenge), CapProof(code="00000000"), key)
    here = await asked.answer("00000000", key="r-1")
    assert here.headers["Idempotency-Replayed"] == "true"
    assert here.body["attempts_left"] == over_the_stream.attempts_left == 2


async def test_a_code_of_another_length_spends_nothing(site: Site, house: House, people: tuple[Person, ...]) -> None:
    asked = await ask(site, house, people[0])
    short = await asked.answer("123")
    assert (short.status, short.code, short.body["expected"]) == (422, "code_length", 8)
    shown = await asked.anne.get(f"/v1/challenges/{asked.challenge}")
    assert shown.body["attempts_left"] == 3


async def test_what_is_no_plain_digits_is_no_code(site: Site, house: House, people: tuple[Person, ...]) -> None:
    asked = await ask(site, house, people[0])
    for code in ("1234567a", "１２３４５６７８", f"{asked.code}\n", "", "1" * 17):  # noqa: RUF001  # full-width on purpose
        answered = await asked.answer(code)
        assert (answered.status, answered.body["field"]) == (422, "code")
        assert asked.code not in answered.content.decode()


async def test_a_second_answer_to_a_signed_challenge_is_not_checked(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    asked = await ask(site, house, people[0])
    await asked.answer(asked.code)
    answered = await asked.answer("00000000")
    assert (answered.status, answered.code, answered.body["state"]) == (409, "challenge_closed", "satisfied")


async def test_a_no_rejects_the_action_and_the_same_no_twice_is_one(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    asked = await ask(site, house, people[0])
    address = f"/v1/challenges/{asked.challenge}/refusal"
    once = await asked.anne.post(address, {"reason": "wrong_content"})
    twice = await asked.anne.post(address, {"reason": "wrong_content"})
    assert (once.status, once.body["status"], twice.body) == (200, "refused", once.body)
    assert await asked.status() == "rejected"


async def test_a_reason_nobody_knows_is_refused(site: Site, house: House, people: tuple[Person, ...]) -> None:
    asked = await ask(site, house, people[0])
    answered = await asked.anne.post(f"/v1/challenges/{asked.challenge}/refusal", {"reason": "bored"})
    assert (answered.code, answered.body["field"]) == ("invalid_request", "reason")


async def test_somebody_elses_challenge_is_not_told_apart_from_none(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    asked = await ask(site, house, people[0])
    bruno = await site.sign_in(people[1])
    theirs = await bruno.get(f"/v1/challenges/{asked.challenge}")
    none = await bruno.get("/v1/challenges/chl_none")
    assert theirs.code == none.code == "not_found"
    assert theirs.body["detail"] == none.body["detail"]
    answer = {"method": "cap", "code": asked.code}
    assert (await bruno.post(f"/v1/challenges/{asked.challenge}/answers", answer)).code == "not_found"
    refusal = {"reason": "other"}
    assert (await bruno.post(f"/v1/challenges/{asked.challenge}/refusal", refusal)).code == "not_found"


async def test_an_api_key_can_never_answer(site: Site, house: House, people: tuple[Person, ...]) -> None:
    asked = await ask(site, house, people[0])
    for path, body in (("answers", {"method": "cap", "code": asked.code}), ("refusal", {"reason": "other"})):
        answered = await site.core.post(f"/v1/challenges/{asked.challenge}/{path}", body)
        assert answered.code == "not_authenticated"
    assert (await site.core.get(f"/v1/challenges/{asked.challenge}")).code == "not_authenticated"


async def test_a_snapshot_names_its_head_and_what_waits_for_a_signature(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    asked = await ask(site, house, people[0])
    done = await house.hold()
    await house.withdraw(done)
    snapshot = await asked.anne.get("/v1/inbox")
    assert [action["id"] for action in snapshot.items("actions")] == [asked.action]
    events = await house.inbox.read(people[0].user.id, 0, 100)
    assert snapshot.body["head"] == events[-1].s
    assert events[0].news.kind is EventKind.CHALLENGE_OPENED


async def test_nobody_takes_a_snapshot_without_signing_in(site: Site) -> None:
    assert (await site.nobody.get("/v1/inbox")).code == "not_authenticated"
