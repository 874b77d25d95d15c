"""The demo's advisers work as a bank's do: one asks, the other approves, with codes of their authenticators."""

import asyncio

import aiohttp

from approvals.credentials.totp import STEP, step_at
from deploy.demo.advisers import ADVISER_PASSWORD, ADVISERS, codes_of_now
from deploy.demo.places import CLIENT, Places
from deploy.demo.running import started
from deploy.demo.telling import Telling
from server.clock import SystemClock
from tests.demo_bank import SetUp
from tests.server.spec import Answered, Api


async def next_step() -> None:
    """Wait until the authenticators show another code; one step ahead is taken too, so once is enough."""
    now = SystemClock().now()
    await asyncio.sleep((step_at(now) + 1) * STEP - now.timestamp() + 0.2)


async def sign_in(api: Api, places: Places, number: str) -> Api:
    form = {"number": number, "password": ADVISER_PASSWORD, "totp": codes_of_now(places, ahead=1)[number]}
    signed_in = await api.post("/v1/advisers/sessions", form)
    assert signed_in.status == 201
    return api.having(signed_in.text("token"))


async def approve(api: Api, places: Places, number: str, action: str) -> Answered:
    challenge = (await api.get(f"/v1/actions/{action}")).node("challenge")
    body = {"method": "totp", "code": codes_of_now(places, ahead=1)[number]}
    return await api.post(f"/v1/challenges/{challenge['id']}/answers", body)


async def test_one_adviser_asks_and_the_other_approves(places: Places, demo_bank: SetUp) -> None:
    await demo_bank(places)
    (first, _), (second, _) = ADVISERS
    async with started(places, Telling()), aiohttp.ClientSession() as session:
        api = await Api.of(session, places.server)
        denise, farid = await sign_in(api, places, first), await sign_in(api, places, second)
        portfolio = (await denise.get("/v1/portfolio")).items("items")
        assert CLIENT in [company["client_identifier"] for company in portfolio]
        payload = {"client": CLIENT, "user": "2"}
        opened = await denise.post("/v1/actions", {"kind": "code_renewal", "payload": payload})
        await next_step()
        assert (await approve(farid, places, second, opened.text("id"))).body["answer"] == "accepted"
        assert (await denise.get(f"/v1/actions/{opened.text('id')}")).body["status"] == "released"
    assert places.authenticators.stat().st_mode & 0o777 == 0o600
