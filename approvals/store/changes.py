"""Changes of ours, each handed to the store of the noun it changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from approvals.credentials.throttle import door_key
from approvals.model.change import ActivationRenewed, BeneficiaryPut, BeneficiaryRemoved, Change, DoorOpened
from approvals.model.ids import UserId
from approvals.model.inbox import EventKind, News
from approvals.model.throttle import FailureBucket
from approvals.store.accounts import SqlAccounts
from approvals.store.activations import SqlActivations
from approvals.store.database import Connection
from approvals.store.failures import SqlFailureBuckets
from approvals.store.logins import SqlLogins
from approvals.store.people import SqlPeople


class SqlChanges:
    """Satisfies `ports.company.Changes`."""

    def __init__(self, connection: Connection) -> None:
        self._accounts = SqlAccounts(connection)
        self._activations = SqlActivations(connection)
        self._failures = SqlFailureBuckets(connection)
        self._logins = SqlLogins(connection)
        self._people = SqlPeople(connection)

    async def apply(self, change: Change, at: datetime) -> Sequence[News]:
        """Carry out a change of ours and return what people are to be told; the same change twice is one."""
        match change:
            case BeneficiaryPut():
                await self._accounts.put_beneficiary(change, at)
            case BeneficiaryRemoved():
                await self._accounts.remove_beneficiary(change)
            case ActivationRenewed(user_id=user_id):
                await self._renew(user_id, at)
                return [News(user_id=user_id, kind=EventKind.CODE_RENEWED)]
            case DoorOpened(user_id=user_id):
                await self._open_door(user_id, at)
            case _:
                assert_never(change)
        return ()

    async def _renew(self, user_id: UserId, at: datetime) -> None:
        await self._people.void_code(user_id)
        await self._logins.end_all(user_id, at)
        await self._activations.order(user_id, at)

    async def _open_door(self, user_id: UserId, at: datetime) -> None:
        user = await self._people.user(user_id)
        subscription = await self._people.subscription(user.subscription_id) if user else None
        if user is not None and subscription is not None:
            door = door_key(subscription.client_identifier, user.number)
            await self._failures.save(FailureBucket(key=door, level=0, at=at))
