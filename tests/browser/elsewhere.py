"""Somebody else's site: pages of another origin than the bank's, as the tests write them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`localhost` is another site than the bank's 127.0.0.1, as a host page's is. Pages are put in by path."""

    port: int
    pages: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    async def show(self, request: web.Request) -> web.Response:
        """A path ending in `.js` is a script; one that is not there is empty, as the icon a browser asks for."""
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=204)
        media_type = "text/javascript" if request.path.endswith(".js") else "text/html"
        return web.Response(text=page, content_type=media_type, headers=self.headers)


@asynccontextmanager
async def site(port: int) -> AsyncIterator[Site]:
    opened = Site(port=port)
    app = web.Application()
    app.router.add_get("/{path:.*}", opened.show)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "localhost", port).start()
    yield opened
    await runner.cleanup()
