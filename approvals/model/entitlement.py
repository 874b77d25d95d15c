"""What one person may do for their company (*habilitations*), and who stands in for whom."""

from dataclasses import dataclass
from datetime import date

from approvals.model.ids import ActionKind, SubscriptionId, SubstitutionId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """How much of one account (IBAN) a signature of this person covers, for one kind of action.

    In minor units of `currency`; None is no limit.
    """

    kind: ActionKind
    account: str
    currency: str
    per_remittance: int | None = None
    per_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """The functions a person may start and sign, on which accounts (IBAN; None is all), with which signing power.

    `group` is the signing power ("A", "B"); without one the person signs nothing. `valid_from` and `valid_until` are
    days in Paris, both included. `version` is how often it was changed; 0 for somebody who never had one.
    """

    user_id: UserId
    initiates: frozenset[ActionKind] = frozenset()
    signs: frozenset[ActionKind] = frozenset()
    group: str | None = None
    accounts: frozenset[str] | None = None
    ceilings: tuple[Ceiling, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """`substitute_id` signs in the place of `absent_id` from one day in Paris to another, both included."""

    id: SubstitutionId
    subscription_id: SubscriptionId
    absent_id: UserId
    substitute_id: UserId
    first_day: date
    last_day: date
