import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientPayloadError

from server.http.desks import Desks
from server.http.forms import RefusalForm
from server.http.gates import Anyone
from server.http.intake import Incoming, Json, NoBody, Streamed
from server.http.replies import Chunks, Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row
from tests.house import House, Person
from tests.server.http.site import Site, serving


async def take(_desks: Desks, call: Call[None, RefusalForm, NoQuery]) -> Reply:
    assert call.body.reason
    return Reply()


async def swallow(_desks: Desks, call: Call[None, Incoming, NoQuery]) -> Reply:
    async for _ in call.body.chunks:
        pass
    return Reply()


async def break_off(_desks: Desks, _call: Call[None, None, NoQuery]) -> Chunks:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"a" * 1000
        raise LookupError

    return Chunks(media_type="text/plain", chunks=chunks())


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/form",
        summary="A form whose sender must hurry",
        who=Anyone(),
        intake=Json(RefusalForm, patience=0.1),
        query=NoQuery,
        handler=take,
        gives=NOTHING,
    ),
    Route(
        method="POST",
        path="/file",
        summary="A small file whose sender must hurry",
        who=Anyone(),
        intake=Streamed(("text/plain",), largest=1000, patience=0.1),
        query=NoQuery,
        handler=swallow,
        gives=NOTHING,
    ),
    Route(
        method="GET",
        path="/broken",
        summary="A content that breaks off",
        who=Anyone(),
        intake=NoBody(),
        query=NoQuery,
        handler=break_off,
        gives=Gives(status=200, media_types=("text/plain",)),
    ),
)


@pytest.fixture
async def site(house: House, people: tuple[Person, ...]) -> AsyncIterator[Site]:
    assert people
    async with serving(house, more=ROWS) as served:
        yield served


async def raw(site: Site, request: bytes) -> bytes:
    """Send bytes as they are, wait; return the status line."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.origin.rpartition(":")[2]))
    writer.write(request)
    async with asyncio.timeout(5):
        line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return line


@pytest.mark.parametrize(("path", "media_type"), [("/form", "application/json"), ("/file", "text/plain")])
async def test_a_body_that_stops_coming_is_not_waited_for(site: Site, path: str, media_type: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Type: {media_type}\r\nContent-Length: 100\r\n\r\nabc"
    assert b"408" in await raw(site, head.encode())


@pytest.mark.parametrize(("path", "media_type"), [("/form", "application/json"), ("/file", "text/plain")])
async def test_a_body_cut_into_wrong_pieces_is_refused(site: Site, path: str, media_type: str) -> None:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Type: {media_type}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    )
    assert b"400" in await raw(site, head.encode())


async def test_a_file_over_its_limit_is_refused_while_it_comes(site: Site) -> None:
    piece = b"3e8\r\n" + b"x" * 1000 + b"\r\n"
    head = b"POST /file HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b"413" in await raw(site, head + piece + piece)


async def test_a_content_that_breaks_off_is_not_taken_for_whole(site: Site) -> None:
    async with site.session.get(f"{site.origin}/broken") as response:
        assert response.status == 200
        with pytest.raises(ClientPayloadError):
            await response.read()


async def test_a_form_in_time_is_taken(site: Site) -> None:
    headers = {"Content-Type": "application/json"}
    async with site.session.post(f"{site.origin}/form", data=b'{"reason": "other"}', headers=headers) as response:
        assert response.status == 204
