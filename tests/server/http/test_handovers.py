"""Card bridges as they are called over HTTP: paired, handed challenges over to, reporting a blocked chip."""

import pytest

from approvals.credentials.handover import Act
from approvals.model.card import CardStatus
from approvals.model.inbox import EventKind
from approvals.model.proof import CapProof
from tests.house import House, Person, mine
from tests.server.http.bridges import Bridge, pair, type_code
from tests.server.http.site import Site
from tests.server.spec import Api, Node


@pytest.fixture
async def screen(site: Site, people: tuple[Person, ...]) -> Api:
    """Anne, signed in with code and card."""
    return await site.sign_in(people[0], with_card=True)


@pytest.fixture
async def bridge(site: Site, screen: Api, people: tuple[Person, ...]) -> Bridge:
    """A bridge of Anne's."""
    return await pair(site, screen, people[1])


async def challenge_of(house: House, person: Person) -> tuple[str, CapProof]:
    """Something to sign, and the code for it."""
    challenge = mine(await house.hold(), person)
    return challenge.id, person.answer(challenge.reader_input)


async def test_a_bridge_is_paired_and_is_a_device_of_its_kind(site: Site, screen: Api, bridge: Bridge) -> None:
    devices = (await screen.get("/v1/devices")).items()
    assert [(each["id"], each["kind"]) for each in devices] == [(bridge.device, "bridge")]
    assert (await bridge.api.get("/v1/handovers")).items() == []
    assert (await site.nobody.get("/v1/handovers")).code == "not_authenticated"
    assert (await screen.get("/v1/handovers")).code == "not_authenticated"


async def test_each_wrong_pairing_has_its_own_code(site: Site, people: tuple[Person, ...]) -> None:
    weak = await site.sign_in(people[0])
    assert (await weak.post("/v1/pairings")).code == "fresh_proof_needed"
    for _ in range(10):
        assert (await type_code(site, "0000-0000", people[1])).code == "pairing_code_refused"
    slowed = await type_code(site, "0000-0000", people[1])
    assert (slowed.status, slowed.code) == (429, "too_many_failures")


async def test_a_challenge_is_shown_to_the_bridge_behind_the_digits_and_answered_there(
    house: House, screen: Api, bridge: Bridge, people: tuple[Person, ...]
) -> None:
    challenge, proof = await challenge_of(house, people[0])
    asked = await screen.post(f"/v1/challenges/{challenge}/handover")
    handover = asked.text("id")
    (waiting,) = (await bridge.api.get("/v1/handovers")).items()
    assert set(waiting) == {"id", "asked", "expires"}
    shown = await bridge.act(Act.TAKE, handover, {"digits": asked.text("digits")})
    assert shown.node("challenge")["id"] == challenge
    assert shown.node("statement")["language"] == "fr"
    form: Node = {"proof": {"method": "cap", "code": proof.code}}
    answered = await bridge.act(Act.ANSWER, handover, form, request="once")
    assert answered.body["answer"] == "accepted"
    again = await bridge.act(Act.ANSWER, handover, form, request="once")
    assert (again.body, again.headers["Idempotency-Replayed"]) == (answered.body, "true")
    state = await screen.get(f"/v1/handovers/{handover}")
    assert (state.body["status"], state.body["answer"]) == ("done", "accepted")


async def test_each_way_not_to_take_over_has_its_own_code(
    site: Site, house: House, screen: Api, bridge: Bridge, people: tuple[Person, ...]
) -> None:
    challenge, proof = await challenge_of(house, people[0])
    path = f"/v1/challenges/{challenge}/handover"
    bruno = await site.sign_in(people[1], with_card=True)
    assert (await bruno.post(path)).code == "not_found"
    asked = await screen.post(path)
    handover, digits = asked.text("id"), asked.text("digits")
    form: Node = {"proof": {"method": "cap", "code": proof.code}}
    assert (await bridge.act(Act.ANSWER, handover, form)).code == "handover_closed"
    second = await pair(site, await site.sign_in(people[0], with_card=True), people[2])
    forged = Bridge(site=site, key=people[2], device=bridge.device, api=bridge.api)
    assert (await forged.act(Act.TAKE, handover, {"digits": digits})).code == "device_signature_refused"
    assert (await second.act(Act.TAKE, handover, {"digits": digits})).status == 200
    assert (await bridge.act(Act.TAKE, handover, {"digits": digits})).code == "handover_taken"
    assert (await second.act(Act.GIVE_BACK, handover, {})).status == 204
    assert (await second.act(Act.ANSWER, handover, form)).code == "handover_closed"
    again = await screen.post(path)
    wrong = f"{(int(again.text('digits')) + 1) % 100:02}"
    assert (await bridge.act(Act.TAKE, again.text("id"), {"digits": wrong})).code == "digits_wrong"
    assert (await bridge.act(Act.TAKE, "hnd_none", {"digits": "11"})).code == "not_found"


async def test_without_a_bridge_there_is_nobody_to_hand_over_to(
    house: House, screen: Api, people: tuple[Person, ...]
) -> None:
    challenge, _ = await challenge_of(house, people[0])
    answered = await screen.post(f"/v1/challenges/{challenge}/handover")
    assert (answered.status, answered.code) == (403, "bridge_needed")


async def test_a_web_page_holding_a_bridges_token_gets_no_stream(site: Site, bridge: Bridge) -> None:
    assert (await bridge.api.get("/v1/handovers")).status == 200
    headers = {"Origin": "https://evil.example", "Sec-WebSocket-Protocol": "contreseing.v1"}
    async with site.session.get(f"{site.origin}/v1/stream", headers=headers) as refused:
        assert refused.status == 403
        assert (await refused.json())["code"] == "origin_refused"


# --- a blocked chip ---------------------------------------------------------------------------------------


async def test_a_blocked_chip_blocks_the_card_and_every_device_hears_what_to_do(
    house: House, bridge: Bridge, people: tuple[Person, ...]
) -> None:
    last4 = people[0].card.last4
    form = {"card": last4, "device": await bridge.signed(f"card-blocked {last4}")}
    told = await bridge.api.post("/v1/cards/blocked", form)
    assert (told.body["status"], told.body["call"]) == ("blocked", "adviser")
    assert "facturée selon le tarif" in told.text("text")
    assert (await house.card(people[0])).status is CardStatus.BLOCKED
    kinds = [event.news.kind for event in await house.inbox.read(people[0].user.id, 0, 50)]
    assert kinds.count(EventKind.CARD_BLOCKED) == 1
    form = {"card": people[0].card.id, "device": await bridge.signed(f"card-blocked {people[0].card.id}")}
    assert (await bridge.api.post("/v1/cards/blocked", form)).body["status"] == "blocked"
    kinds = [event.news.kind for event in await house.inbox.read(people[0].user.id, 0, 50)]
    assert kinds.count(EventKind.CARD_BLOCKED) == 1


async def test_a_bridge_blocks_its_own_persons_cards_and_signs_for_each(
    house: House, bridge: Bridge, people: tuple[Person, ...]
) -> None:
    theirs, own = people[1].card.id, people[0].card.id
    form = {"card": theirs, "device": await bridge.signed(f"card-blocked {theirs}")}
    assert (await bridge.api.post("/v1/cards/blocked", form)).code == "not_found"
    form = {"card": own, "device": await bridge.signed(f"card-blocked {theirs}")}
    assert (await bridge.api.post("/v1/cards/blocked", form)).code == "device_signature_refused"
    assert (await house.card(people[0])).status is CardStatus.ACTIVE
