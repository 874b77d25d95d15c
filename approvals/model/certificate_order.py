"""A certificate asked for at the partner's shop: the bank follows it, the shop sells it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import CertificateId, CertificateOrderId, UserId


class CertificateOrderStatus(StrEnum):
    """How far it is; the last two are its ends."""

    REQUESTED = "requested"  # the address was given
    ORDERED = "ordered"  # the person says that they ordered it there
    RECEIVED = "received"  # they hold it
    ENROLLED = "enrolled"  # it came, and works here
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateOrder:
    """One order; `shop` is the address given then, `moved_at` when the status was reached."""

    id: CertificateOrderId
    user_id: UserId
    shop: str
    status: CertificateOrderStatus
    requested_at: datetime
    moved_at: datetime
    certificate_id: CertificateId | None = None
    version: int = 0

    @property
    def is_open(self) -> bool:
        return self.status not in {CertificateOrderStatus.ENROLLED, CertificateOrderStatus.ABANDONED}
