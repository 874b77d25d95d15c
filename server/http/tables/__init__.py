"""The rows, in tables by noun, each with its handlers; a handler only translates."""

from collections.abc import Sequence
from typing import Final

from server.http.routes import Row
from server.http.tables import (
    actions,
    advisers,
    authorities,
    beneficiaries,
    card_orders,
    cards,
    certificate_orders,
    certificates,
    challenges,
    codes,
    company,
    confirmations,
    devices,
    documents,
    enrolments,
    evidence,
    health,
    inbox,
    letters,
    portfolio,
    preparations,
    remittances,
    sessions,
    stream,
)

ROWS: Final[Sequence[Row]] = (
    *sessions.ROWS,
    *codes.ROWS,
    *letters.ROWS,
    *advisers.ROWS,
    *portfolio.ROWS,
    *devices.ROWS,
    *enrolments.ROWS,
    *confirmations.ROWS,
    *actions.ROWS,
    *remittances.ROWS,
    *preparations.ROWS,
    *beneficiaries.ROWS,
    *evidence.ROWS,
    *challenges.ROWS,
    *company.ROWS,
    *inbox.ROWS,
    *cards.ROWS,
    *card_orders.ROWS,
    *authorities.ROWS,
    *certificates.ROWS,
    *certificate_orders.ROWS,
    *stream.ROWS,
    *health.ROWS,
    *documents.ROWS,
)
