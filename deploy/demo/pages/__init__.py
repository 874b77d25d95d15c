"""The demo's own pages: what stands in this folder, served by its processes on this machine alone."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from aiohttp import web

_HERE: Final = Path(__file__).parent


def files(named: Mapping[str, str], *, policy: str) -> list[web.RouteDef]:
    """Routes that give these files by path, under this Content-Security-Policy."""
    return [web.get(path, _sender(name, policy)) for path, name in named.items()]


def _sender(name: str, policy: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}

    async def send(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_HERE / name, headers=headers)

    return send
