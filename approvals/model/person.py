"""The company's subscription and its people."""

from dataclasses import dataclass
from enum import StrEnum

from approvals.model.ids import SubscriptionId, UserId


class UserStatus(StrEnum):
    """Where a person stands. `locked` is ours, after too many wrong proofs; a person unlocks it, never a clock."""

    INVITED = "invited"  # has not chosen a confidential code yet
    ACTIVE = "active"
    LOCKED = "locked"
    LEFT = "left"


class Language(StrEnum):
    """The languages every text exists in."""

    FR = "fr"
    EN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A company's contract: people name it by its client identifier, which is no secret."""

    id: SubscriptionId
    client_identifier: str
    name: str
    siren: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One person inside a subscription.

    `attempts_left` counts wrong proofs over all factors (5, RTS art. 4(3)(b)) from people who showed the confidential
    code or a known device; anybody else's failures are kept apart and never lock the person (RULES 9).
    """

    id: UserId
    subscription_id: SubscriptionId
    number: str
    name: str
    language: Language
    status: UserStatus
    code_hash: str
    attempts_left: int
    version: int = 0
