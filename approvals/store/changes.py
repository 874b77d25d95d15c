"""Changes of ours, each handed to the store of the noun it changes."""

from datetime import datetime
from typing import assert_never

from approvals.model.change import BeneficiaryPut, BeneficiaryRemoved, Change
from approvals.store.beneficiaries import SqlBeneficiaries
from approvals.store.database import Connection


class SqlChanges:
    """Satisfies `ports.company.Changes`."""

    def __init__(self, connection: Connection) -> None:
        self._beneficiaries = SqlBeneficiaries(connection)

    async def apply(self, change: Change, at: datetime) -> None:
        """Carry out a change of ours; the same change twice is one."""
        match change:
            case BeneficiaryPut():
                await self._beneficiaries.put(change, at)
            case BeneficiaryRemoved():
                await self._beneficiaries.remove(change)
            case _:
                assert_never(change)
