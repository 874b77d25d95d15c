"""The accounts a company pays, as its people and the bank's core look through them; changing one is an action."""

from collections.abc import Sequence
from dataclasses import dataclass

from approvals.errors import NotFound
from approvals.model.account import Beneficiary
from approvals.model.ids import SubscriptionId
from approvals.model.page import Page
from approvals.ports.book import Book
from approvals.ports.company import BeneficiaryQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiariesRequest:
    """One walk, by name; `text` searches names and the beginnings of IBANs, `list` keeps those on one list."""

    subscription_id: SubscriptionId
    text: str | None = None
    list: str | None = None
    after: str | None = None
    limit: int = 50


class BeneficiaryDesk:
    """Shows and searches."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def browse(self, request: BeneficiariesRequest) -> Page[Beneficiary]:
        query = BeneficiaryQuery(subscription_id=request.subscription_id, text=request.text, list=request.list)
        return await self._book.reading(lambda ledger: ledger.beneficiaries.browse(query, request.after, request.limit))

    async def lists(self, subscription_id: SubscriptionId) -> Sequence[str]:
        """Return the names of the company's lists."""
        return await self._book.reading(lambda ledger: ledger.beneficiaries.lists(subscription_id))

    async def company(self, client_identifier: str) -> SubscriptionId:
        """Return whose beneficiaries the core asks for. Raises NotFound."""
        found = await self._book.reading(lambda ledger: ledger.people.subscription_named(client_identifier))
        if found is None:
            raise NotFound("no subscription has this client identifier")
        return found.id
