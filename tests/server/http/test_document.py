import json

from openapi_spec_validator import validate

from server.http.tables import ROWS
from tests.server.http.site import Site


async def test_the_published_document_is_openapi_3_1(site: Site) -> None:
    answered = await site.nobody.get("/openapi.json")
    document = answered.body
    assert document["openapi"] == "3.1.0"
    validate(document)


async def test_every_route_is_in_the_document_and_nothing_else(site: Site) -> None:
    paths = (await site.nobody.get("/openapi.json")).node("paths")
    told = {
        (method.upper(), path) for path, methods in paths.items() if isinstance(methods, dict) for method in methods
    }
    assert told == {(row.method, row.path) for row in ROWS}


async def test_the_stream_is_described_as_asyncapi(site: Site) -> None:
    assert (await site.nobody.get("/asyncapi.json")).text("asyncapi").startswith("3.")


async def test_the_reference_page_runs_no_script_and_asks_nobody_else(site: Site) -> None:
    page = await site.nobody.get("/docs")
    policy = page.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
    assert b"<script" not in page.content
    assert b"style=" not in page.content
    assert b"http://" not in page.content
    assert b"https://" not in page.content.replace(b"https://json-schema.org", b"")


async def test_the_reference_page_shows_every_route(site: Site) -> None:
    page = (await site.nobody.get("/docs")).content.decode()
    assert [row.path for row in ROWS if f"<code>{row.path}</code>" not in page] == []


async def test_the_pages_style_sheet_is_served(site: Site) -> None:
    style = await site.nobody.get("/docs/style.css")
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"


async def test_a_document_is_the_same_whoever_asks(site: Site) -> None:
    ours = json.loads((await site.core.get("/openapi.json")).content)
    theirs = json.loads((await site.nobody.get("/openapi.json")).content)
    assert ours == theirs
