import gzip
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientResponse

from server.http.pages import read_pages
from server.settings import Settings
from tests.house import House
from tests.server.http.site import Site, serving

HOST = "https://espace.bank.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html service-worker"
)
SCRIPT = b"document.title = 'built'"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "app-1.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "app-1.css").write_bytes(b"body {}")
    page: dict[str, object] = {"script": "assets/app-1.js", "style": "assets/app-1.css", "modules": ["assets/lit-1.js"]}
    page["words"] = {"fr": ["assets/fr-1.js"], "en": ["assets/en-1.js"]}
    alone = {"script": "assets/app-1.js"}
    built = {
        "app": page,
        "certificate-file": page,
        "chat-frame": page,
        "widget": alone,
        "service-worker": alone,
        "webmanifest": alone,
    }
    (tmp_path / "manifest.json").write_text(json.dumps(built))
    return tmp_path


@pytest.fixture
async def site(house: House, built: Path) -> AsyncIterator[Site]:
    async with serving(house, pages=read_pages(built, [HOST], "production")) as site:
        yield site


async def get(site: Site, path: str, **headers: str) -> ClientResponse:
    response = await site.session.get(site.origin + path, headers=headers, auto_decompress=False)
    await response.read()
    return response


@pytest.mark.parametrize("path", ["/app", "/app/approvals/act_1"])
async def test_every_address_of_the_app_is_one_document_under_a_strict_policy(site: Site, path: str) -> None:
    page = await get(site, path)
    text = await page.text()
    assert page.status == 200
    assert page.headers["Content-Security-Policy"] == POLICY
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Cache-Control"] == "no-cache"
    assert '<script type="module" src="/assets/app-1.js"></script>' in text
    assert '<link rel="stylesheet" href="/assets/app-1.css">' in text
    assert '<link rel="modulepreload" href="/assets/lit-1.js">' in text


@pytest.mark.parametrize(
    ("accepted", "language"), [("", "fr"), ("de-DE,en;q=0.8", "en"), ("fr-FR,en;q=0.8", "fr"), ("de", "fr")]
)
async def test_the_document_names_the_language_its_reader_prefers(site: Site, accepted: str, language: str) -> None:
    page = await get(site, "/app", **({"Accept-Language": accepted} if accepted else {}))
    text = await page.text()
    assert f'<html lang="{language}">' in text
    assert re.findall(r'href="/assets/(fr|en)-1.js"', text) == [language]  # whose words it asks for


async def test_a_language_in_the_address_goes_before_the_browsers(site: Site) -> None:
    page = await get(site, "/app?lang=en", **{"Accept-Language": "fr"})
    assert '<html lang="en">' in await page.text()


async def test_the_chat_may_be_framed_by_the_host_its_address_names_and_no_other(site: Site) -> None:
    page = await get(site, f"/chat-frame?host={HOST}")
    assert page.status == 200
    assert page.headers["Content-Security-Policy"] == POLICY.replace(
        "frame-ancestors 'none'", f"frame-ancestors {HOST}"
    )
    assert "X-Frame-Options" not in page.headers


@pytest.mark.parametrize("host", ["", "https://evil.test", f"{HOST}.evil.test", f"{HOST} https://evil.test", "*"])
async def test_a_host_that_is_not_on_the_list_is_given_no_chat(site: Site, host: str) -> None:
    page = await site.session.get(f"{site.origin}/chat-frame", params={"host": host})
    assert (page.status, (await page.json())["code"]) == (403, "widget_host_refused")
    assert page.headers["X-Frame-Options"] == "DENY"


async def test_the_page_that_opens_certificate_files_is_a_document_of_its_own(site: Site) -> None:
    page = await get(site, "/certificate-file")
    assert (page.status, page.headers["Content-Security-Policy"]) == (200, POLICY)
    assert page.headers["X-Frame-Options"] == "DENY"
    assert '<meta name="contreseing-environment" content="production">' in await page.text()


async def test_without_the_setting_there_is_no_such_page(house: House, built: Path) -> None:
    assert not Settings().certificates.keys_in_browsers
    async with serving(house, pages=read_pages(built, [HOST])) as site:
        page = await get(site, "/certificate-file")
    assert (page.status, json.loads(await page.text())["code"]) == (404, "route_not_found")


@pytest.mark.parametrize("path", ["/widget.js", "/app/service-worker.js", "/app/manifest.webmanifest"])
async def test_a_file_at_a_fixed_address_is_asked_for_again_each_time(site: Site, path: str) -> None:
    file = await get(site, path, **{"Accept-Encoding": "identity"})
    assert (file.status, await file.read(), file.headers["Cache-Control"]) == (200, SCRIPT, "no-cache")
    assert file.headers["Cross-Origin-Resource-Policy"] == "cross-origin"  # the page of a host includes it
    assert file.headers["Content-Security-Policy"] == POLICY


async def test_what_was_not_built_is_no_address(site: Site) -> None:
    assert (await get(site, "/app/icon-192.png")).status == 404


async def test_a_file_is_kept_for_ever_and_sent_compressed_to_whom_takes_it(site: Site) -> None:
    plain = await get(site, "/assets/app-1.js", **{"Accept-Encoding": "identity"})
    assert (await plain.read(), plain.headers["Cache-Control"]) == (SCRIPT, "public, max-age=31536000, immutable")
    assert plain.headers["Content-Type"] == "text/javascript; charset=utf-8"
    zipped = await get(site, "/assets/app-1.js", **{"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(await zipped.read()) == SCRIPT


@pytest.mark.parametrize("name", ["none.js", "..%2Fmanifest.json", "%2e%2e/manifest.json", ".."])
async def test_nothing_but_what_was_built_is_served(site: Site, name: str) -> None:
    assert (await get(site, f"/assets/{name}")).status == 404


async def test_pages_that_were_not_built_say_what_to_do(house: House, tmp_path: Path) -> None:
    async with serving(house, pages=read_pages(tmp_path)) as site:
        page = await get(site, "/app")
    assert page.status == 503
    assert "make web" in await page.text()
