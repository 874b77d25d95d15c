"""The screens as a browser fetches them: a bare document a page, and the built files, kept in memory.

`channels/web` is built into `dist/` by `make web`; wheels carry it built. What a page may do is said here, once.
"""

import gzip
import json
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from aiohttp import web

from server.http.refusals import RouteUnknown

SCRIPTS_ALLOWED: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
)
_LANGUAGES: Final = {"fr": "Activez JavaScript pour continuer.", "en": "Turn JavaScript on to go on."}
_FOR_EVER: Final = "public, max-age=31536000, immutable"  # the name holds the content's hash
_NOT_BUILT: Final = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Contreseing</title></head><body>
<h1>The screens are not built</h1>
<p>Run <code>make web</code> (it needs Node 20 or later: on Debian 13, <code>apt install npm</code>) and start the
server again; or install the wheel, which carries them built. The interface under <code>/v1</code> needs none of
it.</p>
</body></html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One built file, as it is and compressed."""

    media_type: str
    plain: bytes
    gzipped: bytes


class Pages:
    """Serves what was built."""

    def __init__(self, entries: Mapping[str, Mapping[str, str]], assets: Mapping[str, Asset]) -> None:
        """`entries`: script and style sheet by page; `assets`: the files by name."""
        self._entries = entries
        self._assets = assets

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            *(web.get(path, self._page) for path in ("/app", "/app/{screen:.+}", "/desk", "/desk/{screen:.+}")),
            web.get("/assets/{name}", self._asset),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        """Every address of a page is one document; its script shows the screen."""
        entry = self._entries.get(request.path.split("/")[1])
        if entry is None:
            return web.Response(status=503, body=_NOT_BUILT, content_type="text/html", charset="utf-8")
        document = _document(entry, _language(request.headers.get("Accept-Language", "")))
        headers = {"Content-Security-Policy": SCRIPTS_ALLOWED, "Cache-Control": "no-cache"}
        return web.Response(text=document, content_type="text/html", headers=headers)

    async def _asset(self, request: web.Request) -> web.Response:
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise RouteUnknown("no such file")
        headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding", "Content-Type": asset.media_type}
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=asset.gzipped, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=asset.plain, headers=headers)


def read_pages(built: Traversable | None = None) -> Pages:
    """Return the pages built here, by default those of this installation; none where nothing was built."""
    dist = built or resources.files("channels").joinpath("web", "dist")
    manifest = dist.joinpath("manifest.json")
    if not manifest.is_file():
        return Pages({}, {})
    assets = {file.name: _read(file) for file in dist.joinpath("assets").iterdir()}
    return Pages(json.loads(manifest.read_bytes()), assets)


def _read(file: Traversable) -> Asset:
    content = file.read_bytes()
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    text = "; charset=utf-8" if media_type.startswith("text/") else ""
    return Asset(media_type=f"{media_type}{text}", plain=content, gzipped=gzip.compress(content, mtime=0))


def _language(accepted: str) -> str:
    """Return the first of ours that the browser names; French where it names none."""
    named = (part.strip()[:2].lower() for part in accepted.split(","))
    return next((language for language in named if language in _LANGUAGES), "fr")


def _document(entry: Mapping[str, str], language: str) -> str:
    style = f'<link rel="stylesheet" href="/{escape(entry["style"])}">' if "style" in entry else ""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Contreseing</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        f'{style}<script type="module" src="/{escape(entry["script"])}"></script></head>'
        f"<body><noscript>{_LANGUAGES[language]}</noscript></body></html>"
    )
