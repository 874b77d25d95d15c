"""The bank's own people (*chargés d'affaires*): users of the house's subscription, who sign with an authenticator."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from approvals.model.ids import UserId
from approvals.model.person import User

HOUSE_CLIENT: Final = "house"
"""The client identifier of the house's own subscription; a company's has digits."""


class Role(StrEnum):
    """What an adviser is trusted with; what each role may do is `credentials.adviser`'s."""

    ADVISER = "adviser"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adviser:
    """What the bank keeps of an adviser beside the user they are.

    The password stands here and not with the user, so that it opens no door but the advisers'. `seed_version` names the
    sealed seed of their authenticator, 0 before the first; `enrolling_version` the one they were shown and have not
    confirmed, 0 where there is none. `last_step` is the highest time step used up (RFC 6238 section 5.2: a code is
    taken once).
    """

    user_id: UserId
    role: Role
    password_hash: str | None = field(default=None, repr=False)
    seed_version: int = 0
    enrolling_version: int = 0
    last_step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """An adviser with the user they are."""

    user: User
    adviser: Adviser
