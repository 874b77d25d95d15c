import pytest

from approvals.model.card import CardStatus
from tests.cards import hand_over, made_card, order_card, read_card, read_order
from tests.house import CHEQUEBOOK, CLIENT, House, Person, mine
from tests.server.http.site import Site

HOLDER = {"client_identifier": CLIENT, "user_number": "001"}


async def test_a_person_sees_their_own_cards_and_no_number(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    (card,) = (await anne.get("/v1/cards")).items()
    assert card == {
        "id": people[0].card.id,
        "kind": "secur_acces",
        "status": "active",
        "last4": people[0].card.last4,
        "resync_due": False,
        "expires": None,
        "text": "La carte est active.",
        "call": None,
        "reason": None,
        "replaces": None,
        "delivery": None,
        "pin_letter": None,
    }


async def test_a_card_on_order_is_listed_with_what_is_to_come(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    await order_card(house, people[0], replaces=people[0].card.id)
    anne = await site.sign_in(people[0])
    ordered = (await anne.get("/v1/cards")).items()[-1]
    assert (ordered["status"], ordered["last4"], ordered["pin_letter"]) == ("ordered", None, "ordered")
    assert "séparément" in str(ordered["text"])


async def test_the_core_reads_the_cards_of_a_person_it_names(site: Site, people: tuple[Person, ...]) -> None:
    listed = await site.core.get("/v1/cards", client=CLIENT, user="001", language="en")
    assert [(each["id"], each["text"]) for each in listed.items()] == [(people[0].card.id, "The card is active.")]
    assert (await site.core.get("/v1/cards")).code == "invalid_request"
    assert (await site.core.get("/v1/cards", client=CLIENT, user="999")).code == "not_found"


async def test_a_lost_card_is_reported_and_its_text_says_whom_to_call(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    assert (await anne.post(f"/v1/cards/{people[0].card.id}/report", {"trouble": "lost"})).status == 204
    (card,) = (await anne.get("/v1/cards")).items()
    assert (card["status"], card["call"]) == ("reported", "adviser")
    bruno = await site.sign_in(people[1])
    assert (await bruno.post(f"/v1/cards/{people[0].card.id}/report", {"trouble": "lost"})).code == "not_found"
    assert (await site.core.post(f"/v1/cards/{people[1].card.id}/report", {"trouble": "stolen"})).status == 204


async def test_a_new_card_is_activated_once_and_the_same_request_twice_is_one(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    anne, new = await site.sign_in(people[0]), await hand_over(house, people[0])
    path, code = f"/v1/cards/{new.card.id}/activation", {"code": new.code_key().code}
    first, again = [await anne.post(path, code, key="once") for _ in range(2)]
    assert (first.status, first.body) == (200, {"answer": "accepted", "attempts_left": 3, "warning": None})
    assert again.body == first.body
    assert again.headers["Idempotency-Replayed"] == "true"
    twice = await anne.post(path, {"code": new.code_key().code})
    assert (twice.status, twice.code) == (409, "card_activated_already")


async def test_of_two_cards_the_one_meant_is_asked_for_and_named(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    anne, new = await site.sign_in(people[0]), await hand_over(house, people[0])
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    path = f"/v1/challenges/{mine(sheet, people[0]).id}/answers"
    proof = {"method": "cap", "code": new.code_key().code}
    asked = await anne.post(path, proof)
    assert (asked.status, asked.code) == (409, "card_choice_needed")
    named = {(each["id"], each["kind"], each["last4"]) for each in asked.items("choices")}
    assert named == {
        (people[0].card.id, "secur_acces", people[0].card.last4),
        (new.card.id, "professional", new.card.last4),
    }
    answered = await anne.post(path, {**proof, "card": new.card.last4})
    assert answered.body["answer"] == "accepted"


async def test_at_the_door_a_card_is_chosen_by_its_last_digits(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    new = await hand_over(house, people[0])
    claim = {**site.claim(people[0]), "cap": new.code_key().code}
    assert (await site.nobody.post("/v1/sessions", claim)).code == "card_choice_needed"
    signed_in = await site.nobody.post("/v1/sessions", {**claim, "card": new.card.last4})
    assert signed_in.status == 201
    assert (await read_card(house, new.card.id)).status is CardStatus.ACTIVE


async def test_a_locked_card_is_told_in_the_persons_language(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    await house.put_card(people[0].card, status=CardStatus.LOCKED)
    refused = await site.nobody.post("/v1/sessions", site.claim(people[0], with_card=True))
    assert (refused.status, refused.code) == (423, "card_locked")
    assert "chargé d'affaires" in refused.text("detail")


async def test_two_codes_in_a_row_bring_a_card_back_into_step(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    anne = await site.sign_in(people[0])
    for _ in range(40):
        people[0].code_key()
    codes = {"first": people[0].code_key().code, "second": people[0].code_key().code}
    assert (await anne.post(f"/v1/cards/{people[0].card.id}/resync", codes)).status == 204
    assert (await house.card(people[0])).last_atc == 42


async def test_two_codes_that_do_not_follow_each_other_spend_an_attempt(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    anne = await site.sign_in(people[0])
    answered = await anne.post(f"/v1/cards/{people[0].card.id}/resync", {"first": "00000000", "second": "00000001"})
    assert (answered.status, answered.code) == (422, "resync_refused")
    assert (await house.card(people[0])).attempts_left == 2


async def test_nobody_touches_another_persons_card(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    codes = {"first": "00000000", "second": "00000001"}
    assert (await anne.post(f"/v1/cards/{people[1].card.id}/resync", codes)).code == "not_found"
    assert (await anne.post(f"/v1/cards/{people[1].card.id}/activation", {"code": "00000000"})).code == "not_found"
    assert (await site.nobody.post(f"/v1/cards/{people[1].card.id}/resync", codes)).code == "not_authenticated"
    assert (await site.nobody.get("/v1/cards")).code == "not_authenticated"


# --- the makers -------------------------------------------------------------------------------------------


async def test_makers_report_by_their_own_scopes_and_learn_nothing_of_each_other(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    card_id = await order_card(house, people[0], replaces=people[0].card.id)
    made = made_card(house)
    produced = {
        "report": "produced",
        "holder": HOLDER,
        "pan": made.pan,
        "psn": made.psn,
        "expires": "2029-11",
        "profile": made.profile_id,
        "issuer_key": "test",
    }
    for scope, path, body in (
        ("cards", "reports", produced),
        ("cards", "reports", {"report": "sent", "holder": HOLDER}),
        ("pins", "pin-reports", {"report": "pin_mailed", "holder": HOLDER}),
    ):
        maker = await site.keyed(scope)
        reported = await maker.post(f"/v1/card-orders/{card_id}/{path}", body)
        assert (reported.status, reported.content) == (204, b"")
        other = await site.keyed("pins" if scope == "cards" else "cards")
        assert (await other.post(f"/v1/card-orders/{card_id}/{path}", body)).code == "forbidden"
    card = await read_card(house, card_id)
    assert (card.status, card.expires_on) == (CardStatus.SENT, made.expires_on)
    assert (await read_order(house, card_id)).pin_letter == "mailed"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"report": "sent", "holder": HOLDER}, "card_report_out_of_order"),
        ({"report": "sent", "holder": {**HOLDER, "user_number": "002"}}, "card_report_foreign"),
        ({"report": "melted", "holder": HOLDER}, "invalid_request"),
    ],
)
async def test_a_report_that_cannot_be_is_refused_by_its_code(
    site: Site, house: House, people: tuple[Person, ...], body: dict[str, object], code: str
) -> None:
    card_id = await order_card(house, people[0], replaces=people[0].card.id)
    maker = await site.keyed("cards")
    assert (await maker.post(f"/v1/card-orders/{card_id}/reports", body)).code == code


async def test_a_report_twice_is_refused_by_its_code(site: Site, house: House, people: tuple[Person, ...]) -> None:
    card_id = await order_card(house, people[0], replaces=people[0].card.id)
    printer = await site.keyed("pins")
    path, body = f"/v1/card-orders/{card_id}/pin-reports", {"report": "pin_mailed", "holder": HOLDER}
    assert (await printer.post(path, body)).status == 204
    again = await printer.post(path, body)
    assert (again.status, again.code) == (409, "card_report_repeated")


async def test_orders_are_listed_by_pages_and_filtered(site: Site, house: House, people: tuple[Person, ...]) -> None:
    for n, person in enumerate(people):
        house.clock.advance(seconds=1)
        await order_card(house, person, f"crd_n{n}", replaces=person.card.id)
    first = await site.core.get("/v1/card-orders", limit=2)
    rest = await site.core.get("/v1/card-orders", limit=2, after=first.text("next"))
    assert [each["card"] for each in (*first.items(), *rest.items())] == ["crd_n2", "crd_n1", "crd_n0"]
    assert rest.body["next"] is None
    assert (await site.core.get("/v1/card-orders", produced="true")).items() == []
    assert (await site.core.get("/v1/card-orders", kind="professional")).items() == []
    assert len((await site.core.get("/v1/card-orders", kind="secur_acces", produced="false")).items()) == 3
    assert (await site.core.get("/v1/card-orders", after="nonsense")).code == "invalid_request"
