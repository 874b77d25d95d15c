"""How often somebody failed lately: a leaky bucket a caller, one for the whole house (RULES 9)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AtStake(StrEnum):
    """What further failures of a caller shut."""

    DOOR = "door"  # coming in from devices that are not known
    ACCESS = "access"  # the person's own card or access: told behind a first factor alone


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureBucket:
    """`level` failures at `at`; it leaks with time. `key` names an address (hashed) or the global budget."""

    key: str
    level: float
    at: datetime
