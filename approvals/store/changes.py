"""Changes of ours, each handed to the store of the noun it changes."""

from datetime import datetime
from typing import assert_never

from approvals.model.change import BeneficiaryPut, BeneficiaryRemoved, CardOrdered, CardUnlocked, Change
from approvals.store.accounts import SqlAccounts
from approvals.store.card_changes import SqlCardChanges
from approvals.store.database import Connection


class SqlChanges:
    """Satisfies `ports.company.Changes`."""

    def __init__(self, connection: Connection) -> None:
        self._accounts = SqlAccounts(connection)
        self._cards = SqlCardChanges(connection)

    async def apply(self, change: Change, at: datetime) -> str | None:
        """Carry out a change of ours; the same change twice is one.

        Returns the stable code of why it cannot be made any more; nothing of it is then written.
        """
        match change:
            case BeneficiaryPut():
                await self._accounts.put_beneficiary(change, at)
            case BeneficiaryRemoved():
                await self._accounts.remove_beneficiary(change)
            case CardOrdered():
                return await self._cards.order(change, at)
            case CardUnlocked():
                return await self._cards.unlock(change, at)
            case _:
                assert_never(change)
        return None
