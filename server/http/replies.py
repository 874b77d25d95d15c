"""What a handler gives back, and how it goes out."""

import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, TypeAlias

import msgspec
from aiohttp import web
from msgspec import Struct

from server.http.keys import REPLAYED

log = logging.getLogger(__name__)

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """What a browser is to keep under this name until it is closed; None: no longer."""

    name: str
    value: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A struct, or nothing; `replayed` when the same request had been carried out before.

    `ends_stay` when the caller's own login is over by it; `cookie` is what `browsers` gives a browser to keep.
    """

    body: Struct | None = None
    replayed: bool = False
    ends_stay: bool = False
    cookie: Cookie | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The work goes on after the answer, which is 202 whatever the row's own status; the body says how far it is."""

    body: Struct
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Bytes that are not a struct's JSON."""

    media_type: str
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunks:
    """A long content, sent as it is read."""

    media_type: str
    chunks: AsyncIterator[bytes]


Given: TypeAlias = Reply | Accepted | Document | Chunks


async def write(request: web.Request, status: int, given: Given) -> web.StreamResponse:
    match given:
        case Reply():
            return _struct(status, given)
        case Accepted(body=body, replayed=replayed):
            return _struct(HTTPStatus.ACCEPTED, Reply(body=body, replayed=replayed))
        case Document(media_type=media_type, content=content, headers=headers):
            return web.Response(status=status, body=content, headers={"Content-Type": media_type, **headers})
        case Chunks():
            return await _stream(request, status, given)


def _struct(status: int, reply: Reply) -> web.Response:
    headers = {REPLAYED: "true"} if reply.replayed else {}
    if reply.body is None:
        response = web.Response(status=status, headers=headers)
    else:
        response = web.Response(status=status, body=msgspec.json.encode(reply.body), content_type=JSON, headers=headers)
    if reply.cookie is not None:
        _put(response, reply.cookie)
    return response


def _put(response: web.Response, cookie: Cookie) -> None:
    """No script reads it, no other site's page sends it (RFC 6265bis)."""
    response.set_cookie(
        cookie.name,
        cookie.value or "",
        max_age=None if cookie.value else 0,
        path="/",
        secure=True,
        httponly=True,
        samesite="Strict",
    )


async def _stream(request: web.Request, status: int, given: Chunks) -> web.StreamResponse:
    response = web.StreamResponse(status=status, headers={"Content-Type": given.media_type})
    await response.prepare(request)
    try:
        async for chunk in given.chunks:
            await response.write(chunk)
    except Exception:
        # The status is out already: only a broken connection tells the caller that this is not the end.
        log.exception("a content broke off while it was sent")
        if request.transport is not None:
            request.transport.abort()
    else:
        await response.write_eof()
    return response
