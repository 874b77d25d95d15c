"""The rows, in tables by noun, each with its handlers; a handler only translates."""

from collections.abc import Sequence
from typing import Final

from server.http.routes import Row
from server.http.tables import (
    actions,
    card_orders,
    cards,
    challenges,
    devices,
    documents,
    evidence,
    health,
    inbox,
    remittances,
    sessions,
    stream,
)

ROWS: Final[Sequence[Row]] = (
    *sessions.ROWS,
    *devices.ROWS,
    *actions.ROWS,
    *remittances.ROWS,
    *evidence.ROWS,
    *challenges.ROWS,
    *inbox.ROWS,
    *cards.ROWS,
    *card_orders.ROWS,
    *stream.ROWS,
    *health.ROWS,
    *documents.ROWS,
)
