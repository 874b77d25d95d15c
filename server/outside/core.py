"""The bank's core behind a webhook: sends releases, and asks after a restore what the core carried out.

How one attempt is made is `webhook`'s; when to send again is `desk.deliveries`'.
"""

import asyncio
from datetime import timedelta

import aiohttp

from approvals.delivery import Outcome, Recollection, read_recollection
from approvals.model.ids import ActionId
from approvals.model.release import Release
from approvals.ports.world import Clock
from server.outside.webhook import SignedWebhook, read


class CoreWebhook:
    """Speaks to the core's one address."""

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
        self._webhook = SignedWebhook(session=session, url=url, secret=secret, clock=clock, limit=limit)

    async def send(self, release: Release) -> Outcome:
        """Make one attempt. Never raises for anything the core or the network does."""
        return await self._webhook.post(release.id, release.body)

    async def recall(self, action_id: ActionId) -> Recollection:
        """Ask whether the core carried an action out: GET on the webhook's URL, `/` and the action's id, signed alike.

        Never raises for anything the core or the network does.
        """
        webhook = self._webhook
        try:
            async with webhook.session.get(
                f"{webhook.url}/{action_id}",
                headers=webhook.headers(action_id, b""),
                timeout=webhook.timeout,
                allow_redirects=False,
            ) as response:
                return read_recollection(await read(response, read_at={200, 404}), action_id)
        except (TimeoutError, aiohttp.ClientError, OSError, asyncio.IncompleteReadError):
            return Recollection.NO_ANSWER
