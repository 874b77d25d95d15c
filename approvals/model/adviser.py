"""The bank's own people (*chargés d'affaires*): users of the house's subscription, who sign with an authenticator."""

from dataclasses import dataclass
from enum import StrEnum

from approvals.model.ids import UserId


class Role(StrEnum):
    """What an adviser is trusted with; what each role may do is `credentials.adviser`'s."""

    ADVISER = "adviser"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adviser:
    """What the bank keeps of an adviser beside the user they are.

    `seed_version` names the sealed seed of their authenticator, 0 before the first; `last_step` is the highest time
    step of it that was used up (RFC 6238 section 5.2: a code is taken once).
    """

    user_id: UserId
    role: Role
    seed_version: int = 0
    last_step: int = 0
