"""Cores as they may be found at the other end of a webhook: real listeners on real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Answers with its script, the last answer for ever, and keeps what it was sent."""

    url: str = ""
    script: list[Callable[[], web.Response]]
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.received.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return (self.script.pop(0) if len(self.script) > 1 else self.script[0])()


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    """Serve it on a free port of this machine; yield its origin."""
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def receiving(*script: Callable[[], web.Response]) -> AsyncIterator[Receiver]:
    """Listen on a free port of this machine."""
    receiver = Receiver(script=list(script))
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.handle)
    async with listening(app) as origin:
        receiver.url = f"{origin}/releases"
        yield receiver


@asynccontextmanager
async def speaking(talk: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[str]:
    """Listen, and once a request begins, say whatever `talk` writes; yield the URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}/releases"
    finally:
        server.close()


def answer(status: int, body: bytes = b"", content_type: str = "text/plain") -> Callable[[], web.Response]:
    return lambda: web.Response(status=status, body=body, headers={"Content-Type": content_type})
