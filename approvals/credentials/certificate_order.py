"""How an order of a certificate moves on; pure. Steps may be skipped, none is taken back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from approvals.credentials.certificate_refusals import CertificateOrderClosed
from approvals.model.certificate_order import CertificateOrder, CertificateOrderStatus
from approvals.model.ids import CertificateId

_ORDERED: Final = frozenset({CertificateOrderStatus.ORDERED})
_RECEIVED: Final = frozenset({CertificateOrderStatus.RECEIVED})
_ABANDONED: Final = frozenset({CertificateOrderStatus.ABANDONED})
_NEXT: Final[Mapping[CertificateOrderStatus, frozenset[CertificateOrderStatus]]] = {
    CertificateOrderStatus.REQUESTED: _ORDERED | _RECEIVED | _ABANDONED,
    CertificateOrderStatus.ORDERED: _RECEIVED | _ABANDONED,
    CertificateOrderStatus.RECEIVED: _ABANDONED,
}


def move(order: CertificateOrder, status: CertificateOrderStatus, now: datetime) -> CertificateOrder:
    """Return the order as it is told to be; told twice is once. Raises CertificateOrderClosed where it cannot."""
    if order.status is status:
        return order
    if status not in _NEXT.get(order.status, frozenset()):
        raise CertificateOrderClosed(f"the order is {order.status}")
    return replace(order, status=status, moved_at=now)


def fulfil(order: CertificateOrder, certificate_id: CertificateId, now: datetime) -> CertificateOrder:
    """The certificate came and was enrolled: the end of an open order."""
    return replace(order, status=CertificateOrderStatus.ENROLLED, certificate_id=certificate_id, moved_at=now)
