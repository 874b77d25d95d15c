"""Conversations over HTTP: the person's own, the advisers' queue, and what is refused."""

import pytest

from approvals.model.adviser import Role
from tests.house import BENEFICIARY, CHEQUEBOOK, House, Person
from tests.server.http.offices import Office, enter, look_after, take_in
from tests.server.http.site import Site
from tests.server.spec import Api
from tests.staff import Staff


@pytest.fixture
async def office(site: Site, house: House) -> Office:
    bankers = await Staff(house).found()
    return Office(site=site, denise=await enter(site, bankers[0]), farid=await enter(site, bankers[1]), bankers=bankers)


@pytest.fixture
async def anne(site: Site, people: tuple[Person, Person, Person]) -> Api:
    return await site.sign_in(people[0])


def message(text: str, req: str = "m1") -> dict[str, str]:
    return {"req": req, "text": text}


async def test_there_is_none_at_first_and_the_assistant_answers_the_first_message(anne: Api) -> None:
    empty = await anne.get("/v1/conversation")
    assert (empty.body["conversation"], empty.items("messages"), empty.body["opens"]) == (None, [], None)
    said = await anne.post("/v1/conversation/messages", message("Comment commander un chéquier ?"))
    assert (said.status, said.body["n"], said.body["name"]) == (201, 1, "Anne Morvan")
    question, answer = (await anne.get("/v1/conversation")).items("messages")
    assert question["text"] == "Comment commander un chéquier ?"
    assert (answer["author"], answer["starts"]) == ("assistant", "chequebook")


@pytest.mark.parametrize(
    ("text", "code"), [("1234 5678", "code_in_message"), ("", "invalid_request"), ("nul \0", "invalid_request")]
)
async def test_what_cannot_be_taken_is_refused(anne: Api, text: str, code: str) -> None:
    refused = await anne.post("/v1/conversation/messages", message(text))
    assert (refused.status, refused.code) == (422, code)
    assert (await anne.get("/v1/conversation")).body["conversation"] is None


async def test_a_paste_far_too_long_is_refused_unread(anne: Api) -> None:
    refused = await anne.post("/v1/conversation/messages", message("a" * 100_000))
    assert (refused.status, refused.code) == (413, "payload_too_large")


async def test_an_adviser_takes_it_answers_hands_it_on_and_ends_it(anne: Api, office: Office) -> None:
    for _ in range(2):
        assert (await anne.post("/v1/conversation/adviser")).status == 204
    (queued,) = (await office.denise.get("/v1/conversations")).items("items")
    assert (queued["company"], queued["unread"]) == ("Martin Bâtiment", 1)
    path = f"/v1/conversations/{(await anne.get('/v1/conversation')).node('conversation')['id']}"
    assert (await office.denise.post(f"{path}/messages", message("Bonjour"))).code == "conversation_not_claimed"
    assert (await office.denise.post(f"{path}/claim")).status == 204
    assert (await office.farid.post(f"{path}/claim")).code == "conversation_taken"
    answered = await office.denise.post(f"{path}/messages", message("Bonjour"))
    assert (answered.status, answered.body["author"]) == (201, "adviser")
    assert (await office.denise.post(f"{path}/reading", {"n": answered.body["n"]})).status == 204
    assert (await office.denise.post(f"{path}/transfer", {"to": office.bankers[1].number})).status == 204
    assert (await office.denise.post(f"{path}/closing")).code == "conversation_not_claimed"
    assert (await office.farid.post(f"{path}/closing")).status == 204
    assert (await office.farid.post(f"{path}/messages", message("Encore", "m2"))).code == "conversation_closed"
    subjects = [each["subject"] for each in (await office.farid.get(path)).items("messages")]
    assert subjects == ["waiting", "claimed", None, "transferred", "closed"]
    assert (await office.farid.get("/v1/conversations")).items("items") == []
    assert len((await office.farid.get("/v1/conversations?status=closed")).items("items")) == 1


async def test_the_last_messages_are_paged_back_from(anne: Api) -> None:
    for n in range(3):
        await anne.post("/v1/conversation/messages", message("Bonjour", f"m{n}"))
    page = (await anne.get("/v1/conversation?before=4&limit=2")).items("messages")
    assert [each["n"] for each in page] == [2, 3]


async def test_customers_see_no_queue_and_advisers_have_no_conversation_of_their_own(anne: Api, office: Office) -> None:
    assert (await anne.get("/v1/conversations")).status == 403
    assert (await office.denise.post("/v1/conversation/adviser")).status == 403


async def test_a_read_mark_and_the_end_need_a_conversation(anne: Api) -> None:
    assert (await anne.post("/v1/conversation/reading", {"n": 1})).status == 404
    assert (await anne.post("/v1/conversation/closing")).status == 404
    await anne.post("/v1/conversation/messages", message("Bonjour"))
    assert (await anne.post("/v1/conversation/reading", {"n": 2})).status == 204
    assert (await anne.post("/v1/conversation/closing")).status == 204


async def test_the_card_of_an_action_one_started(anne: Api, site: Site, people: tuple[Person, Person, Person]) -> None:
    opened = await site.hold(initiator=people[0].user.number)
    shown = await anne.post("/v1/conversation/actions", {"action": opened.text("id")})
    assert (shown.status, shown.body["kind"], shown.body["action"]) == (201, "action", opened.text("id"))
    assert (await anne.post("/v1/conversation/actions", {"action": "act_none"})).status == 404


# --- the card on the adviser's side ----------------------------------------------------------------------------


@pytest.fixture
async def bruno(site: Site, people: tuple[Person, Person, Person]) -> Api:
    return await site.sign_in(people[1])


async def put_card(person: Api) -> tuple[str, str]:
    """The person starts an action and shows its card; return where the conversation is, and the action."""
    opened = await person.post("/v1/actions", {"kind": "beneficiary", "payload": BENEFICIARY})
    assert (await person.post("/v1/conversation/actions", {"action": opened.text("id")})).status == 201
    path = f"/v1/conversations/{(await person.get('/v1/conversation')).node('conversation')['id']}"
    return path, opened.text("id")


async def test_the_adviser_of_a_conversation_reads_its_cards_and_nobody_else_does(
    anne: Api, bruno: Api, site: Site, house: House
) -> None:
    staff = Staff(house)
    bankers = await staff.found()
    own, adviser = await take_in(site, staff, bankers, Role.ADVISER)
    (path, action), (other_path, other_action) = await put_card(anne), await put_card(bruno)
    not_shown = (await anne.post("/v1/actions", {"kind": "chequebook", "payload": CHEQUEBOOK})).text("id")
    for outside in (f"{path}/actions/{action}", f"{other_path}/actions/{other_action}"):
        assert (await adviser.get(outside)).code == "not_found"
    await look_after(house, own)
    shown = await adviser.get(f"{path}/actions/{action}")
    assert (shown.status, shown.text("id"), shown.text("status")) == (200, action, "pending")
    assert (shown.body["challenge"], len(shown.items("signatures"))) == (None, 1)
    for unknown in (other_action, not_shown, "act_none"):
        assert (await adviser.get(f"{path}/actions/{unknown}")).code == "not_found"
    assert (await adviser.get(f"/v1/conversations/cnv_none/actions/{action}")).code == "not_found"
    for stranger in (anne, bruno):
        assert (await stranger.get(f"{path}/actions/{action}")).code == "advisers_only"
