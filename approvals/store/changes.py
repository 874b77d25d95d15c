"""Changes of ours, each handed to the store of the noun it changes."""

from datetime import datetime
from typing import Final, assert_never

from approvals.credentials.person import invite, leave
from approvals.credentials.refusals import UserNumberTaken
from approvals.model.change import (
    BeneficiaryPut,
    BeneficiaryRemoved,
    Change,
    EntitlementPut,
    SubstitutionEnded,
    SubstitutionNamed,
    UserInvited,
    UserLeft,
)
from approvals.model.entitlement import Substitution
from approvals.model.ids import UserId
from approvals.rights import clash
from approvals.store.accounts import SqlAccounts
from approvals.store.database import Connection
from approvals.store.logins import SqlLogins
from approvals.store.people import SqlPeople
from approvals.store.rights import SqlRights

ENTITLEMENT_CROSSED: Final = "entitlement_crossed"
"""Another change of the same person's entitlement was decided between opening and deciding this one."""


class SqlChanges:
    """Satisfies `ports.company.Changes`."""

    def __init__(self, connection: Connection) -> None:
        self._accounts = SqlAccounts(connection)
        self._logins = SqlLogins(connection)
        self._people = SqlPeople(connection)
        self._rights = SqlRights(connection)

    async def apply(self, change: Change, at: datetime) -> str | None:
        """Carry out a change of ours; the same change twice is one.

        Returns the stable code of why it cannot be made any more; nothing of it is then written.
        """
        match change:
            case BeneficiaryPut():
                await self._accounts.put_beneficiary(change, at)
            case BeneficiaryRemoved():
                await self._accounts.remove_beneficiary(change)
            case UserInvited():
                return None if await self._people.invite_user(invite(change)) else UserNumberTaken.code
            case UserLeft():
                await self._leave(change.user_id, at)
            case EntitlementPut():
                is_written = await self._rights.put(change.subscription_id, change.entitlement)
                return None if is_written else ENTITLEMENT_CROSSED
            case SubstitutionNamed():
                return await self._name(change.substitution)
            case SubstitutionEnded():
                await self._rights.end_substitution(change.substitution_id)
            case _:
                assert_never(change)
        return None

    async def _leave(self, user_id: UserId, at: datetime) -> None:
        user = await self._people.user(user_id)
        if user is not None:
            await self._people.save_user(leave(user))
            await self._logins.end_all(user_id, at)

    async def _name(self, substitution: Substitution) -> str | None:
        refused = clash(substitution, await self._rights.substitutions(substitution.subscription_id))
        if refused is None:
            await self._rights.add_substitution(substitution)
        return None if refused is None else refused.code
