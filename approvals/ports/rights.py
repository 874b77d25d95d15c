"""Who may do what, as the desk reads and changes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from approvals.model.entitlement import Entitlement, Substitution
from approvals.model.ids import ActionId, ActionKind, SubscriptionId, SubstitutionId, UserId
from approvals.rights import CompanyRights


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What one day's sum is kept for: the holder of a ceiling, the kind of action, the account (IBAN) (RULES 18)."""

    user_id: UserId
    kind: ActionKind
    account: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The company's pending actions after `after` are to be looked through again at `due_at`, since rights change."""

    subscription_id: SubscriptionId
    due_at: datetime
    after: ActionId | None = None


class Rights(Protocol):
    """Entitlements, substitutions and ceilings."""

    async def of_subscription(self, subscription_id: SubscriptionId) -> CompanyRights:
        """What the company's active people may do."""
        ...

    async def of_user(self, user_id: UserId) -> Entitlement:
        """Whatever their status; of version 0 for somebody who never had one."""
        ...

    async def of_users(self, user_ids: Sequence[UserId]) -> Mapping[UserId, Entitlement]:
        """Whatever their status; of those who have one."""
        ...

    async def put(self, subscription_id: SubscriptionId, entitlement: Entitlement) -> bool:
        """Write it over the one of its version (0 for none); False when somebody changed that meanwhile."""
        ...

    async def substitutions(self, subscription_id: SubscriptionId) -> Sequence[Substitution]:
        """Past ones included, by first day."""
        ...

    async def add_substitution(self, each: Substitution) -> None: ...

    async def end_substitution(self, substitution_id: SubstitutionId) -> bool:
        """False when it was ended before."""
        ...

    async def use(self, use: Use, amount: int, limit: int) -> bool:
        """Add so much to the day's sum; False, and nothing moved, where that would pass the limit (RULES 18)."""
        ...

    async def used(self, use: Use) -> int: ...

    async def used_on(self, day: date, user_ids: Sequence[UserId]) -> Mapping[Use, int]:
        """What these people's ceilings were used for on one day."""
        ...

    async def plan_review(self, review: Review) -> None:
        """Two that fall on one moment are one, which begins where the earlier would."""
        ...

    async def due_reviews(self, now: datetime, limit: int) -> Sequence[Review]: ...

    async def finish_review(self, review: Review) -> None:
        """Raises StaleVersion when another node did it meanwhile."""
        ...
