"""One attempt to post a body to a neighbour, signed as Standard Webhooks say; what came of it is an outcome.

No redirect is followed, no proxy of the environment is used, and of the reply no more is read than decides. Which
reply means what is `approvals.delivery`'s.
"""

import asyncio
from collections.abc import Container
from datetime import timedelta
from typing import Final

import aiohttp
from standardwebhooks import Webhook

from approvals.delivery import Outcome, Reply, Undecided, read_reply
from approvals.ports.world import Clock
from server.outside.bodies import read_at_most

_LONGEST_BODY: Final = 64 * 1024


class SignedWebhook:
    """Posts to one address under one shared secret."""

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        url: str,
        secret: str,
        clock: Clock,
        limit: timedelta = timedelta(seconds=10),
    ) -> None:
        """`secret` is the shared one, `whsec_` and base64; `limit` bounds one whole attempt."""
        self.session = session
        self.url = url
        self.timeout = aiohttp.ClientTimeout(total=limit.total_seconds())
        self._webhook = Webhook(secret)
        self._clock = clock

    async def post(self, webhook_id: str, body: bytes) -> Outcome:
        """Make one attempt. Never raises for anything the neighbour or the network does."""
        try:
            return read_reply(await self._post(webhook_id, body))
        except TimeoutError:
            return Undecided("timeout")
        except aiohttp.ClientSSLError:
            return Undecided("tls")
        except aiohttp.ClientConnectorError:
            return Undecided("unreachable")
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError):
            return Undecided("connection_broken")

    def headers(self, webhook_id: str, body: bytes) -> dict[str, str]:
        """The three headers of Standard Webhooks: the id is the same on every attempt, the time is this one's."""
        now = self._clock.now()
        return {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(webhook_id, now, body.decode()),
        }

    async def _post(self, webhook_id: str, body: bytes) -> Reply:
        async with self.session.post(
            self.url,
            data=body,
            headers=self.headers(webhook_id, body),
            timeout=self.timeout,
            allow_redirects=False,
        ) as response:
            return await read(response, read_at={422})


def open_session() -> aiohttp.ClientSession:
    """Return a session that keeps no cookies, reads no proxy from the environment and unpacks nothing."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False)


async def read(response: aiohttp.ClientResponse, *, read_at: Container[int]) -> Reply:
    """Keep the status, and the body at those statuses where it decides."""
    body = await read_at_most(response.content, _LONGEST_BODY) if response.status in read_at else b""
    return Reply(status=response.status, content_type=response.headers.get("Content-Type", ""), body=body)
