"""The bank's core: opens and withdraws actions, and receives releases as a core that is slow, faulty or dead at times.

It applies an action once, after checking webhook, token and payload digest; what it saw goes to the journal.
"""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from random import Random
from typing import Final, Self

import rfc8785
from aiohttp import web

from deploy.demo.release_check import Trust, Untrusted
from tests.flows.chaos.choices import draw
from tests.flows.chaos.journal import Delivered, Journal
from tests.flows.chaos.trusting import Parcel, check

_BEHAVIOURS: Final = {"well": 78, "slow": 6, "broken": 5, "conflict": 4, "applied_unsaid": 5, "applied_broken": 2}
_REFUSES: Final = 0.03


class Core:
    """The receiving side."""

    def __init__(self, seed: int, journal: Journal) -> None:
        self._seed = seed
        self._journal = journal
        self._sent: set[str] = set()
        self._attempts: Counter[str] = Counter()
        self._is_dead = False
        self.applied: set[str] = set()
        self.trust: Trust | None = None
        self.port = 0

    @classmethod
    @asynccontextmanager
    async def running(cls, seed: int, journal: Journal) -> AsyncIterator[Self]:
        """Listen on a free port as long as it lasts."""
        core = cls(seed, journal)
        application = web.Application()
        application.add_routes([web.post("/releases", core._receive)])
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            core.port = int(runner.addresses[0][1])
            yield core
        finally:
            await runner.cleanup()

    def will_ask(self, payload: Mapping[str, str | int]) -> None:
        """Remember what is about to be sent: its release may come before the answer does."""
        self._sent.add(hashlib.sha256(rfc8785.dumps(dict(payload))).hexdigest())

    def die(self) -> None:
        self._is_dead = True

    def revive(self) -> None:
        self._is_dead = False

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if self._is_dead or self.trust is None:
            return _broken_off(request)
        try:
            parcel = check(request.headers, body, self.trust, self._sent)
        except Untrusted:
            self._journal.untrusted += 1
            return web.Response(status=401)
        reference = parcel.claims.reference
        if draw(self._seed, "core refuses", reference).random() < _REFUSES:  # once an action: a definite no stays one
            self._note(parcel, reply=422, is_applied=False)
            return _refused()
        self._attempts[reference] += 1
        return await self._behave(request, parcel, draw(self._seed, "core", reference, self._attempts[reference]))

    async def _behave(self, request: web.Request, parcel: Parcel, chance: Random) -> web.StreamResponse:
        behaviour = chance.choices(list(_BEHAVIOURS), list(_BEHAVIOURS.values()))[0]
        if behaviour in {"broken", "conflict"}:
            status = 500 if behaviour == "broken" else 409
            self._note(parcel, reply=status, is_applied=False)
            return web.Response(status=status)
        is_applied = parcel.claims.action not in self.applied
        self.applied.add(parcel.claims.action)
        if behaviour == "slow":
            await asyncio.sleep(chance.uniform(0.5, 3.0))
        reply = {"applied_unsaid": 0, "applied_broken": 500}.get(behaviour, 204)
        self._note(parcel, reply=reply, is_applied=is_applied)
        return web.Response(status=reply) if reply else _broken_off(request)

    def _note(self, parcel: Parcel, *, reply: int, is_applied: bool) -> None:
        claims = parcel.claims
        self._journal.delivered.append(
            Delivered(
                at=time.time(),
                action=claims.action,
                release=claims.jti,
                webhook=parcel.webhook,
                content=parcel.content,
                signers=tuple(each.user for each in claims.approvals),
                reply=reply,
                is_applied=is_applied,
            )
        )


def _refused() -> web.Response:
    problem = {"status": 422, "title": "Refused", "code": "payee_closed"}
    return web.json_response(problem, status=422, content_type="application/problem+json")


def _broken_off(request: web.Request) -> web.Response:
    """The caller hears nothing: the connection is reset before the reply."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
