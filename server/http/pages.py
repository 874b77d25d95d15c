"""The screens as a browser fetches them: a bare document a page, and the built files, kept in memory.

`channels/web` is built into `dist/` by `make web`; wheels carry it built. What a page may do is said here, once.
"""

import gzip
import mimetypes
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

import msgspec
from aiohttp import web

from server.http.refusals import HostRefused, RouteUnknown

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {frames}; require-trusted-types-for 'script'; trusted-types lit-html service-worker"
)
_APP: Final = "app"
_FRAME: Final = "chat-frame"
_CERTIFICATE_FILE: Final = "certificate-file"
_NO_ICON: Final = '<link rel="icon" href="data:,">'
_HEADS: Final = {
    "app": '<link rel="icon" href="/app/icon-192.png"><link rel="apple-touch-icon" href="/app/icon-192.png">'
    '<link rel="manifest" href="/app/manifest.webmanifest"><meta name="theme-color" content="#0b4f8a">'
}
"""What a page says of itself to the system that keeps it among its apps."""
_BYTES: Final = "application/octet-stream"
_TYPES: Final = {"webmanifest": "application/manifest+json"}  # not every Python knows it
_LANGUAGES: Final = {"fr": "Activez JavaScript pour continuer.", "en": "Turn JavaScript on to go on."}
_FOR_EVER: Final = "public, max-age=31536000, immutable"  # the name holds the content's hash
_AT_FIXED_ADDRESSES: Final = {
    "/app/icon-192.png": "icon-192",
    "/app/icon-512.png": "icon-512",
    "/app/manifest.webmanifest": "webmanifest",
    "/app/service-worker.js": "service-worker",
    "/widget.js": "widget",
}
"""Built files whose address never changes, by the manifest's name for each: asked for again each time."""
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


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one page: its script, its style sheet, the modules its script begins with, its words by language."""

    script: str
    style: str = ""
    modules: Sequence[str] = ()
    words: Mapping[str, Sequence[str]] = {}


class Pages:
    """Serves what was built."""

    def __init__(
        self,
        entries: Mapping[str, Entry],
        assets: Mapping[str, Asset],
        hosts: Collection[str] = (),
        keys_for: str | None = None,
    ) -> None:
        """`entries`: the files by page; `assets`: the files by name; `hosts`: who may frame the chat.

        `keys_for`: the environment that keys kept by browsers sign for, None where none may keep one (RULES 15).
        """
        self._entries = entries
        self._assets = assets
        self._hosts = hosts
        self._keys_for = keys_for

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            *(web.get(path, self._fixed) for path in _AT_FIXED_ADDRESSES),
            *(web.get(path, self._page) for path in ("/app", "/app/{screen:.+}", "/desk", "/desk/{screen:.+}")),
            web.get(f"/{_FRAME}", self._frame),
            web.get(f"/{_CERTIFICATE_FILE}", self._certificate_file),
            web.get("/assets/{name}", self._asset),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        """Every address of a page is one document; its script shows the screen."""
        name = request.path.split("/")[1]
        return self._document(name, request, frames="'none'", head=self._told() if name == _APP else "")

    async def _frame(self, request: web.Request) -> web.Response:
        """The chat inside the page of one host, which its address names: that host alone may frame it (RULES 25)."""
        host = request.query.get("host", "")
        if host not in self._hosts:
            raise HostRefused("no host of the widget; the setting widget.hosts names them")
        page = self._document(_FRAME, request, frames=host)
        page.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return page

    async def _certificate_file(self, request: web.Request) -> web.Response:
        """The page that opens a PKCS#12 file."""
        if self._keys_for is None:
            raise RouteUnknown("no browser keeps keys here: the setting certificates.keys_in_browsers is off")
        return self._document(_CERTIFICATE_FILE, request, frames="'none'", head=self._told())

    def _told(self) -> str:
        """The environment, which possession of a key is shown to; nothing where no browser keeps one."""
        told = "" if self._keys_for is None else escape(self._keys_for)
        return f'<meta name="contreseing-environment" content="{told}">' if told else ""

    def _document(self, name: str, request: web.Request, *, frames: str, head: str = "") -> web.Response:
        entry = self._entries.get(name)
        if entry is None:
            return web.Response(status=503, body=_NOT_BUILT, content_type="text/html", charset="utf-8")
        language = _language(request.query.get("lang", ""), request.headers.get("Accept-Language", ""))
        headers = {
            "Content-Security-Policy": _POLICY.format(frames=frames),
            "Cache-Control": "no-cache",
            "Vary": "Accept-Language",
        }
        head = _HEADS.get(name, _NO_ICON) + head
        return web.Response(text=_document(head, entry, language), content_type="text/html", headers=headers)

    async def _fixed(self, request: web.Request) -> web.Response:
        """A file that others name: the page of a host, the browser itself. A worker goes by its own file's policy."""
        entry = self._entries.get(_AT_FIXED_ADDRESSES[request.path])
        asset = None if entry is None else self._assets.get(entry.script.removeprefix("assets/"))
        if asset is None:
            raise RouteUnknown("not built: run make web")
        headers = {
            "Cache-Control": "no-cache",
            "Content-Security-Policy": _POLICY.format(frames="'none'"),
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Service-Worker-Allowed": "/app",
        }
        return _sent(request, asset, headers)

    async def _asset(self, request: web.Request) -> web.Response:
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise RouteUnknown("no such file")
        return _sent(request, asset, {"Cache-Control": _FOR_EVER})


def _sent(request: web.Request, asset: Asset, headers: Mapping[str, str]) -> web.Response:
    told = {**headers, "Vary": "Accept-Encoding", "Content-Type": asset.media_type}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=asset.gzipped, headers={**told, "Content-Encoding": "gzip"})
    return web.Response(body=asset.plain, headers=told)


def read_pages(built: Traversable | None = None, hosts: Collection[str] = (), keys_for: str | None = None) -> Pages:
    """Return the pages built here, by default those of this installation; none where nothing was built.

    `hosts` are the origins whose pages may hold the widget; `keys_for` as in `Pages`.
    """
    dist = built or resources.files("channels").joinpath("web", "dist")
    manifest = dist.joinpath("manifest.json")
    if not manifest.is_file():
        return Pages({}, {}, hosts, keys_for)
    assets = {file.name: _read(file) for file in dist.joinpath("assets").iterdir()}
    entries = msgspec.json.decode(manifest.read_bytes(), type=dict[str, Entry])
    return Pages(entries, assets, hosts, keys_for)


def _read(file: Traversable) -> Asset:
    content = file.read_bytes()
    media_type = _TYPES.get(file.name.rpartition(".")[2]) or mimetypes.guess_type(file.name)[0] or _BYTES
    text = "; charset=utf-8" if media_type.startswith("text/") else ""
    return Asset(media_type=f"{media_type}{text}", plain=content, gzipped=gzip.compress(content, mtime=0))


def _language(wanted: str, accepted: str) -> str:
    """Return the one the address names, else the first of ours that the browser does, else French."""
    named = (part.strip()[:2].lower() for part in (wanted, *accepted.split(",")))
    return next((language for language in named if language in _LANGUAGES), "fr")


def _document(head: str, entry: Entry, language: str) -> str:
    """Modules and words are asked for with the script, not one after the other as each names the next."""
    style = f'<link rel="stylesheet" href="/{escape(entry.style)}">' if entry.style else ""
    asked = (*entry.modules, *entry.words.get(language, ()))
    modules = "".join(f'<link rel="modulepreload" href="/{escape(module)}">' for module in asked)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Contreseing</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        f'{head}{style}<script type="module" src="/{escape(entry.script)}"></script>'
        f"{modules}</head><body><noscript>{_LANGUAGES[language]}</noscript></body></html>"
    )
