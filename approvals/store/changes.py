"""Changes of ours, each handed to the store of the noun it changes."""

from datetime import datetime
from typing import Final, TypeAlias, assert_never

from approvals.credentials.person import invite, leave
from approvals.credentials.refusals import UserNumberTaken
from approvals.credentials.throttle import door_key
from approvals.model.change import (
    ActivationRenewed,
    AdviserAdded,
    AdviserAssigned,
    AdviserRemoved,
    Applied,
    AuthorityPut,
    AuthorityWithdrawn,
    BeneficiaryPut,
    BeneficiaryRemoved,
    CardOrdered,
    CardUnlocked,
    CertificateAdmitted,
    Change,
    CompanyImported,
    CompanySubscribed,
    DoorOpened,
    EntitlementPut,
    PersonUnlocked,
    SubstitutionEnded,
    SubstitutionNamed,
    UserInvited,
    UserLeft,
)
from approvals.model.entitlement import Substitution
from approvals.model.ids import UserId
from approvals.model.inbox import EventKind, News
from approvals.model.throttle import FailureBucket
from approvals.rights import clash
from approvals.store.activations import SqlActivations
from approvals.store.adviser_changes import SqlAdviserChanges
from approvals.store.beneficiaries import SqlBeneficiaries
from approvals.store.card_changes import SqlCardChanges
from approvals.store.certificate_changes import SqlCertificateChanges
from approvals.store.database import Connection
from approvals.store.failures import SqlFailureBuckets
from approvals.store.imports import SqlImports
from approvals.store.logins import SqlLogins
from approvals.store.people import SqlPeople
from approvals.store.rights import SqlRights

_Silent: TypeAlias = (
    BeneficiaryPut
    | BeneficiaryRemoved
    | DoorOpened
    | UserInvited
    | UserLeft
    | EntitlementPut
    | SubstitutionNamed
    | SubstitutionEnded
)

ENTITLEMENT_CROSSED: Final = "entitlement_crossed"
"""Another change of the same person's entitlement was decided between opening and deciding this one."""


class SqlChanges:
    """Satisfies `ports.company.Changes`."""

    def __init__(self, connection: Connection) -> None:
        self._beneficiaries = SqlBeneficiaries(connection)
        self._activations = SqlActivations(connection)
        self._cards = SqlCardChanges(connection)
        self._failures = SqlFailureBuckets(connection)
        self._imports = SqlImports(connection)
        self._logins = SqlLogins(connection)
        self._of_certificates = SqlCertificateChanges(connection)
        self._of_advisers = SqlAdviserChanges(connection)
        self._people = SqlPeople(connection)
        self._rights = SqlRights(connection)

    async def apply(self, change: Change, at: datetime) -> Applied:
        """Carry out a change of ours; the same change twice is one."""
        match change:
            case ActivationRenewed(user_id=user_id):
                return await self._renew(user_id, at)
            case CardOrdered():
                return await self._cards.order(change, at)
            case CardUnlocked():
                return await self._cards.unlock(change)
            case CompanyImported(import_id=import_id):
                return Applied(refusal=await self._imports.bring_in(import_id, at))
            case PersonUnlocked() | CompanySubscribed() | AdviserAssigned() | AdviserAdded() | AdviserRemoved():
                return Applied(refusal=await self._of_advisers.apply(change, at))
            case AuthorityPut() | AuthorityWithdrawn() | CertificateAdmitted():
                return Applied(refusal=await self._of_certificates.apply(change, at))
            case _:
                return Applied(refusal=await self._apply(change, at))

    async def _apply(self, change: _Silent, at: datetime) -> str | None:
        """Return the stable code of why it cannot be made any more; nobody is told of these."""
        match change:
            case BeneficiaryPut():
                await self._beneficiaries.put(change, at)
            case BeneficiaryRemoved():
                await self._beneficiaries.remove(change)
            case DoorOpened(user_id=user_id):
                await self._open_door(user_id, at)
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

    async def _renew(self, user_id: UserId, at: datetime) -> Applied:
        await self._people.void_code(user_id)
        await self._logins.end_all(user_id, at)
        await self._activations.order(user_id, at)
        return Applied(news=(News(user_id=user_id, kind=EventKind.CODE_RENEWED),))

    async def _open_door(self, user_id: UserId, at: datetime) -> None:
        user = await self._people.user(user_id)
        subscription = await self._people.subscription(user.subscription_id) if user else None
        if user is not None and subscription is not None:
            door = door_key(subscription.client_identifier, user.number)
            await self._failures.save(FailureBucket(key=door, level=0, at=at))

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
