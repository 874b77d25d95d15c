"""The bank's core of the demo, as a process: sends payment files to be countersigned, and carries out what comes back.

    python -m deploy.demo.core FOLDER --server URL --port PORT

A company's file comes by POST /remittances, as from its online bank; releases come by POST /releases. What it was
given when it was set up (API key, webhook secret) and what it keeps (pinned key, files sent, actions applied) is in
its folder. Each event is one line on the output.
"""

import hashlib
import sys
import uuid
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import aiohttp
from aiohttp import web

from deploy.demo.places import CLIENT, INITIATOR
from deploy.demo.release_check import Claims, Impossible, Trust, Untrusted, check, pin

_LARGEST: Final = 256 * 1024 * 1024


class Core:
    """Handles the two routes."""

    def __init__(self, folder: Path, server: str) -> None:
        self._folder = folder
        self._server = server
        self._api_key = (folder / "api.key").read_text("ascii").strip()
        self._secret = (folder / "webhook.secret").read_text("ascii").strip()
        (folder / "sent").mkdir(exist_ok=True)
        (folder / "applied").mkdir(exist_ok=True)

    async def run(self, _app: web.Application) -> AsyncIterator[None]:
        """Hold the one HTTP client for as long as the process lives, and pin the release key at first start."""
        async with aiohttp.ClientSession() as self._session:
            self._trust = Trust(secret=self._secret, keys=pin(await self._pinned()))
            _tell(f"Release key pinned: {', '.join(self._trust.keys)}")
            yield

    async def send(self, request: web.Request) -> web.Response:
        """Pass a company's file on to be countersigned, and remember its digest."""
        content = await request.read()
        digest = hashlib.sha256(content).hexdigest()
        (self._folder / "sent" / digest).write_bytes(content)
        async with self._session.post(
            f"{self._server}/v1/remittances",
            params={"client": CLIENT, "initiator": INITIATOR},
            data=content,
            headers={
                "Authorization": f"Bearer {self._api_key}",
                "Content-Type": "application/xml",
                "Idempotency-Key": str(uuid.uuid4()),
            },
        ) as response:
            _tell(f"File of {len(content)} bytes sent, SHA-256 {digest[:16]}…: {response.status} {response.reason}")
            return web.Response(status=response.status, body=await response.read(), content_type=response.content_type)

    async def receive(self, request: web.Request) -> web.Response:
        """Check a release and carry it out, once."""
        sent = {path.name for path in (self._folder / "sent").iterdir()}
        try:
            claims = check(request.headers, await request.read(), self._trust, sent)
        except Untrusted as refusal:
            _tell(f"Release not trusted: {refusal}")
            return web.Response(status=401)
        except Impossible as refusal:
            _tell(f"Release refused: {refusal}")
            return web.json_response(
                {"status": 422, "title": "Refused", "code": str(refusal)},
                status=422,
                content_type="application/problem+json",
            )
        self._apply(claims)
        return web.Response(status=204)

    async def recall(self, request: web.Request) -> web.Response:
        """Say whether an action was carried out: asked after the server came back from a backup."""
        action = request.match_info["action"]
        if (self._folder / "applied" / action).exists():
            return web.json_response({"action": action})
        return web.json_response(
            {"status": 404, "title": "Unknown", "code": "action_unknown"},
            status=404,
            content_type="application/problem+json",
        )

    def _apply(self, claims: Claims) -> None:
        """An action is carried out once, however often its release comes."""
        try:
            (self._folder / "applied" / claims.action).touch(exist_ok=False)
        except FileExistsError:
            _tell(f"Release of {claims.action} again: carried out before")
            return
        blocks = ", ".join(claims.payment_information_ids)
        signers = ", ".join(f"{each.user} by {each.means}" for each in claims.approvals)
        _tell(
            f"Released: {claims.action}, payload as sent, token right, signed by {signers}; blocks executed: {blocks}"
        )

    async def _pinned(self) -> bytes:
        """Return the published keys as they were at the very first start."""
        file = self._folder / "pinned.json"
        if not file.exists():
            async with self._session.get(f"{self._server}/.well-known/jwks.json") as response:
                response.raise_for_status()
                file.write_bytes(await response.read())
        return file.read_bytes()


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Serve until told to stop."""
    parser = ArgumentParser(prog="python -m deploy.demo.core", description="The bank's core of the demo.")
    parser.add_argument("folder", type=Path, help="what it was given and keeps")
    parser.add_argument("--server", required=True, help="where Contreseing is")
    parser.add_argument("--port", type=int, required=True, help="port to listen on, of this machine only")
    chosen = parser.parse_args()
    core = Core(chosen.folder, chosen.server)
    app = web.Application(client_max_size=_LARGEST)
    app.cleanup_ctx.append(core.run)
    app.add_routes([web.post("/remittances", core.send), web.post("/releases", core.receive)])
    app.add_routes([web.get("/releases/{action:[a-z0-9_]+}", core.recall)])
    web.run_app(app, host="127.0.0.1", port=chosen.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
