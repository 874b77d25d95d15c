"""Orders of cards."""

from collections.abc import Sequence
from typing import Final

from approvals.errors import InvalidRequest, StaleVersion
from approvals.model.card import CardKind
from approvals.model.card_order import CardOrder, Delivery, OrderReason, PinLetter
from approvals.model.ids import CardId, UserId
from approvals.model.page import Page
from approvals.ports.cards import CardOrderFilter
from approvals.store.columns import (
    milliseconds,
    milliseconds_or_none,
    number,
    text,
    text_or_none,
    time,
    time_or_none,
)
from approvals.store.database import Connection, Row, Value, fetch_one
from approvals.store.queries import placeholders, read_cursor, write_cursor


class SqlCardOrders:
    """Satisfies `ports.cards.CardOrders`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO card_orders (
            card_id, user_id, client_identifier, user_number, kind, delivery, reason, replaces, ordered_at,
            produced_at, pin_letter, version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT DO NOTHING RETURNING card_id
    """

    async def add(self, order: CardOrder) -> None:
        """The same order twice is one. Raises StaleVersion for another that replaces the same card."""
        row = await fetch_one(
            self._connection,
            self._ADD,
            order.card_id,
            order.user_id,
            order.client_identifier,
            order.user_number,
            order.kind,
            order.delivery,
            order.reason,
            order.replaces,
            milliseconds(order.ordered_at),
            milliseconds_or_none(order.produced_at),
            order.pin_letter,
            order.version,
        )
        if row is None and await self.load(order.card_id) is None:
            raise StaleVersion("another order replaces the same card")

    _LOAD: Final = "SELECT * FROM card_orders WHERE card_id = $1"

    async def load(self, card_id: CardId) -> CardOrder | None:
        row = await fetch_one(self._connection, self._LOAD, card_id)
        return None if row is None else _order(row)

    _REPLACING: Final = "SELECT * FROM card_orders WHERE replaces = $1"

    async def replacing(self, card_id: CardId) -> CardOrder | None:
        """The order of the card that takes over from this one."""
        row = await fetch_one(self._connection, self._REPLACING, card_id)
        return None if row is None else _order(row)

    _SAVE: Final = """
        UPDATE card_orders SET produced_at = $3, pin_letter = $4, version = version + 1
        WHERE card_id = $1 AND version = $2 RETURNING version
    """

    async def save(self, order: CardOrder) -> None:
        """Write how far it is, version raised. Raises StaleVersion."""
        row = await fetch_one(
            self._connection,
            self._SAVE,
            order.card_id,
            order.version,
            milliseconds_or_none(order.produced_at),
            order.pin_letter,
        )
        if row is None:
            raise StaleVersion("the order was saved by somebody else")

    _BROWSE: Final = """
        SELECT * FROM card_orders WHERE {conditions} ORDER BY ordered_at DESC, card_id DESC LIMIT {limit}
    """

    async def browse(self, wanted: CardOrderFilter, after: str | None, limit: int) -> Page[CardOrder]:
        """Newest first. Raises InvalidRequest for a cursor that is none of ours."""
        conditions, values = _narrow(wanted, after)
        sql = self._BROWSE.format(conditions=conditions, limit=f"${len(values) + 1}")
        rows = await self._connection.fetch(sql, *values, limit + 1)
        orders = [_order(row) for row in rows[:limit]]
        more = len(rows) > limit
        return Page(items=orders, next=_cursor(orders[-1]) if more else None)


def _narrow(wanted: CardOrderFilter, after: str | None) -> tuple[str, list[Value]]:
    """Return the conditions of a browse, joined, and their values in order."""
    asked: list[tuple[str, Sequence[Value]]] = [
        ("user_id = {}", (wanted.user_id,)),
        ("kind = {}", (wanted.kind,)),
    ]
    conditions = ["1 = 1"]
    if wanted.is_produced is not None:
        conditions.append(f"produced_at IS {'NOT ' if wanted.is_produced else ''}NULL")
    values: list[Value] = []
    for condition, operands in [*asked, *_from(after)]:
        if None not in operands:
            conditions.append(condition.format(placeholders(len(operands), first=len(values) + 1)))
            values.extend(operands)
    return " AND ".join(conditions), values


def _from(after: str | None) -> list[tuple[str, Sequence[Value]]]:
    if after is None:
        return []
    ordered_at, card_id = read_cursor(after, 2)
    if not ordered_at.isdecimal():
        raise InvalidRequest("not a cursor of this list", field="after")
    return [("(ordered_at, card_id) < ({})", (int(ordered_at), card_id))]


def _cursor(order: CardOrder) -> str:
    return write_cursor(milliseconds(order.ordered_at), order.card_id)


def _order(row: Row) -> CardOrder:
    replaces = text_or_none(row, "replaces")
    return CardOrder(
        card_id=CardId(text(row, "card_id")),
        user_id=UserId(text(row, "user_id")),
        client_identifier=text(row, "client_identifier"),
        user_number=text(row, "user_number"),
        kind=CardKind(text(row, "kind")),
        delivery=Delivery(text(row, "delivery")),
        reason=OrderReason(text(row, "reason")),
        replaces=None if replaces is None else CardId(replaces),
        ordered_at=time(row, "ordered_at"),
        produced_at=time_or_none(row, "produced_at"),
        pin_letter=PinLetter(text(row, "pin_letter")),
        version=number(row, "version"),
    )
