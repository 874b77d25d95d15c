"""What a sensitive action has to say for itself; each kind says it in one file beside this one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from approvals.model.change import Change
from approvals.model.ids import ActionKind, SubscriptionId, UserId
from approvals.model.json import Facts, Json
from approvals.model.money import Money
from approvals.model.reader import LinkPurpose
from approvals.statement import Field, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a linked code binds; None in its place means the reader's CODE key, which binds nothing (RULES 11)."""

    purpose: LinkPurpose
    payee_iban: str | None = None
    amount: int | None = None
    currency: str | None = None


class Destination(Enum):
    """Where an action goes once it is approved."""

    CORE = auto()  # released to the bank's core, which carries it out
    HOUSE = auto()  # a change of ours and nothing else: released by the transaction that decides


class Operation(Protocol):
    """One kind of sensitive action. Pure: facts in, text, link and changes out."""

    @property
    def kind(self) -> ActionKind: ...
    @property
    def title(self) -> Words: ...
    @property
    def fields(self) -> Sequence[Field]:
        """What a person is shown, in the order it is shown; every screen, text and API renders from it."""
        ...

    @property
    def destination(self) -> Destination: ...

    def read(self, payload: Mapping[str, Json]) -> Facts:
        """Check an opener's payload and return the facts it states. Raises InvalidRequest naming the field."""
        ...

    def account_iban(self, facts: Facts) -> str | None:
        """Return the company's own account concerned, whose policy and signing powers apply."""
        ...

    def barred(self, facts: Facts) -> frozenset[UserId]:
        """Return the people whose own rights are at stake: they neither start it nor sign it."""
        ...

    def money(self, facts: Facts) -> Money | None:
        """Return what of the account moves: amount bands and ceilings are held against it."""
        ...

    def link(self, facts: Facts) -> Link | None: ...

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        """Return the changes of ours, applied in the deciding transaction."""
        ...


class CoreOperation:
    """What actions of the bank's core have in common where they say nothing else."""

    destination = Destination.CORE

    def barred(self, facts: Facts) -> frozenset[UserId]:
        del facts
        return frozenset()

    def money(self, facts: Facts) -> Money | None:
        del facts
        return None


class HouseOperation:
    """What changes of ours alone have in common: no account, no money, and the CODE key (RULES 11)."""

    destination = Destination.HOUSE

    def barred(self, facts: Facts) -> frozenset[UserId]:
        del facts
        return frozenset()

    def account_iban(self, facts: Facts) -> str | None:
        del facts
        return None

    def money(self, facts: Facts) -> Money | None:
        del facts
        return None

    def link(self, facts: Facts) -> Link | None:
        del facts
        return None
