from tests.house import House, Person
from tests.server.http.site import Site


async def test_a_person_sees_their_own_cards_and_no_number(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    (card,) = (await anne.get("/v1/cards")).items()
    assert card == {
        "id": people[0].card.id,
        "kind": "secur_acces",
        "status": "active",
        "last4": people[0].card.last4,
        "resync_due": False,
    }


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
    assert (await site.nobody.post(f"/v1/cards/{people[1].card.id}/resync", codes)).code == "not_authenticated"
    assert (await site.core.get("/v1/cards")).code == "not_authenticated"
