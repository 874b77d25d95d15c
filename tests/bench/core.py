"""The bank's core of the benchmark: opens actions over HTTP, takes releases by webhook and acknowledges them."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Self

import aiohttp
import msgspec
from aiohttp import web
from standardwebhooks import Webhook

from deploy.demo.make_remittance import french_iban
from tests.bench.jobs import Bank, JobFailed
from tests.bench.residents import BOOKKEEPER, KIND, client_identifier
from tests.bench.signer import UnderWay

_BREATH: Final = 0.1  # seconds before a request is sent again, under the same key


class _Data(msgspec.Struct):
    reference: str


class _Release(msgspec.Struct):
    """The part of a release that is looked at."""

    data: _Data


class Core:
    """One HTTP client and one small HTTP server."""

    def __init__(self, bank: Bank, under_way: UnderWay, session: aiohttp.ClientSession) -> None:
        self._url = f"{bank.server}/v1/actions"
        self._authorization = f"Bearer {bank.api_key}"
        self._webhook = Webhook(bank.webhook_secret)
        self._under_way = under_way
        self._session = session
        # A beneficiary is added once: what an earlier generator paid is another account.
        self._opened = int(time.time()) * 1000 % 10**10

    @classmethod
    @asynccontextmanager
    async def running(cls, bank: Bank, under_way: UnderWay) -> AsyncIterator[Self]:
        """Listen for releases as long as it lasts."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            core = cls(bank, under_way, session)
            application = web.Application()
            application.add_routes([web.post("/releases", core._receive)])
            runner = web.AppRunner(application, access_log=None)
            await runner.setup()
            try:
                await web.TCPSite(runner, "127.0.0.1", bank.core_port).start()
                yield core
            finally:
                await runner.cleanup()

    async def open(self, company: int, reference: str) -> int:
        """Have a new beneficiary countersigned; return how often it had to be asked again.

        Raises JobFailed when the bank does not hold it.
        """
        self._opened += 1
        form = {
            "client_identifier": client_identifier(company),
            "kind": KIND,
            "payload": {"change": "add", "name": f"Fournisseur {self._opened}", "iban": french_iban(self._opened)},
            "initiator": BOOKKEEPER,
            "reference": reference,
        }
        headers = {"Authorization": self._authorization, "Idempotency-Key": str(uuid.uuid4())}
        asked_again = 0
        while True:
            async with self._session.post(self._url, json=form, headers=headers) as response:
                body = await response.read()
            if response.status == 201:
                return asked_again
            if response.status != 503:
                raise JobFailed(f"an action was not held: {response.status} {body.decode(errors='replace')}")
            asked_again += 1
            await asyncio.sleep(_BREATH)

    async def _receive(self, request: web.Request) -> web.Response:
        """Check whose release it is, as a core does, and take it."""
        body = await request.read()
        self._webhook.verify(body, dict(request.headers))
        self._under_way.released(msgspec.json.decode(body, type=_Release).data.reference)
        return web.Response(status=204)
