"""Who holds which certificate, and which authorities the bank accepts: reading alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from approvals.credentials.adviser import require_in_portfolio
from approvals.desk.certificates.parts import CertificateParts
from approvals.model.adviser import Adviser
from approvals.model.certificate import Authority, Certificate
from approvals.model.certificate_order import CertificateOrder
from approvals.model.ids import AuthorityId, UserId
from approvals.model.person import User
from approvals.ports.book import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Certificates with their authorities' names, and orders; whether a browser may keep a key in this house."""

    people: Mapping[UserId, User]
    certificates: Sequence[Certificate]
    orders: Sequence[CertificateOrder]
    authorities: Mapping[AuthorityId, str]
    keys_in_browsers: bool


class ShowDesk:
    """Shows."""

    def __init__(self, parts: CertificateParts) -> None:
        self._parts = parts

    async def mine(self, user: User) -> Held:
        """What one person holds."""
        return await self._parts.book.reading(lambda ledger: self._held(ledger, [user]))

    async def of_company(self, adviser: Adviser, client_identifier: str) -> Held:
        """What a company's people hold. Raises OutsidePortfolio."""

        async def work(ledger: Ledger) -> Held:
            company = require_in_portfolio(adviser, await ledger.people.subscription_named(client_identifier))
            return await self._held(ledger, await ledger.people.of_subscription(company.id))

        return await self._parts.book.reading(work)

    async def authorities(self) -> Sequence[Authority]:
        """Those withdrawn too, by name."""
        return await self._parts.book.reading(lambda ledger: ledger.authorities.all())

    async def _held(self, ledger: Ledger, people: Sequence[User]) -> Held:
        ids = [user.id for user in people]
        return Held(
            people={user.id: user for user in people},
            certificates=await ledger.certificates.of_users(ids),
            orders=await ledger.certificate_orders.of_users(ids),
            authorities={each.id: each.name for each in await ledger.authorities.all()},
            keys_in_browsers=self._parts.terms.keys_in_browsers,
        )
