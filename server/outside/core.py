"""The bank's core behind a webhook: sends one release as Standard Webhooks say, and brings back what was answered.

After a restore it asks what the core carried out. Which reply means what is `approvals.delivery`'s; when to send again
is `desk.deliveries`'. No redirect is followed, no proxy of the environment is used, and of the reply no more is read
than decides.
"""

import asyncio
from collections.abc import Container
from datetime import timedelta
from typing import Final

import aiohttp
from standardwebhooks import Webhook

from approvals.delivery import Outcome, Recollection, Reply, Undecided, read_recollection, read_reply
from approvals.model.ids import ActionId
from approvals.model.release import Release
from approvals.ports.world import Clock
from server.outside.bodies import read_at_most

_LONGEST_BODY: Final = 64 * 1024


class CoreWebhook:
    """Sends releases to the core's one address."""

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
        self._session = session
        self._url = url
        self._webhook = Webhook(secret)
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=limit.total_seconds())

    async def send(self, release: Release) -> Outcome:
        """Make one attempt. Never raises for anything the core or the network does."""
        try:
            return read_reply(await self._post(release))
        except TimeoutError:
            return Undecided("timeout")
        except aiohttp.ClientSSLError:
            return Undecided("tls")
        except aiohttp.ClientConnectorError:
            return Undecided("unreachable")
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError):
            return Undecided("connection_broken")

    async def recall(self, action_id: ActionId) -> Recollection:
        """Ask whether the core carried an action out: GET on the webhook's URL, `/` and the action's id, signed alike.

        Never raises for anything the core or the network does.
        """
        try:
            async with self._session.get(
                f"{self._url}/{action_id}",
                headers=self._headers(action_id, b""),
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                return read_recollection(await _reply(response, read_at={200, 404}), action_id)
        except (TimeoutError, aiohttp.ClientError, OSError, asyncio.IncompleteReadError):
            return Recollection.NO_ANSWER

    async def _post(self, release: Release) -> Reply:
        async with self._session.post(
            self._url,
            data=release.body,
            headers=self._headers(release.id, release.body),
            timeout=self._timeout,
            allow_redirects=False,
        ) as response:
            return await _reply(response, read_at={422})

    def _headers(self, webhook_id: str, body: bytes) -> dict[str, str]:
        """The three headers of Standard Webhooks: the id is the release's on every attempt, the time is this one's."""
        now = self._clock.now()
        return {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(webhook_id, now, body.decode()),
        }


def open_session() -> aiohttp.ClientSession:
    """Return a session that keeps no cookies, reads no proxy from the environment and unpacks nothing."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False)


async def _reply(response: aiohttp.ClientResponse, *, read_at: Container[int]) -> Reply:
    """Keep the status, and the body at those statuses where it decides."""
    body = await read_at_most(response.content, _LONGEST_BODY) if response.status in read_at else b""
    return Reply(status=response.status, content_type=response.headers.get("Content-Type", ""), body=body)
