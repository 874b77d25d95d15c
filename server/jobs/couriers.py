"""Takes orders to the makers of cards as they fall due; a courier a maker (RTS 2018/389 art. 25)."""

import logging
from collections.abc import Callable
from typing import Final

from approvals.desk.cards.messages import CardMessageDesk
from approvals.model.card_order import Maker
from server.outside.webhook import SignedWebhook

log = logging.getLogger(__name__)

_MOST_A_ROUND: Final = 100


class Courier:
    """One maker's; what it cannot deliver waits its pause and is tried again."""

    def __init__(
        self, *, maker: Maker, desk: CardMessageDesk, webhook: SignedWebhook, draw_jitter: Callable[[], float]
    ) -> None:
        """`draw_jitter` returns a number in [0, 1)."""
        self._maker = maker
        self._desk = desk
        self._webhook = webhook
        self._draw_jitter = draw_jitter

    async def deliver(self) -> None:
        """Make an attempt for each message that is due."""
        for _ in range(_MOST_A_ROUND):
            message = await self._desk.claim(self._maker)
            if message is None:
                return
            outcome = await self._webhook.post(message.id, message.body)
            recorded = await self._desk.record(self._maker, message, outcome, self._draw_jitter())
            log.info(
                "card order attempted",
                extra={
                    "maker": self._maker.value,
                    "message_id": recorded.id,
                    "status": recorded.status,
                    "attempts": recorded.attempts,
                    "error": recorded.last_error,
                },
            )
