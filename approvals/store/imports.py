"""Companies brought in whole: kept as JSON until advisers approved them, then written table by table."""

from datetime import datetime
from typing import Final

import msgspec

from approvals.model.ids import ImportId
from approvals.model.imported import ImportedCompany
from approvals.store.accounts import SqlAccounts
from approvals.store.beneficiaries import SqlBeneficiaries
from approvals.store.cards import SqlCards
from approvals.store.columns import milliseconds, text
from approvals.store.database import Connection, fetch_one
from approvals.store.documents import write
from approvals.store.people import SqlPeople
from approvals.store.policies import SqlPolicies
from approvals.store.rights import SqlRights

CLIENT_TAKEN: Final = "client_identifier_taken"


class SqlImports:
    """Satisfies `ports.imports.Imports`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _KEEP: Final = "INSERT INTO company_imports (id, content, at) VALUES ($1, $2, $3)"

    async def keep(self, import_id: ImportId, company: ImportedCompany, at: datetime) -> None:
        """Keep it as it is until it is approved."""
        await self._connection.execute(self._KEEP, import_id, write(company), milliseconds(at))

    _TAKE: Final = "DELETE FROM company_imports WHERE id = $1 RETURNING content"

    async def bring_in(self, import_id: ImportId, at: datetime) -> str | None:
        """Write what was kept; return the stable code of why it cannot be written any more."""
        row = await fetch_one(self._connection, self._TAKE, import_id)
        if row is None:
            raise LookupError("an approved company is not in the book")
        company = msgspec.json.decode(text(row, "content"), type=ImportedCompany)
        taken = await SqlPeople(self._connection).subscription_named(company.subscription.client_identifier)
        if taken is not None:
            return CLIENT_TAKEN
        await self.write(company, at)
        return None

    async def write(self, company: ImportedCompany, at: datetime) -> None:
        """Write the company, all of it."""
        people, accounts, rights = (
            SqlPeople(self._connection),
            SqlAccounts(self._connection),
            SqlRights(self._connection),
        )
        subscription_id = company.subscription.id
        await people.add_subscription(company.subscription)
        for account in company.accounts:
            await accounts.add(account)
        for beneficiary in company.beneficiaries:
            await SqlBeneficiaries(self._connection).put(beneficiary, at)
        for user in company.users:
            await people.add_user(user)
        for card in company.cards:
            await SqlCards(self._connection).add(card)
        for entitlement in company.entitlements:
            await rights.put(subscription_id, entitlement)
        for each in company.policies:
            await SqlPolicies(self._connection).put(subscription_id, each.kind, each.account_id, each.policy)
