"""The interface's own documents: OpenAPI, AsyncAPI, and the page to read."""

from server.http.desks import Desks
from server.http.gates import Anyone
from server.http.intake import NoBody
from server.http.reference import STYLE_PATH
from server.http.replies import JSON, Document
from server.http.routes import Call, Gives, NoQuery, Route, Row

_PAGE_POLICY = {"Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'"}
_HTML = "text/html; charset=utf-8"
_CSS = "text/css; charset=utf-8"


async def give_openapi(desks: Desks, _call: Call[None, None, NoQuery]) -> Document:
    return Document(media_type=JSON, content=desks.published.openapi)


async def give_asyncapi(desks: Desks, _call: Call[None, None, NoQuery]) -> Document:
    return Document(media_type=JSON, content=desks.published.asyncapi)


async def give_page(desks: Desks, _call: Call[None, None, NoQuery]) -> Document:
    return Document(media_type=_HTML, content=desks.published.page, headers=_PAGE_POLICY)


async def give_style(desks: Desks, _call: Call[None, None, NoQuery]) -> Document:
    return Document(media_type=_CSS, content=desks.published.style)


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/openapi.json",
        summary="This document",
        who=Anyone(),
        intake=NoBody(),
        query=NoQuery,
        handler=give_openapi,
        gives=Gives(status=200),
    ),
    Route(
        method="GET",
        path="/asyncapi.json",
        summary="The stream's frames, as AsyncAPI 3.0",
        who=Anyone(),
        intake=NoBody(),
        query=NoQuery,
        handler=give_asyncapi,
        gives=Gives(status=200),
    ),
    Route(
        method="GET",
        path="/docs",
        summary="This document, as a page",
        who=Anyone(),
        intake=NoBody(),
        query=NoQuery,
        handler=give_page,
        gives=Gives(status=200, media_types=("text/html",)),
    ),
    Route(
        method="GET",
        path=STYLE_PATH,
        summary="The page's style sheet",
        who=Anyone(),
        intake=NoBody(),
        query=NoQuery,
        handler=give_style,
        gives=Gives(status=200, media_types=("text/css",)),
    ),
)
