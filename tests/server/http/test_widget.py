import json
import re

import pytest

from approvals.desk.widget import challenge_of
from server.http.gates import LOGIN_SCHEME
from server.http.routes import Row
from server.http.tables import ROWS
from tests.house import CLIENT, Person
from tests.server.http.site import OPENING, ORIGIN, Site
from tests.server.spec import Answered, Api

HOST, OTHER_HOST = "https://espace.bank.test", "https://other.bank.test"
VERIFIER = "v" * 43

GUARDED = [row for row in ROWS if LOGIN_SCHEME in row.schemes]
FOR_GUESTS = {
    "GET /v1/sessions/here",
    "POST /v1/stream/tickets",
    "GET /v1/inbox",
    "POST /v1/actions",
    "GET /v1/actions",
    "GET /v1/actions/{action}",
    "POST /v1/remittances",
    "POST /v1/remittances/summaries",
    "GET /v1/actions/{action}/payees",
    "GET /v1/preparations/{preparation}",
    "GET /v1/beneficiaries",
    "GET /v1/beneficiary-lists",
    "GET /v1/conversation",
    "POST /v1/conversation/messages",
    "POST /v1/conversation/adviser",
    "POST /v1/conversation/actions",
    "POST /v1/conversation/reading",
    "POST /v1/conversation/closing",
    "GET /v1/conversation/files/{file}",
    "POST /v1/conversation/files/{file}/confirmation",
    "POST /v1/conversation/files/{file}/refusal",
    "GET /v1/subscriptions/{client}/people",
    "GET /v1/subscriptions/{client}/accounts",
}


def name_of(row: Row) -> str:
    return f"{row.method} {row.path}"


WIDGETS = [row for row in ROWS if name_of(row) in FOR_GUESTS or "/widget" in row.path]
"""What the frame asks for, and what its host's back end does."""


class Frame:
    """The chat's frame on a host's page, and that page's back end."""

    def __init__(self, site: Site, back_end: Api) -> None:
        self._site = site
        self._back_end = back_end

    async def vouched(self, person: Person, **changed: str) -> Answered:
        named = {"client_identifier": CLIENT, "user_number": person.user.number}
        asked = {"host": HOST, "challenge": challenge_of(VERIFIER)}
        return await self._back_end.post("/v1/widget-tokens", {**named, **asked, **changed})

    async def entered(self, token: str, **changed: str) -> Answered:
        shown = {"token": token, "host": HOST, "verifier": VERIFIER}
        return await self._site.nobody.post("/v1/widget/sessions", {**shown, **changed})

    async def guest(self, person: Person) -> Api:
        """A client for this person, in the widget."""
        entered = await self.entered((await self.vouched(person)).text("token"))
        assert entered.status == 201
        return self._site.nobody.having(entered.text("token"))


@pytest.fixture
async def frame(site: Site) -> Frame:
    return Frame(site, await site.keyed("widget"))


async def test_the_hosts_word_opens_a_stay_that_says_where_it_comes_from(
    frame: Frame, people: tuple[Person, ...]
) -> None:
    entered = await frame.entered((await frame.vouched(people[0])).text("token"))
    assert (entered.status, entered.node("login")["factors"]) == (201, ["host"])
    assert entered.node("user")["id"] == people[0].user.id
    assert "Set-Cookie" not in entered.headers


async def test_a_token_is_good_once(frame: Frame, people: tuple[Person, ...]) -> None:
    token = (await frame.vouched(people[0])).text("token")
    assert (await frame.entered(token)).status == 201
    again = await frame.entered(token)
    assert (again.status, again.code) == (401, "not_authenticated")


async def test_a_token_is_good_for_a_minute(frame: Frame, site: Site, people: tuple[Person, ...]) -> None:
    token = (await frame.vouched(people[0])).text("token")
    site.house.clock.advance(seconds=60)
    assert (await frame.entered(token)).code == "not_authenticated"


@pytest.mark.parametrize(
    "thief",
    [{"host": OTHER_HOST}, {"host": "https://evil.test"}, {"verifier": "w" * 43}],
    ids=["another host of ours", "a page of a stranger", "another frame of the same host"],
)
async def test_a_stolen_token_serves_no_other_frame(
    frame: Frame, people: tuple[Person, ...], thief: dict[str, str]
) -> None:
    token = (await frame.vouched(people[0])).text("token")
    stolen = await frame.entered(token, **thief)
    assert (stolen.status, stolen.code) == (401, "not_authenticated")
    assert (await frame.entered(token)).status == 201  # and the thief did not spoil it


async def test_a_token_changed_to_name_somebody_else_is_refused(frame: Frame, people: tuple[Person, ...]) -> None:
    token = (await frame.vouched(people[0])).text("token")
    forged = token.replace(people[0].user.id, people[1].user.id)
    assert forged != token
    assert (await frame.entered(forged)).code == "not_authenticated"


@pytest.mark.parametrize("host", ["https://evil.test", f"{HOST}.evil.test", f"{HOST}/", "http://espace.bank.test"])
async def test_nobody_is_vouched_for_on_a_host_off_the_list(
    frame: Frame, people: tuple[Person, ...], host: str
) -> None:
    refused = await frame.vouched(people[0], host=host)
    assert (refused.status, refused.code, refused.text("field")) == (422, "invalid_request", "host")


@pytest.mark.parametrize("number", ["999", "000"])
async def test_nobody_is_vouched_for_who_does_not_exist(frame: Frame, people: tuple[Person, ...], number: str) -> None:
    assert (await frame.vouched(people[0], user_number=number)).code == "not_found"


async def test_a_key_of_another_scope_vouches_for_nobody(site: Site, people: tuple[Person, ...]) -> None:
    refused = await Frame(site, await site.keyed("open")).vouched(people[0])
    assert (refused.status, refused.code) == (403, "forbidden")


async def test_a_guest_sees_and_starts(frame: Frame, people: tuple[Person, ...]) -> None:
    guest = await frame.guest(people[0])
    started = await guest.post("/v1/actions", {"kind": OPENING["kind"], "payload": OPENING["payload"]})
    assert started.status == 201
    assert (await guest.get(f"/v1/actions/{started.text('id')}")).status == 200
    assert (await guest.post("/v1/stream/tickets")).status == 201


def test_what_the_widget_reaches_is_there() -> None:
    assert {name_of(row) for row in GUARDED} >= FOR_GUESTS


@pytest.mark.parametrize("row", GUARDED, ids=name_of)
async def test_the_widget_reaches_what_shows_and_starts_and_nothing_else(
    frame: Frame, people: tuple[Person, ...], row: Row
) -> None:
    guest = await frame.guest(people[0])
    answered = await guest.call(row.method, re.sub(r"\{\w+\}", "some_id", row.path))
    is_shut = answered.status == 403 and answered.code == "widget_may_not"
    assert is_shut == (name_of(row) not in FOR_GUESTS)


@pytest.mark.parametrize("origin", ["https://evil.test", HOST, "null"], ids=["a stranger", "its host", "nobody"])
async def test_no_route_of_the_widget_serves_a_page_of_another_origin(
    frame: Frame, site: Site, people: tuple[Person, ...], origin: str
) -> None:
    """Not even with a token that is good: changes are refused, and nothing that is told may be read."""
    guest, headers = await frame.guest(people[0]), {"Origin": origin, "Contreseing-Client": "widget"}
    for row in WIDGETS:
        path = re.sub(r"\{\w+\}", "some_id", row.path)
        answered = await guest.call(row.method, path, headers=headers)
        is_refused = (answered.status, answered.code) == (403, "csrf_refused")
        assert is_refused == (row.method != "GET"), name_of(row)
        asked = {**headers, "Access-Control-Request-Method": row.method}
        async with site.session.options(site.origin + path, headers=asked) as preflight:
            told = {*answered.headers, *preflight.headers}
        assert (preflight.status, [name for name in told if name.startswith("Access-Control")]) == (405, [])


async def test_a_stolen_token_and_its_verifier_serve_no_other_page(
    frame: Frame, site: Site, people: tuple[Person, ...]
) -> None:
    shown = {"token": (await frame.vouched(people[0])).text("token"), "host": HOST, "verifier": VERIFIER}
    entered: dict[str, int] = {}
    for origin in ("https://evil.test", HOST, ORIGIN):
        headers = {"Origin": origin, "Content-Type": "application/json"}
        content = json.dumps(shown).encode()
        answered = await site.nobody.call("POST", "/v1/widget/sessions", content=content, headers=headers)
        entered[origin] = answered.status
    assert entered == {"https://evil.test": 403, HOST: 403, ORIGIN: 201}


async def test_a_stay_of_the_widget_ends_after_five_idle_minutes(
    frame: Frame, site: Site, people: tuple[Person, ...]
) -> None:
    guest = await frame.guest(people[0])
    site.house.clock.advance(seconds=301)
    assert (await guest.get("/v1/inbox")).code == "login_ended"
