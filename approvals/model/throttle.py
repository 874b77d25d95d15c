"""How often somebody failed lately: a leaky bucket a caller, one for the whole house (RULES 9)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureBucket:
    """`level` failures at `at`; it leaks with time. `key` names an address (hashed) or the global budget."""

    key: str
    level: float
    at: datetime
