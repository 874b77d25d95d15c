"""Certificates asked for at the partner's shop: the address is given, the request recorded and followed (BANK)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from approvals.credentials.adviser_refusals import OutsidePortfolio
from approvals.credentials.certificate_order import move
from approvals.desk.certificates.parts import CertificateParts
from approvals.desk.certificates.rules import accepting_company
from approvals.desk.in_charge import is_in_charge
from approvals.desk.presence import Presence, require_presence
from approvals.errors import NotFound
from approvals.model.audit import AuditEntry
from approvals.model.certificate_order import CertificateOrder, CertificateOrderStatus
from approvals.model.ids import CertificateOrderId, LoginId, UserId
from approvals.ports.book import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class ForWhom:
    """Whom an adviser asks for."""

    client_identifier: str
    user_number: str


class OrderDesk:
    """Asks, moves on, lists."""

    def __init__(self, parts: CertificateParts) -> None:
        self._parts = parts

    async def request(self, login_id: LoginId, whom: ForWhom | None) -> CertificateOrder:
        """Record that somebody wants a certificate; None is the caller.

        Raises CertificateOrderOpen, MeansNotAccepted, OutsidePortfolio, LoginEnded.
        """

        async def work(ledger: Ledger) -> CertificateOrder:
            now = self._parts.clock.now()
            presence = await require_presence(ledger, login_id, now)
            user_id = presence.user.id if whom is None else await _served(ledger, presence, whom)
            await accepting_company(ledger, user_id)
            order = CertificateOrder(
                id=CertificateOrderId(self._parts.ids.make("cor")),
                user_id=user_id,
                shop=self._parts.shop,
                status=CertificateOrderStatus.REQUESTED,
                requested_at=now,
                moved_at=now,
            )
            await ledger.certificate_orders.add(order)
            await _note(ledger, order, presence, now)
            return order

        return await self._parts.book.transaction(work)

    async def move(
        self, login_id: LoginId, order_id: CertificateOrderId, status: CertificateOrderStatus
    ) -> CertificateOrder:
        """Write how far it is, by its person or their adviser. Raises NotFound, CertificateOrderClosed, LoginEnded."""

        async def work(ledger: Ledger) -> CertificateOrder:
            now = self._parts.clock.now()
            presence = await require_presence(ledger, login_id, now)
            order = await ledger.certificate_orders.load(order_id)
            if order is None or not await is_in_charge(ledger, presence, order.user_id):
                raise NotFound("no such order of yours")
            moved = move(order, status, now)
            if moved != order:
                await ledger.certificate_orders.save(moved)
                await _note(ledger, moved, presence, now)
            return moved

        return await self._parts.book.transaction(work)

    async def mine(self, user_id: UserId) -> Sequence[CertificateOrder]:
        """Newest first."""
        return await self._parts.book.reading(lambda ledger: ledger.certificate_orders.of_users([user_id]))


async def _served(ledger: Ledger, presence: Presence, whom: ForWhom) -> UserId:
    user = await ledger.people.user_named(whom.client_identifier, whom.user_number)
    if user is None or not await is_in_charge(ledger, presence, user.id):
        raise OutsidePortfolio("no such person in your portfolio")
    return user.id


async def _note(ledger: Ledger, order: CertificateOrder, by: Presence, now: datetime) -> None:
    value = {"order": order.id, "user": order.user_id, "status": order.status.value}
    actor = f"user:{by.user.id}"
    await ledger.audit.append([AuditEntry(code="certificate_order", actor=actor, at=now, value=value)])
