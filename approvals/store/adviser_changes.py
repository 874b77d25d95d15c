"""What acts of advisers change: companies taken in, people invited and unlocked, the bank's own people."""

from datetime import datetime
from typing import Final, TypeAlias, assert_never

from approvals.credentials.adviser_refusals import AdviserNumberTaken
from approvals.credentials.counters import PERSON_ATTEMPTS
from approvals.model.change import (
    AdviserAdded,
    AdviserAssigned,
    AdviserRemoved,
    CompanySubscribed,
    PersonUnlocked,
)
from approvals.model.ids import UserId
from approvals.model.person import UserStatus
from approvals.store.advisers import SqlAdvisers
from approvals.store.database import Connection
from approvals.store.imports import CLIENT_TAKEN
from approvals.store.logins import SqlLogins
from approvals.store.people import SqlPeople

AdviserChange: TypeAlias = PersonUnlocked | CompanySubscribed | AdviserAssigned | AdviserAdded | AdviserRemoved


class SqlAdviserChanges:
    """One case a change; each returns the stable code of why it cannot be made any more, nothing of it then written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._advisers = SqlAdvisers(connection)
        self._logins = SqlLogins(connection)
        self._people = SqlPeople(connection)

    async def apply(self, change: AdviserChange, at: datetime) -> str | None:
        match change:
            case PersonUnlocked(user_id=user_id):
                await self._connection.execute(
                    self._UNLOCK, user_id, UserStatus.LOCKED, UserStatus.ACTIVE, PERSON_ATTEMPTS
                )
            case CompanySubscribed():
                return await self._subscribe(change)
            case AdviserAssigned(company_id=company_id, adviser_id=adviser_id):
                await self._connection.execute(self._ASSIGN, company_id, adviser_id)
            case AdviserAdded():
                return await self._add(change)
            case AdviserRemoved(adviser_id=adviser_id, successor_id=successor_id):
                await self._remove(adviser_id, successor_id, at)
            case _:
                assert_never(change)
        return None

    _UNLOCK: Final = """
        UPDATE users SET status = $3, attempts_left = $4, version = version + 1 WHERE id = $1 AND status = $2
    """

    async def _subscribe(self, change: CompanySubscribed) -> str | None:
        if await self._people.subscription_named(change.company.client_identifier) is not None:
            return CLIENT_TAKEN
        await self._people.add_subscription(change.company)
        return None

    _ASSIGN: Final = "UPDATE subscriptions SET adviser_id = $2 WHERE id = $1"

    async def _add(self, change: AdviserAdded) -> str | None:
        taken = {colleague.user.number for colleague in await self._advisers.all()}
        if change.colleague.user.number in taken:
            return AdviserNumberTaken.code
        await self._advisers.enter(change.colleague)
        return None

    _LEAVE: Final = "UPDATE users SET status = $2, version = version + 1 WHERE id = $1"
    _HAND_OVER: Final = "UPDATE subscriptions SET adviser_id = $2 WHERE adviser_id = $1"
    _VOID_LETTER: Final = "DELETE FROM activations WHERE user_id = $1"

    async def _remove(self, adviser_id: UserId, successor_id: UserId, at: datetime) -> None:
        await self._connection.execute(self._LEAVE, adviser_id, UserStatus.LEFT)
        await self._connection.execute(self._HAND_OVER, adviser_id, successor_id)
        await self._connection.execute(self._VOID_LETTER, adviser_id)
        await self._logins.end_all(adviser_id, at)
