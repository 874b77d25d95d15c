"""Orders of certificates from the partner's shop."""

from collections.abc import Sequence
from typing import Final

from approvals.credentials.certificate_refusals import CertificateOrderOpen
from approvals.errors import StaleVersion
from approvals.model.certificate_order import CertificateOrder, CertificateOrderStatus
from approvals.model.ids import CertificateId, CertificateOrderId, UserId
from approvals.store.columns import milliseconds, number, text, text_or_none, time
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.queries import placeholders


class SqlCertificateOrders:
    """Satisfies `ports.certificates.CertificateOrders`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO certificate_orders (id, user_id, shop, status, requested_at, moved_at, certificate_id, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT DO NOTHING RETURNING id
    """

    async def add(self, order: CertificateOrder) -> None:
        """Raises CertificateOrderOpen where the person has one under way."""
        row = await fetch_one(
            self._connection,
            self._ADD,
            order.id,
            order.user_id,
            order.shop,
            order.status,
            milliseconds(order.requested_at),
            milliseconds(order.moved_at),
            order.certificate_id,
            order.version,
        )
        if row is None:
            raise CertificateOrderOpen("an order of this person is under way")

    _LOAD: Final = "SELECT * FROM certificate_orders WHERE id = $1"

    async def load(self, order_id: CertificateOrderId) -> CertificateOrder | None:
        row = await fetch_one(self._connection, self._LOAD, order_id)
        return None if row is None else _order(row)

    _OF_USERS: Final = "SELECT * FROM certificate_orders WHERE user_id IN ({users})"

    async def of_users(self, user_ids: Sequence[UserId]) -> Sequence[CertificateOrder]:
        """All of them, newest first."""
        if not user_ids:
            return []
        rows = await self._connection.fetch(self._OF_USERS.format(users=placeholders(len(user_ids))), *user_ids)
        return sorted(map(_order, rows), key=lambda order: (order.requested_at, order.id), reverse=True)

    _SAVE: Final = """
        UPDATE certificate_orders SET status = $3, moved_at = $4, certificate_id = $5, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def save(self, order: CertificateOrder) -> None:
        """Write how far it is, version raised. Raises StaleVersion."""
        row = await fetch_one(
            self._connection,
            self._SAVE,
            order.id,
            order.version,
            order.status,
            milliseconds(order.moved_at),
            order.certificate_id,
        )
        if row is None:
            raise StaleVersion("the order was saved by somebody else")


def _order(row: Row) -> CertificateOrder:
    certificate_id = text_or_none(row, "certificate_id")
    return CertificateOrder(
        id=CertificateOrderId(text(row, "id")),
        user_id=UserId(text(row, "user_id")),
        shop=text(row, "shop"),
        status=CertificateOrderStatus(text(row, "status")),
        requested_at=time(row, "requested_at"),
        moved_at=time(row, "moved_at"),
        certificate_id=None if certificate_id is None else CertificateId(certificate_id),
        version=number(row, "version"),
    )
