from collections.abc import Mapping

import pytest
from aiohttp import ClientResponse

from tests.house import Person
from tests.server.http.site import ORIGIN, Site

APP = {"Contreseing-Client": "app", "Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


class Browser:
    """A browser's end: it keeps the cookie it is given, and says what its page knows."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    async def sign_in(self, person: Person, **headers: str) -> ClientResponse:
        response = await self.post("/v1/sessions", self._site.claim(person), **headers)
        if response.status == 201:
            self.cookies = {name: cookie.value for name, cookie in response.cookies.items()}
            self.csrf = str((await response.json())["csrf"])
        return response

    async def post(self, path: str, body: Mapping[str, object] | None = None, **headers: str) -> ClientResponse:
        return await self._ask("POST", path, body, {"Contreseing-CSRF": self.csrf, **headers})

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self._ask("GET", path, None, headers)

    async def delete(self, path: str, **headers: str) -> ClientResponse:
        return await self._ask("DELETE", path, None, {"Contreseing-CSRF": self.csrf, **headers})

    async def _ask(
        self, method: str, path: str, body: Mapping[str, object] | None, headers: Mapping[str, str]
    ) -> ClientResponse:
        said = {name: value for name, value in {**APP, **headers}.items() if value}
        response = await self._site.session.request(
            method, self._site.origin + path, json=body, headers=said, cookies=self.cookies
        )
        await response.read()
        return response


@pytest.fixture
async def browser(site: Site, people: tuple[Person, ...]) -> Browser:
    browser = Browser(site)
    assert (await browser.sign_in(people[0])).status == 201
    return browser


async def code_of(response: ClientResponse) -> str:
    return str((await response.json())["code"])


async def test_a_browser_is_given_its_login_in_a_cookie_no_script_reads(site: Site, people: tuple[Person, ...]) -> None:
    response = await Browser(site).sign_in(people[0])
    body = await response.json()
    assert body["token"] is None
    cookie = response.cookies["__Host-contreseing-app"]
    assert cookie.value.startswith("ctl_")
    assert (cookie["path"], cookie["samesite"], cookie["domain"], cookie["max-age"]) == ("/", "Strict", "", "")
    assert (cookie["secure"], cookie["httponly"]) == (True, True)


async def test_everybody_else_is_given_the_token_as_ever(site: Site, people: tuple[Person, ...]) -> None:
    signed_in = await site.nobody.post("/v1/sessions", site.claim(people[0]))
    assert signed_in.text("token").startswith("ctl_")
    assert signed_in.body["csrf"] is None
    assert "Set-Cookie" not in signed_in.headers


async def test_a_page_loaded_again_finds_its_login_and_keeps_nobody_signed_in(browser: Browser, site: Site) -> None:
    site.house.clock.advance(seconds=200)
    found = await browser.get("/v1/sessions/here")
    assert found.status == 200
    body = await found.json()
    assert (body["csrf"], body["token"]) == (browser.csrf, None)
    site.house.clock.advance(seconds=101)
    assert await code_of(await browser.get("/v1/sessions/here")) == "login_ended"


async def test_a_change_by_cookie_needs_the_logins_own_csrf_token(
    browser: Browser, site: Site, people: tuple[Person, ...]
) -> None:
    other = Browser(site)
    await other.sign_in(people[1])
    for csrf in ("", "0" * 64, "é", other.csrf):
        refused = await browser.post("/v1/stream/tickets", None, **{"Contreseing-CSRF": csrf})
        assert (refused.status, await code_of(refused)) == (403, "csrf_refused")
    assert (await browser.post("/v1/stream/tickets")).status == 201


@pytest.mark.parametrize(
    "forged",
    [{"Origin": "https://evil.test"}, {"Origin": ""}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["another", "none", "null", "cross-site"],
)
async def test_a_change_asked_for_by_another_origin_is_refused(
    browser: Browser, site: Site, people: tuple[Person, ...], forged: dict[str, str]
) -> None:
    assert await code_of(await browser.post("/v1/stream/tickets", None, **forged)) == "csrf_refused"
    assert await code_of(await Browser(site).sign_in(people[0], **forged)) == "csrf_refused"


async def test_a_cookie_counts_for_its_own_page_alone(browser: Browser) -> None:
    for client in ("desk", "", "other"):
        refused = await browser.get("/v1/sessions/here", **{"Contreseing-Client": client})
        assert (refused.status, await code_of(refused)) == (401, "not_authenticated")


async def test_signing_out_takes_the_cookie_away(browser: Browser) -> None:
    here = (await (await browser.get("/v1/sessions/here")).json())["login"]["id"]
    left = await browser.delete(f"/v1/sessions/{here}")
    assert left.status == 204
    cookie = left.cookies["__Host-contreseing-app"]
    assert (cookie.value, cookie["max-age"]) == ("", "0")
    assert await code_of(await browser.get("/v1/sessions/here")) == "login_ended"


async def test_a_ticket_keeps_nobody_signed_in(browser: Browser, site: Site) -> None:
    site.house.clock.advance(seconds=290)
    assert (await browser.post("/v1/stream/tickets")).status == 201
    site.house.clock.advance(seconds=11)
    assert await code_of(await browser.post("/v1/stream/tickets")) == "login_ended"
