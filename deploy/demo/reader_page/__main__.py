"""The reader and the authenticators of the demo, as a process: pages on this machine alone.

    python -m deploy.demo.reader_page HOME --port PORT

It reads the cards' files and the authenticators' seeds in the demo's folder and asks nobody for anything: a code goes
from here to the bank in a person's hands. Each page has a reader of its own; cards keep their counters and their
wrong PINs in their files.
"""

import re
import sys
from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from typing import Final

from aiohttp import web

from approvals.credentials.totp import STEP
from deploy.demo.advisers import ADVISER_PASSWORD, ADVISERS, codes_of_now
from deploy.demo.pages import files
from deploy.demo.places import CONFIDENTIAL_CODE, HOLDERS, PIN, Places
from deploy.demo.reader_page.keypad import Glass, Keypad
from server.clock import SystemClock

_FILES: Final = {"/": "reader.html", "/authenticator": "authenticator.html"} | {
    f"/{name}": name for name in ("reader.js", "authenticator.js", "words.js", "style.css")
}
_KEYS: Final = re.compile(r"CODE|SIGN|OK|C|[0-9]", re.ASCII)
_POLICY: Final = "default-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Pocket:
    """Handles what is clicked on the pages."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._keypads: defaultdict[str, Keypad] = defaultdict(Keypad)

    def routes(self) -> list[web.RouteDef]:
        at_reader = "/readers/{reader:[0-9a-f-]{36}}"
        return [
            *files(_FILES, policy=_POLICY),
            web.get("/cards", self.cards),
            web.post(at_reader + "/card", self.insert),
            web.delete(at_reader + "/card", self.take_out),
            web.post(at_reader + "/keys", self.press),
            web.get("/codes", self.codes),
        ]

    async def cards(self, _request: web.Request) -> web.Response:
        """The cards on the table, with what each holder types to come in."""
        return web.json_response(
            [
                {
                    "id": holder.card,
                    "holder": holder.name,
                    "last4": holder.pan[-4:],
                    "company": holder.company,
                    "client": holder.client,
                    "number": holder.number,
                    "code": CONFIDENTIAL_CODE,
                    "pin": PIN,
                }
                for holder in HOLDERS
            ]
        )

    async def insert(self, request: web.Request) -> web.Response:
        wanted = (await request.json()).get("card")
        if wanted not in {holder.card for holder in HOLDERS}:
            raise web.HTTPNotFound
        keypad = self._of(request)
        keypad.insert(self._places.card_of(wanted))
        return _shown(keypad)

    async def take_out(self, request: web.Request) -> web.Response:
        keypad = self._of(request)
        keypad.take_out()
        return _shown(keypad)

    async def press(self, request: web.Request) -> web.Response:
        key = str((await request.json()).get("key"))
        if not _KEYS.fullmatch(key):
            raise web.HTTPBadRequest
        keypad = self._of(request)
        keypad.press(key)
        return _shown(keypad)

    async def codes(self, _request: web.Request) -> web.Response:
        """What each adviser's authenticator shows, and for how many seconds more."""
        left = STEP - int(SystemClock().now().timestamp()) % STEP
        codes = codes_of_now(self._places)
        shown = [
            {"number": number, "name": name, "password": ADVISER_PASSWORD, "code": codes[number]}
            for number, name in ADVISERS
        ]
        return web.json_response({"left": left, "advisers": shown})

    def _of(self, request: web.Request) -> Keypad:
        return self._keypads[request.match_info["reader"]]


def _shown(keypad: Keypad) -> web.Response:
    """The glass: digits typed are shown, those of a PIN as dots."""
    typed = "•" * len(keypad.typed) if keypad.glass is Glass.PIN else keypad.typed
    glass = {"glass": keypad.glass, "typed": typed, "code": keypad.code, "tries_left": keypad.tries_left}
    return web.json_response(glass, headers={"Cache-Control": "no-store"})


def main() -> None:
    """Serve until told to stop."""
    parser = ArgumentParser(prog="python -m deploy.demo.reader_page", description="The reader page of the demo.")
    parser.add_argument("home", type=Path, help="the demo's folder")
    parser.add_argument("--port", type=int, required=True, help="port to listen on, of this machine only")
    chosen = parser.parse_args()
    app = web.Application()
    app.add_routes(Pocket(Places(home=chosen.home, server_port=0, core_port=0)).routes())
    web.run_app(app, host="127.0.0.1", port=chosen.port, print=lambda _: _started(), access_log=None)


def _started() -> None:
    sys.stdout.write("Ready to be pressed\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
