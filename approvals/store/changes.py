"""Changes of ours, each handed to the store of the noun it changes."""

from datetime import datetime
from typing import assert_never

from approvals.model.change import BeneficiaryPut, BeneficiaryRemoved, Change
from approvals.store.accounts import SqlAccounts
from approvals.store.database import Connection


class SqlChanges:
    """Satisfies `ports.company.Changes`."""

    def __init__(self, connection: Connection) -> None:
        self._accounts = SqlAccounts(connection)

    async def apply(self, change: Change, at: datetime) -> None:
        """Carry out a change of ours; the same change twice is one."""
        match change:
            case BeneficiaryPut():
                await self._accounts.put_beneficiary(change, at)
            case BeneficiaryRemoved():
                await self._accounts.remove_beneficiary(change)
            case _:
                assert_never(change)
