import json

import pytest
import websockets
from aiohttp import WSMsgType

from tests.server.http.site import ORIGIN, Site

CONTRESEING = "contreseing.v1"


async def test_the_stream_opens_with_a_number_to_sign(site: Site) -> None:
    async with site.session.ws_connect(f"{site.origin}/v1/stream", protocols=[CONTRESEING]) as socket:
        greeting = await socket.receive()
        assert greeting.type is WSMsgType.TEXT
        assert json.loads(greeting.data)["type"] == "challenge"


async def test_a_page_off_the_list_opens_no_stream(site: Site) -> None:
    answered = await site.nobody.call("GET", "/v1/stream", headers={"Origin": "https://elsewhere.test"})
    assert (answered.status, answered.code) == (403, "origin_refused")


async def test_a_page_of_ours_opens_one(site: Site) -> None:
    async with site.session.ws_connect(f"{site.origin}/v1/stream", protocols=[CONTRESEING], origin=ORIGIN) as socket:
        assert socket.protocol == CONTRESEING


async def test_a_call_that_is_no_upgrade_is_told_what_is_needed(site: Site) -> None:
    answered = await site.nobody.get("/v1/stream")
    assert (answered.status, answered.code) == (400, "stream_upgrade_invalid")


async def test_another_subprotocol_opens_no_stream(site: Site) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(f"ws{site.origin.removeprefix('http')}/v1/stream")
    assert refused.value.response.status_code == 400


async def test_a_herd_from_one_address_is_told_when_to_come_back(site: Site) -> None:
    answers = [await site.nobody.get("/v1/stream") for _ in range(60)]
    assert answers[-1].status == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
