"""Verification of Payee over real HTTP: the message that goes out, each answer, and everything that is none."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from aiohttp import ClientSession, web

from approvals.model.verification import NamedAccount, PayeeAnswer, PayeeVerdict
from server.outside.payee_check import SchemePayeeCheck, Unanswered, open_payee_check
from server.outside.webhook import open_session
from server.settings import PayeeCheckSettings
from tests.fakes import SteppedClock
from tests.server.outside.receiver import answer, receiving, speaking

PAYEE = NamedAccount(name="Menuiserie Le Goff", iban="FR1420041010050500013M02606")
NO_ANSWER = PayeeVerdict(answer=PayeeAnswer.NOT_POSSIBLE)


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with open_session() as opened:
        yield opened


def check_at(url: str, session: ClientSession, *, limit: float = 5.0, **settings: int) -> SchemePayeeCheck:
    return SchemePayeeCheck(
        session=session,
        settings=PayeeCheckSettings(url=url, bic="BATIFRP1XXX", **settings),
        clock=SteppedClock(),
        limit=timedelta(seconds=limit),
    )


def saying(body: dict[str, object]) -> Callable[[], web.Response]:
    return answer(200, json.dumps(body).encode(), "application/json")


async def test_the_request_is_the_scheme_s_own_message(session: ClientSession) -> None:
    async with receiving(saying({"partyNameMatch": "MTCH"})) as scheme:
        await check_at(scheme.url, session).check(PAYEE)
    ((headers, body),) = scheme.received
    assert json.loads(body) == {
        "party": {"name": "Menuiserie Le Goff"},
        "partyAccount": {"iban": "FR1420041010050500013M02606"},
        "requestingAgent": {"financialInstitutionId": {"bicfi": "BATIFRP1XXX"}},
    }
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", headers["x-request-id"])
    assert headers["x-request-timestamp"] == "2026-11-23T09:00:00.000Z"
    assert headers["content-type"] == "application/json"


async def test_the_payee_s_bank_is_named_where_the_company_names_it(session: ClientSession) -> None:
    async with receiving(saying({"partyNameMatch": "MTCH"})) as scheme:
        await check_at(scheme.url, session).check(NamedAccount(name="A", iban=PAYEE.iban, bic="PSSTFRPPXXX"))
    ((_, body),) = scheme.received
    assert json.loads(body)["partyAgent"] == {"financialInstitutionId": {"bicfi": "PSSTFRPPXXX"}}


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ({"partyNameMatch": "MTCH"}, PayeeVerdict(answer=PayeeAnswer.MATCH)),
        ({"partyNameMatch": "NMTC"}, PayeeVerdict(answer=PayeeAnswer.NO_MATCH)),
        ({"partyNameMatch": "NOAP"}, NO_ANSWER),
        (
            {"partyNameMatch": "CMTC", "matchedName": "Menuiserie Goff", "more": {"later": 1}},
            PayeeVerdict(answer=PayeeAnswer.CLOSE_MATCH, returned_name="Menuiserie Goff"),
        ),
        ({"partyNameMatch": "CMTC"}, PayeeVerdict(answer=PayeeAnswer.CLOSE_MATCH)),
        ({"partyNameMatch": "NMTC", "matchedName": "Somebody"}, PayeeVerdict(answer=PayeeAnswer.NO_MATCH)),
    ],
)
async def test_each_answer_is_read_and_only_a_close_match_gives_a_name(
    session: ClientSession, body: dict[str, object], verdict: PayeeVerdict
) -> None:
    async with receiving(saying(body)) as scheme:
        assert await check_at(scheme.url, session).check(PAYEE) == verdict


@pytest.mark.parametrize("name", ["gpj.\u202eexe", "a\x00b", "Le\nGoff", " "])
async def test_a_name_that_would_mislead_is_left_out_and_the_match_stays_only_close(
    session: ClientSession, name: str
) -> None:
    async with receiving(saying({"partyNameMatch": "CMTC", "matchedName": name})) as scheme:
        assert await check_at(scheme.url, session).check(PAYEE) == PayeeVerdict(answer=PayeeAnswer.CLOSE_MATCH)


@pytest.mark.parametrize(
    "reply",
    [
        answer(500),
        answer(404),
        answer(302),
        answer(400, b'{"type": "about:blank", "code": "CLIENT_INVALID"}', "application/json"),
        answer(200, b"<html/>"),
        answer(200, b"\xff\xfe"),
        answer(200, b"{}", "application/json"),
        saying({"partyNameMatch": "YES"}),
        saying({"partyNameMatch": 7}),
        answer(200, b'{"partyNameMatch": "MTCH", "x": "' + b"x" * 100_000 + b'"}', "application/json"),
    ],
)
async def test_anything_else_is_no_answer(session: ClientSession, reply: Callable[[], web.Response]) -> None:
    async with receiving(reply) as scheme:
        assert await check_at(scheme.url, session).check(PAYEE) == NO_ANSWER


async def test_nobody_there_is_no_answer(session: ClientSession) -> None:
    async with receiving(answer(200)) as scheme:
        url = scheme.url
    assert await check_at(url, session).check(PAYEE) == NO_ANSWER


async def test_one_who_takes_too_long_is_no_answer(session: ClientSession) -> None:
    async def silent(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)
        writer.close()

    async with speaking(silent) as url:
        loop = asyncio.get_running_loop()
        began = loop.time()
        assert await check_at(url, session, limit=0.2).check(PAYEE) == NO_ANSWER
        assert loop.time() - began < 2


async def test_a_connection_cut_in_the_middle_is_no_answer(session: ClientSession) -> None:
    async def cut(writer: asyncio.StreamWriter) -> None:
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"partyName')
        await writer.drain()

    async with speaking(cut) as url:
        assert await check_at(url, session).check(PAYEE) == NO_ANSWER


async def test_no_more_are_asked_at_once_than_allowed(session: ClientSession) -> None:
    here, most = 0, 0

    async def slow(_: web.Request) -> web.Response:
        nonlocal here, most
        here, most = here + 1, max(most, here + 1)
        await asyncio.sleep(0.02)
        here -= 1
        return web.json_response({"partyNameMatch": "MTCH"})

    app = web.Application()
    app.router.add_post("/", slow)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        check = check_at(f"http://{host}:{port}/", session, at_once=3, per_second=1000)
        verdicts = await asyncio.gather(*(check.check(PAYEE) for _ in range(20)))
    finally:
        await runner.cleanup()
    assert most == 3
    assert {verdict.answer for verdict in verdicts} == {PayeeAnswer.MATCH}


async def test_no_more_are_asked_in_a_second_than_allowed(session: ClientSession) -> None:
    async with receiving(saying({"partyNameMatch": "MTCH"})) as scheme:
        check = check_at(scheme.url, session, per_second=50)
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(check.check(PAYEE) for _ in range(11)))
        assert asyncio.get_running_loop().time() - began >= 10 / 50


async def test_without_an_address_nobody_is_asked() -> None:
    async with open_payee_check(PayeeCheckSettings(), SteppedClock()) as check:
        assert isinstance(check, Unanswered)
        assert await check.check(PAYEE) == NO_ANSWER
