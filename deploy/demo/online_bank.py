"""The bank's client area of the demo, as a process: a page of another origin that holds the widget.

    python -m deploy.demo.online_bank HOME --server URL --core URL --port PORT

Claire is signed in there already. Its back end hands a payment file to the bank's core, as a client area does with
what a bookkeeper uploads, and vouches for Claire to the widget with an API key of its own (docs/widget.md).
"""

import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import aiohttp
from aiohttp import web

from deploy.demo.pages import files
from deploy.demo.places import CLIENT, SIGNER, Places
from deploy.demo.walk import make_file

_FILES: Final = {"/": "bank.html"} | {f"/{name}": name for name in ("bank.js", "words.js", "style.css")}


class OnlineBank:
    """Handles what Claire's page asks its own back end."""

    def __init__(self, places: Places, server: str, core: str) -> None:
        self._widget_key = places.widget_key.read_text("ascii").strip()
        self._server = server
        self._core = core

    async def run(self, _app: web.Application) -> AsyncIterator[None]:
        """Hold the one HTTP client for as long as the process lives."""
        async with aiohttp.ClientSession() as self._session:
            yield

    def routes(self) -> list[web.RouteDef]:
        policy = (
            f"default-src 'self'; script-src 'self' {self._server}; frame-src {self._server}; img-src data:; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return [
            *files(_FILES, policy=policy),
            web.get("/places", self.places),
            web.post("/remittances", self.send),
            web.post("/chat-token", self.vouch),
        ]

    async def places(self, _request: web.Request) -> web.Response:
        """Where the widget's loader and the app are."""
        return web.json_response({"server": self._server})

    async def send(self, _request: web.Request) -> web.Response:
        """Hand the core a new payment file of five orders."""
        async with self._session.post(f"{self._core}/remittances", data=make_file()) as response:
            return web.Response(status=204 if response.status in {201, 202} else 502)

    async def vouch(self, request: web.Request) -> web.Response:
        """Ask for a token of the widget for Claire, who is signed in here; `host` is this page's own origin."""
        form = {
            "client_identifier": CLIENT,
            "user_number": SIGNER,
            "host": request.headers.get("Origin", ""),
            "challenge": (await request.json())["challenge"],
        }
        headers = {"Authorization": f"Bearer {self._widget_key}"}
        async with self._session.post(f"{self._server}/v1/widget-tokens", json=form, headers=headers) as response:
            said = await response.json()
        return web.json_response({"token": said["token"]} if response.status == 201 else {}, status=response.status)


def main() -> None:
    """Serve until told to stop."""
    parser = ArgumentParser(prog="python -m deploy.demo.online_bank", description="The client area of the demo.")
    parser.add_argument("home", type=Path, help="the demo's folder")
    parser.add_argument("--server", required=True, help="where Contreseing is")
    parser.add_argument("--core", required=True, help="where the bank's core is")
    parser.add_argument("--port", type=int, required=True, help="port to listen on, of this machine only")
    chosen = parser.parse_args()
    bank = OnlineBank(Places(home=chosen.home, server_port=0, core_port=0), chosen.server, chosen.core)
    app = web.Application()
    app.cleanup_ctx.append(bank.run)
    app.add_routes(bank.routes())
    web.run_app(app, host="localhost", port=chosen.port, print=lambda _: _started(), access_log=None)


def _started() -> None:
    sys.stdout.write("Ready to be visited\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
