import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from standardwebhooks import Webhook

from approvals.delivery import Delivered, Outcome, Recollection, Refused, Undecided
from approvals.model.ids import ActionId
from server.clock import SystemClock
from server.outside.core import CoreWebhook
from server.outside.webhook import open_session
from tests.builders import make_release
from tests.server.outside.receiver import answer, receiving, speaking

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  # the example secret of standardwebhooks.com
PROBLEM = "application/problem+json"
RELEASE = make_release("act_1")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as opened:
        yield opened


def webhook(session: aiohttp.ClientSession, url: str, limit: timedelta = timedelta(seconds=5)) -> CoreWebhook:
    return CoreWebhook(session=session, url=url, secret=SECRET, clock=SystemClock(), limit=limit)


async def sent_to(session: aiohttp.ClientSession, url: str) -> Outcome:
    return await webhook(session, url, timedelta(milliseconds=300)).send(RELEASE)


async def test_the_core_can_check_who_sent_it_with_the_standard_library(session: aiohttp.ClientSession) -> None:
    async with receiving(answer(204)) as core:
        assert await webhook(session, core.url).send(RELEASE) == Delivered()
    ((headers, body),) = core.received
    assert Webhook(SECRET).verify(body, headers) == {"action": "released"}
    assert headers["webhook-id"] == RELEASE.id
    assert body == RELEASE.body


async def test_every_attempt_carries_the_same_id_and_bytes(session: aiohttp.ClientSession) -> None:
    async with receiving(answer(500), answer(503), answer(200)) as core:
        outcomes = [await webhook(session, core.url).send(RELEASE) for _ in range(3)]
    assert outcomes == [Undecided("http_500"), Undecided("http_503"), Delivered()]
    assert {(headers["webhook-id"], body) for headers, body in core.received} == {(RELEASE.id, RELEASE.body)}


async def test_a_definite_no_brings_its_code(session: aiohttp.ClientSession) -> None:
    async with receiving(answer(422, b'{"code": "account_closed"}', PROBLEM)) as core:
        assert await sent_to(session, core.url) == Refused("account_closed")


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (422, b"{}", PROBLEM),
        (422, b'{"code": "x"}', "text/html"),
        (409, b'{"code": "x"}', PROBLEM),
        (500, b"", PROBLEM),
    ],
)
async def test_anything_else_is_undecided(
    session: aiohttp.ClientSession, status: int, body: bytes, content_type: str
) -> None:
    async with receiving(answer(status, body, content_type)) as core:
        assert await sent_to(session, core.url) == Undecided(f"http_{status}")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_never_followed(session: aiohttp.ClientSession, status: int) -> None:
    async with receiving(answer(204)) as elsewhere:

        def redirect() -> aiohttp.web.Response:
            return aiohttp.web.Response(status=status, headers={"Location": elsewhere.url})

        async with receiving(redirect) as core:
            assert await sent_to(session, core.url) == Undecided(f"http_{status}")
    assert elsewhere.received == []


async def test_a_core_that_is_down_is_unreachable(session: aiohttp.ClientSession) -> None:
    async with receiving(answer(204)) as core:
        url = core.url
    assert await sent_to(session, url) == Undecided("unreachable")


async def test_a_core_that_never_answers_costs_one_time_limit(session: aiohttp.ClientSession) -> None:
    async def say_nothing(_writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with speaking(say_nothing) as url:
        assert await sent_to(session, url) == Undecided("timeout")


async def test_a_reply_that_drips_costs_one_time_limit(session: aiohttp.ClientSession) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 422 No\r\nContent-Type: application/problem+json\r\nContent-Length: 9000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with speaking(drip) as url:
        assert await sent_to(session, url) == Undecided("timeout")


async def test_garbage_is_no_answer(session: aiohttp.ClientSession) -> None:
    async def talk_nonsense(writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\xff" * 100 + b"\r\n\r\n")
        await writer.drain()

    async with speaking(talk_nonsense) as url:
        assert await sent_to(session, url) == Undecided("connection_broken")


async def test_a_connection_cut_before_the_answer_is_no_answer(session: aiohttp.ClientSession) -> None:
    async def hang_up(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with speaking(hang_up) as url:
        assert await sent_to(session, url) == Undecided("connection_broken")


async def test_of_a_huge_body_no_more_is_read_than_decides(session: aiohttp.ClientSession) -> None:
    written = 0

    async def flood(writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 422 No\r\nContent-Type: application/problem+json\r\nConnection: close\r\n\r\n")
        while written < 1 << 30:
            writer.write(b" " * 65536)
            await writer.drain()
            written += 65536

    async with speaking(flood) as url:
        assert await webhook(session, url).send(RELEASE) == Undecided("http_422")
    assert written < 32 << 20


async def test_a_proxy_in_the_environment_is_not_used(session: aiohttp.ClientSession) -> None:
    async with receiving(answer(204)) as core, receiving(answer(204)) as proxy:
        with _environment("http_proxy", proxy.url):
            assert await sent_to(session, core.url) == Delivered()
    assert proxy.received == []


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    yield
    os.environ.pop(name) if before is None else os.environ.update({name: before})


async def test_the_core_is_asked_by_the_actions_id_and_can_check_who_asks(session: aiohttp.ClientSession) -> None:
    async with receiving(answer(200, b'{"action": "act_1"}', "application/json")) as core:
        assert await webhook(session, core.url).recall(ActionId("act_1")) is Recollection.CARRIED_OUT
    ((headers, body),) = core.received
    assert (headers["webhook-id"], body) == ("act_1", b"")
    signed = Webhook(SECRET).sign("act_1", datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC), "")
    assert headers["webhook-signature"] == signed


async def test_a_core_that_cannot_be_asked_has_not_answered(session: aiohttp.ClientSession) -> None:
    async def nothing(writer: asyncio.StreamWriter) -> None:
        del writer
        await asyncio.sleep(1)

    async with speaking(nothing) as url:
        asked = webhook(session, url, timedelta(milliseconds=200))
        assert await asked.recall(ActionId("act_1")) is Recollection.NO_ANSWER
    assert await webhook(session, url).recall(ActionId("act_1")) is Recollection.NO_ANSWER
