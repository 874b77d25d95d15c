"""Acts of the bank's advisers: what gives somebody access is asked for by one and approved by another.

Each is an operation of the house's own subscription. What it names (`looks_up`) is found at opening, inside the
opening's transaction and the adviser's portfolio, and added to the facts: approved is what was found, not a name.
"""

from enum import Enum, auto
from typing import Final, Protocol

from approvals.credentials.adviser import Right
from approvals.model.policy import Means, Policy, Signatures
from approvals.operations.operation import HouseOperation, Operation

SIGNING_GROUP: Final = "adviser"

ANOTHER_ADVISER: Final = Policy(clauses=(Signatures(count=1),), means=frozenset({Means.TOTP}))
"""Whoever asks does not approve."""
TWO_ADVISERS: Final = Policy(clauses=(Signatures(count=2),), means=frozenset({Means.TOTP}), initiator_may_sign=True)
"""Two who are there already; one of them may be who asks, so that the first two can take in a third (RULES 26)."""


class Lookup(Enum):
    """One thing an act names, and the facts it adds once found."""

    COMPANY = auto()  # `client` in the portfolio: `company` (id), `company_name`
    FREE_CLIENT = auto()  # `client` that no company has: `company`, and the asking adviser as `adviser`, `adviser_id`
    PERSON = auto()  # `user` of that company who has not left: `person` (id), `person_name`
    FREE_NUMBER = auto()  # `user` that nobody of that company has: `person`
    ADVISER = auto()  # `adviser`, a number: `adviser_id`, `adviser_name`
    FREE_ADVISER = auto()  # `adviser` that nobody has: `adviser_id`
    SUCCESSOR = auto()  # `successor`, another adviser's number: `successor_id`, `successor_name`


class Act(Operation, Protocol):
    """What every act says for itself beside what an operation says."""

    @property
    def right(self) -> Right:
        """Return what the role of whoever asks must allow."""
        ...

    @property
    def policy(self) -> Policy: ...
    @property
    def serves_house(self) -> bool:
        """It may concern an adviser too, named by the house's client identifier."""
        ...

    @property
    def looks_up(self) -> tuple[Lookup, ...]:
        """What is found at opening, in this order."""
        ...


class AdviserAct(HouseOperation):
    """What most acts have in common; each kind says what differs."""

    right = Right.SERVE
    policy = ANOTHER_ADVISER
    serves_house = False
    looks_up: tuple[Lookup, ...] = (Lookup.COMPANY, Lookup.PERSON)
