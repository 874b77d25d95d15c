"""A page of somebody else's in the browser of a person who is signed in: whatever it tries, nothing comes of it."""

import json
from typing import Final

import pytest
from playwright.async_api import Page

from approvals.desk.widget import challenge_of
from tests.browser.company import Company
from tests.browser.elsewhere import Site
from tests.browser.people import Signer
from tests.browser.sizes import DESKTOP
from tests.browser.windows import Windows

REFUSED: Final = ("CORS policy", "WebSocket connection", "Failed to load resource")
"""What a browser writes down of such tries."""
PAYEE: Final = '{"change": "add", "name": "Voleur", "iban": "FR1420041010050500013M02606"}'
ACTION: Final = f'{{"kind": "beneficiary", "payload": {PAYEE}}}'

FETCH: Final = """async ({ bank, action }) => {
  const blind = { method: 'POST', mode: 'no-cors', body: action };
  const tries = [
    ['/v1/actions', { method: 'POST', body: action, headers: { 'Content-Type': 'application/json' } }],
    ['/v1/actions', { method: 'POST', body: action, headers: { 'Contreseing-Client': 'app' } }],
    ['/v1/sessions', { method: 'DELETE' }],
    ['/v1/sessions/here', { headers: { 'Contreseing-Client': 'app' } }],
    ['/v1/actions', {}],
    ['/v1/actions', blind],
    ['/v1/conversation/adviser', blind],
  ];
  const asked = tries.map(([path, init]) => fetch(bank + path, { credentials: 'include', ...init }));
  return (await Promise.allSettled(asked)).map(({ status }) => status);
}"""
ENTER: Final = """async ({ bank, shown }) => {
  const init = { method: 'POST', body: shown };
  const tries = [
    { ...init, headers: { 'Content-Type': 'application/json', 'Contreseing-Client': 'widget' } },
    { ...init, mode: 'no-cors' },
  ];
  const asked = tries.map((each) => fetch(bank + '/v1/widget/sessions', each));
  return (await Promise.allSettled(asked)).map(({ status }) => status);
}"""
FORM: Final = """({ bank, action, path }) => {
  const form = document.createElement('form');
  const field = document.createElement('input');
  [field.name, field.value] = [action.slice(0, -1) + ', "x": "', '"}'];
  Object.assign(form, { method: 'POST', action: bank + path, enctype: 'text/plain' }).append(field);
  document.body.append(form);
  form.submit();
}"""
STREAM: Final = """({ bank }) => new Promise((done) => {
  const socket = new WebSocket(bank.replace('http', 'ws') + '/v1/stream', 'contreseing.v1');
  socket.onopen = () => done('opened');
  socket.onerror = () => done('refused');
})"""


async def at_strangers_page(windows: Windows, anne: Signer, elsewhere: Site, name: str) -> Page:
    """Anne's window, signed in, which has gone on to a page of a stranger's at this name of the machine."""
    stranger = elsewhere.origin.replace("localhost", name)
    page = await windows.open(DESKTOP, origins=[stranger], forgiven=REFUSED)
    await anne.come_in(page)
    elsewhere.headers.clear()
    elsewhere.pages["/"] = "<!doctype html><title>Gagnez</title><h1>Gagnez</h1>"
    await page.goto(stranger)
    return page


@pytest.mark.parametrize(("name", "has_cookie"), [("localhost", False), ("127.0.0.1", True)], ids=["site", "port"])
async def test_a_page_of_another_origin_does_nothing_in_the_name_of_who_is_signed_in(
    windows: Windows, anne: Signer, company: Company, elsewhere: Site, name: str, *, has_cookie: bool
) -> None:
    """To a page of another site the browser gives no cookie; to one of another port it does: a site has no port."""
    page = await at_strangers_page(windows, anne, elsewhere, name)
    stranger, told = page.url, {"bank": company.node.origin, "action": ACTION}
    assert await page.evaluate(FETCH, told) == ["rejected"] * 7
    assert await page.evaluate(STREAM, told) == "refused"
    for path in ("/v1/actions", "/v1/conversation/adviser", "/v1/stream/tickets"):
        await page.goto(stranger)
        async with page.expect_navigation(url=f"**{path}") as gone:
            await page.evaluate(FORM, {**told, "path": path})
        response = await gone.value
        assert (response.status, (await response.json())["code"]) == (403, "csrf_refused"), path
        assert ("cookie" in await response.request.all_headers()) == has_cookie
    await nothing_happened(page, company)


async def test_a_stolen_token_of_the_widget_opens_nothing_on_another_page(
    windows: Windows, anne: Signer, company: Company, elsewhere: Site
) -> None:
    """Not even with the frame's own verifier, and not on the host's own page; nor is the token spent by it."""
    bank, verifier = company.bank, "v" * 43
    vouched = await bank.post(
        company.node,
        "/v1/widget-tokens",
        {
            "client_identifier": company.client,
            "user_number": anne.person.user.number,
            "host": elsewhere.origin,
            "challenge": challenge_of(verifier),
        },
        token="ctk_core",  # noqa: S106  # the tests' own
    )
    shown = {"token": str(vouched["token"]), "host": elsewhere.origin, "verifier": verifier}
    for name in ("127.0.0.1", "localhost"):
        page = await at_strangers_page(windows, anne, elsewhere, name)
        told = {"bank": company.node.origin, "shown": json.dumps(shown)}
        assert await page.evaluate(ENTER, told) == ["rejected"] * 2, name
    entered = await bank.post(company.node, "/v1/widget/sessions", shown)
    assert str(entered["token"]).startswith("ctl_")


async def nothing_happened(page: Page, company: Company) -> None:
    """No action and no conversation; and Anne is still signed in."""
    async with company.bank.database.transaction() as connection:
        for kept in ("actions", "conversations"):
            statement = f"SELECT id FROM {kept} WHERE subscription_id = $1"  # noqa: S608  # of these two names
            assert await connection.fetch(statement, company.id) == [], kept
    await page.goto("/app")
    await page.get_by_text("Rien n’attend votre signature.").wait_for()
